"""``python -m tests.conformance.page`` writes ``docs/conformance.md`` from the table."""

from collections.abc import Iterator

from tests.conformance.matrix import ROOT, Row, on_a_service, rows

PAGE = ROOT / "docs" / "conformance.md"
_LONGEST = 160


def page() -> str:
    """The whole page."""
    listed = rows()
    tested = sum(bool(each.tests) for each in listed)
    return "\n".join((*_head(len(listed), tested), *map(_line, listed), ""))


def _head(all_: int, tested: int) -> Iterator[str]:
    yield "# Conformance: which test keeps which requirement"
    yield ""
    yield "Made from `tests/conformance/requirements.csv` (`python -m tests.conformance.page`), never edited by hand:"
    yield "every SHALL and SHOULD of CDS Hooks 2.0 and its hook library that binds a service, with the test that would"
    yield "fail if it were broken, or the reason why there is none. `cds-service conform URL` asks it of a running"
    yield "service."
    yield ""
    yield f"{all_} requirements: {tested} tested, {all_ - tested} with a reason."
    yield ""
    yield "| requirement | | says | test, or why none |"
    yield "|---|---|---|---|"


def _line(row: Row) -> str:
    behind = on_a_service()[row.id]
    shown = "<br>".join(f"`{each}`" for each in row.tests) or row.reason
    return f"| [{row.id}]({behind.url}) | {row.verb} | {_short(behind.text)} | {shown} |"


def _short(text: str) -> str:
    plain = text.replace("|", "\\|").replace("<", "&lt;")
    return plain if len(plain) <= _LONGEST else plain[:_LONGEST].rsplit(" ", 1)[0] + " ..."


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
