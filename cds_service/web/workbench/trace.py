"""The trace of an answer as tables: why this card, and why none. It is our extension; other services send none."""

from collections.abc import Iterator
from typing import Any

from cds_service.codes.systems import EXTENSION

ANSWERS = ("FINDING", "CLEAR", "NOT EVALUATED")
_DRUGS = ("anakinra", "tocilizumab")
_TABLES = {
    "counts": ("Neutrophil counts", ("date", "value", "unit", "comparator", "how", "sources")),
    "unreadable": ("Results that could not be read", ("analyte", "date", "asSent", "unusable", "source")),
    "pending": ("Results not final yet", ("analyte", "date", "asSent", "unusable", "source")),
    "episodes": ("Episodes of neutropenia", ("began", "nadir", "recovered")),
    "labs": ("Other results, the latest of each", ("analyte", "date", "value", "comparator", "asSent", "source")),
    "conditions": ("Conditions", ("kinds", "source")),
}
_INTERVAL = ("start", "end", "ended", "approximate", "sources", "recognisedBy")
_PREFETCH = ("key", "state", "extent", "milliseconds", "reason")
_ABOUT = ("rulesVersion", "profile", "contentHash", "milliseconds")

Table = dict[str, Any]
"""``title``, ``columns`` and ``rows`` of texts, without the columns that are empty throughout."""


def shown_trace(response: Any) -> dict[str, Any] | None:
    """Tables and single facts by name; None where the answer has no trace."""
    trace = _dict(_dict(_dict(response).get("extension")).get(EXTENSION))
    if not trace:
        return None
    facts = _dict(trace.get("facts"))
    rules = [_row(each, ("rule", "about", "answer", "reason")) for each in _dicts(trace.get("rules"))]
    keys = [{"key": key, **_dict(state)} for key, state in _dict(trace.get("prefetch")).items()]
    return {
        "rules": rules,
        "counted": {answer: sum(row[2] == answer for row in rules) for answer in ANSWERS},
        "prefetch": _table("Prefetch as the service saw it", _PREFETCH, keys),
        "single": [(_spaced(name), value) for name, value in _single(facts)],
        "tables": list(_tables(facts)),
        "notes": [_words(each) for each in _list(trace.get("notes"))],
        "about": [(_spaced(name), _words(trace[name])) for name in _ABOUT if name in trace],
    }


def _single(facts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The facts that are one value."""
    for name in ("trend", "history", "fever", "feverSources"):
        if name in facts:
            yield name, _words(facts[name])
    for drug in _DRUGS:
        if told := _dict(facts.get(drug)):
            yield drug, ", ".join(filter(None, (_words(told.get("use")), _words(told.get("cause")))))
    if active := _dict(facts.get("active")):
        yield "active drugs", ", ".join(f"{drug} ({_words(sources)})" for drug, sources in active.items())
    if foreign := facts.get("foreign"):
        yield "another patient's, left out", _words(foreign)


def _tables(facts: dict[str, Any]) -> Iterator[Table]:
    for drug in _DRUGS:
        yield _table(f"{drug} over time", _INTERVAL, _dicts(_dict(facts.get(drug)).get("intervals")))
    for name, (title, columns) in _TABLES.items():
        yield _table(title, columns, _dicts(facts.get(name)))


def _table(title: str, columns: tuple[str, ...], holders: list[dict[str, Any]]) -> Table:
    told = [name for name in columns if any(_words(each.get(name)) for each in holders)]
    return {
        "title": title,
        "columns": [_spaced(name) for name in told],
        "rows": [_row(each, tuple(told)) for each in holders],
    }


def _row(holder: dict[str, Any], columns: tuple[str, ...]) -> list[str]:
    return [_words(holder.get(name)) for name in columns]


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(_words, value)) if isinstance(value, list) else str(value)


def _spaced(name: str) -> str:
    """ "asSent" as "as sent"."""
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name)


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [each for each in _list(value) if isinstance(each, dict)]


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
