"""Known vulnerabilities fail the audit; a service that does not answer is said to, and is never taken for "none"."""

import sys
from pathlib import Path

import pytest

from supply.audit import Told, audit, report, told

NAMES = ("urllib3", "idna")
# As pip-audit 2.10 answers.
FOUND = (
    '{"dependencies": [{"name": "urllib3", "version": "2.2.0", "vulns": [{"id": "CVE-2024-37891", "fix_versions": '
    '["2.2.2"], "aliases": ["GHSA-34jh-p97f-mpxf"]}]}, {"name": "idna", "version": "3.20", "vulns": []}], "fixes": []}'
)
CLEAN = (
    '{"dependencies": [{"name": "urllib3", "version": "2.8.0", "vulns": []}, '
    '{"name": "idna", "version": "3.20", "vulns": []}], "fixes": []}'
)
SKIPPED = "Dependency not found on PyPI and could not be audited: urllib3 (2.8.0)"
HALF = f'{{"dependencies": [{{"name": "urllib3", "skip_reason": "{SKIPPED}"}}, {{"name": "idna", "vulns": []}}]}}'
UNREACHABLE = "Traceback (most recent call last):\n  ...\nrequests.exceptions.ConnectionError: no such host\n"
FLAW = "urllib3 2.2.0: CVE-2024-37891 (mended in 2.2.2)"


@pytest.mark.parametrize(
    ("output", "errors", "known", "unanswered"),
    [
        (FOUND, "Found 1 known vulnerability in 1 package", (FLAW,), {}),
        (CLEAN, "No known vulnerabilities found", (), {}),
        # pip-audit says here, too, that none is known.
        (HALF, "No known vulnerabilities found", (), {"urllib3": SKIPPED}),
        ('{"dependencies": []}', "", (), dict.fromkeys(NAMES, "not in the answer")),
        ("", UNREACHABLE, (), dict.fromkeys(NAMES, "requests.exceptions.ConnectionError: no such host")),
        ("", "", (), dict.fromkeys(NAMES, "pip-audit said nothing")),
    ],
    ids=["found", "clean", "half", "empty", "unreachable", "mute"],
)
def test_what_pip_audit_tells(output: str, errors: str, known: tuple[str, ...], unanswered: dict[str, str]) -> None:
    assert told(NAMES, output, errors) == (known, unanswered)


def test_a_flaw_without_a_mended_version_says_so() -> None:
    assert told(("urllib3",), FOUND.replace('["2.2.2"]', "[]"), "").known == (FLAW.replace("2.2.2", "no version yet"),)


def test_what_is_printed() -> None:
    assert report(Told((), {}), 2) == "No known vulnerabilities in 2 packages."
    assert report(Told((FLAW,), {}), 2) == f"VULNERABLE: {FLAW}"
    assert report(Told((FLAW,), {"idna": "x" * 200}), 2).splitlines() == [
        f"VULNERABLE: {FLAW}",
        f"NOT CHECKED for known vulnerabilities: 1 of 2 packages ({'x' * 120}...)",
    ]


@pytest.fixture
def pinned(tmp_path: Path) -> Path:
    path = tmp_path / "some.txt"
    only_elsewhere = f"urllib3==2.2.0 ; sys_platform == 'amiga' --hash=sha256:{'a' * 64}"
    path.write_text(f"{only_elsewhere}\nidna==3.20 --hash=sha256:{'b' * 64}\n", "utf-8")
    return path


def stand_in(folder: Path, body: str) -> Path:
    """A pip-audit that answers with its service's line of ``body``, and notes how it was called."""
    path = folder / "pip-audit"
    path.write_text(
        f"#!{sys.executable}\nimport sys\nservice, file = sys.argv[2], sys.argv[-1]\n"
        f"print(service, open(file).read(), file=open({str(folder / 'asked')!r}, 'a'))\nprint({body})\n",
        "utf-8",
    )
    path.chmod(0o755)
    return path


def test_every_pin_is_asked_about_those_of_other_platforms_too(tmp_path: Path, pinned: Path) -> None:
    assert audit([pinned], stand_in(tmp_path, repr(FOUND))) == ((FLAW,), {})
    asked = (tmp_path / "asked").read_text("utf-8")
    assert asked.startswith("pypi urllib3==2.2.0 --hash=")
    assert "\nidna==3.20 --hash=" in asked
    assert "osv" not in asked


def test_a_second_service_is_asked_about_what_the_first_did_not_know(tmp_path: Path, pinned: Path) -> None:
    half = {"pypi": HALF, "osv": FOUND}
    assert audit([pinned], stand_in(tmp_path, f"{half!r}[service]")) == ((FLAW,), {})
    assert "osv urllib3==2.2.0" in (tmp_path / "asked").read_text("utf-8")


def test_where_no_service_answers_nothing_is_called_clean(tmp_path: Path, pinned: Path) -> None:
    found = audit([pinned], stand_in(tmp_path, "''"))
    assert found.known == ()
    assert set(found.unanswered) == set(NAMES)
