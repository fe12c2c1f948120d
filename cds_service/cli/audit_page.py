"""What the audit found, as a page to read and as JSON."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from cds_service.audit.find import Card, Found
from cds_service.switches.discretion import SILENT, WHY

_OUTCOMES = {
    "cards": "cards were shown",
    "none": "no card: every rule that applies was clear",
    "not-assessed": "could not be assessed, and a card said so",
    "withheld": "cards were found, and none was shown",
    "refused": "refused",
    "episodes": "episodes of neutropenia were judged, as inputs for a reviewer",
    "no-episodes": "no episode of neutropenia was found",
}
_SILENT = ", silent mode: evaluated, nothing shown"


def text(found: Sequence[Found]) -> str:
    """A block a call, the latest first."""
    return "\n".join("\n".join(_lines(each)) + "\n" for each in found)


def as_json(found: Sequence[Found]) -> str:
    """An array, an object a call."""
    return json.dumps([_members(each) for each in found], indent=2, default=_iso) + "\n"


def _members(found: Found) -> dict[str, Any]:
    cards = [{**card._asdict(), "reports": [each._asdict() for each in card.reports]} for card in found.cards]
    return {**found.row, "cards": cards}


def _iso(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _lines(found: Found) -> Iterator[str]:
    row = found.row
    yield f"{row['at']:%Y-%m-%d %H:%M:%S} UTC  {_service(row)}, client {row['client']}"
    yield f"  {_outcome(row)} (HTTP {row['status']}, {row['milliseconds']} ms){_SILENT if _is_silent(row) else ''}"
    for problem in row["problems"]:
        yield f"    {problem}"
    for card in found.cards:
        yield from _card_lines(card)
    yield from _block("rules", (_rule(each) for each in row["rules"]))
    yield from _block("data", (_data(key, state) for key, state in row["data"].items()))
    yield from _block("rests on", (f"{name}  {day or 'no date'}" for name, day in row["inputs"]))
    yield f"  rules {row['rules_version']}, content {row['content_hash'][:12]}, profile {row['profile']}"
    yield f"  id {row['correlation_id']}, key {row['key_id']}"


def _service(row: dict[str, Any]) -> str:
    return f"{row['service_id']} ({row['hook']})" if row["hook"] else str(row["service_id"])


def _outcome(row: dict[str, Any]) -> str:
    said = _OUTCOMES[row["outcome"]]
    return said.replace("were shown", "were found") if _is_silent(row) else said


def _is_silent(row: dict[str, Any]) -> bool:
    return bool(row["mode"] == SILENT)


def _card_lines(card: Card) -> Iterator[str]:
    unseen = "" if card.shown else f", not shown: {WHY.get(card.withheld, card.withheld)}"
    yield f"  card {card.code} ({card.indicator}, row {card.row}){unseen}  {card.uuid}"
    if card.shown and not card.reports:
        yield "    no report came back"
    for report in card.reports:
        reason = f", reason {report.reason}" if report.reason else ""
        yield f"    {report.outcome} {report.at:%Y-%m-%d %H:%M:%S} UTC{reason}"


def _block(title: str, lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield f"  {title if not number else '':10}{line}"


def _rule(rule: dict[str, str]) -> str:
    about = f" ({rule['about']})" if "about" in rule else ""
    why = f": {rule['why']}" if "why" in rule else ""
    return f"{rule['rule']:5}{rule['answer']}{about}{why}"


def _data(key: str, state: dict[str, Any]) -> str:
    why = f": {state['why']}" if "why" in state else ""
    spent = f", {state['milliseconds']} ms" if "milliseconds" in state else ""
    return f"{key:13}{state['state']}, {state['extent']}{spent}{why}"
