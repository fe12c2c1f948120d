"""A summary of feedback as text, JSON or CSV."""

import csv
import io
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from cds_service.switches.discretion import WHY

if TYPE_CHECKING:
    from cds_service.feedback.entry import Reason
    from cds_service.feedback.summary import Advice, Scope, Summary

_NOT_OFFERED = "(a suggestion that the card did not offer)"
_NO_REASON = "(no reason given)"
_IGNORED = "Clients never report that a card was ignored: of a card without a report nothing is known."
_NUMBERS = ("shown", "accepted", "overridden", "unreported")
_HEADS = ("advice", "shown", "accepted", "overridden", "no report", "not shown")


def as_text(summary: "Summary", _: "Scope") -> str:
    """A table of the advice codes, with the accepted suggestions and the override reasons under each."""
    width = max([len(_HEADS[0]), *(len(each.code) for each in summary.advice)])
    lines = [_line(width, *_HEADS)] if summary.advice else []
    for each in summary.advice:
        numbers = (*(getattr(each, number) for number in _NUMBERS), sum(each.withheld.values()))
        lines.append(_line(width, each.code, *map(str, numbers)))
        lines += [f"    {count} accepted: {label}" for label, count in _labels(each)]
        lines += [f"    {count} overridden: {_words(reason)}" for reason, count in each.reasons.items()]
        lines += [f"    {count} not shown: {WHY.get(why, why)}" for why, count in each.withheld.items()]
    return "\n".join([*lines, *([""] if lines else []), *_notes(summary)]) + "\n"


def as_json(summary: "Summary", scope: "Scope") -> str:
    """One object; ``service`` and ``since`` only where the summary is so limited."""
    limits = {"service": scope.service_id} if scope.service_id else {}
    limits |= {"since": scope.since.isoformat()} if scope.since else {}
    body: dict[str, Any] = limits | {
        "advice": [_object(each) for each in summary.advice],
        "unknownCards": summary.unknown,
        "lostCalls": summary.lost.calls,
        "lostCards": summary.lost.cards,
        "note": _IGNORED,
    }
    return msgspec.json.format(msgspec.json.encode(body), indent=2).decode() + "\n"


def as_csv(summary: "Summary", _: "Scope") -> str:
    """One number a line: advice, what is counted, of which suggestion or reason, how many cards."""
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\n")
    lines.writerow(("advice", "measure", "item", "count"))
    for each in summary.advice:
        lines.writerows((each.code, number, "", getattr(each, number)) for number in _NUMBERS)
        lines.writerows((each.code, "suggestion", label, count) for label, count in _labels(each))
        lines.writerows((each.code, "reason", _words(reason), count) for reason, count in each.reasons.items())
        lines.writerows((each.code, "withheld", why, count) for why, count in each.withheld.items())
    lost = (("", "lostCalls", "", summary.lost.calls), ("", "lostCards", "", summary.lost.cards))
    lines.writerows((("", "unknown", "", summary.unknown), *lost))
    return written.getvalue()


FORMATS: "dict[str, Callable[[Summary, Scope], str]]" = {"text": as_text, "json": as_json, "csv": as_csv}


def _line(width: int, advice: str, *numbers: str) -> str:
    return "  ".join((advice.ljust(width), *(number.rjust(10) for number in numbers)))


def _labels(advice: "Advice") -> Iterator[tuple[str, int]]:
    return ((label or _NOT_OFFERED, count) for label, count in advice.suggestions.items())


def _words(reason: "Reason | None") -> str:
    """As FHIR writes a token. A system begins with a letter, so no spreadsheet takes this for a formula."""
    return f"{reason.system}|{reason.code}" if reason else _NO_REASON


def _object(advice: "Advice") -> dict[str, Any]:
    return (
        {"code": advice.code}
        | {number: getattr(advice, number) for number in _NUMBERS}
        | {
            "suggestions": [{"label": label, "count": count} for label, count in _labels(advice)],
            "reasons": [
                ({"code": reason.code, "system": reason.system} if reason else {}) | {"count": count}
                for reason, count in advice.reasons.items()
            ],
            "withheld": [{"why": why, "count": count} for why, count in advice.withheld.items()],
        }
    )


def _notes(summary: "Summary") -> Iterator[str]:
    if summary.unknown:
        yield f"Reports about cards that are not recorded here as shown: {summary.unknown}."
    if any(summary.lost):
        calls, cards = summary.lost
        yield f"Hook calls that could not be recorded, so that the numbers are too low: {calls}, with {cards} cards."
    yield _IGNORED
