"""Sentences about who takes what since when, and how that was recognised. ``active`` in a record is not "taken"."""

from collections.abc import Iterable

from cds_service.advice.dates import day
from cds_service.advice.occasion import Occasion
from cds_service.clinical.exposure import Cause, Exposure, Use
from cds_service.clinical.findings import Finding
from cds_service.clinical.intervals import Ended, Interval
from cds_service.clinical.record import DrugMatch, Kind, Matched

TEXT_ONLY = "recognised by its text only, not by a code"
_TOCILIZUMAB_ROWS = ("PT", "OT")
_CAUSES = {
    Cause.REASON: "the order's reason names neutropenia",
    Cause.LOW_COUNT: "with a count below 1.5 around that day",
    Cause.NOT_RECORDED: "cause not recorded",
}


def exposures(finding: Finding, occasion: Occasion) -> str:
    """What a base row rests on beside the count: the drug's order, and how an ordered drug was recognised."""
    picture = occasion.picture
    sentences = []
    if finding.row.startswith(_TOCILIZUMAB_ROWS):
        sentences.append(_exposure("Tocilizumab", picture.tocilizumab, occasion))
        if picture.anakinra.use is Use.HELD:
            sentences.append(_exposure("Anakinra", picture.anakinra, occasion))
    else:
        sentences.append(_exposure("Anakinra", picture.anakinra, occasion))
    if any(draft.drug is not None and draft.drug.matched is Matched.TEXT for draft in finding.drafts):
        sentences.append(f"The new order was {TEXT_ONLY}.")
    return " ".join(sentence for sentence in sentences if sentence)


def _exposure(name: str, exposure: Exposure, occasion: Occasion) -> str:
    current = exposure.current
    if current is None:
        last = exposure.intervals[-1] if exposure.intervals else None
        return f"Last {name.lower()} on file ended {day(last.end)}." if last and last.end else ""
    text = _running(name, current, occasion) if exposure.use is Use.ON else _held(name, current, exposure, occasion)
    if _text_only(order.drug for order in current.orders):
        text += f"; {TEXT_ONLY}"
    if current.end_date_passed and exposure.use is Use.ON:
        text += "; its end date has passed: confirm that it is still taken"
    return f"{text}."


def _running(name: str, interval: Interval, occasion: Occasion) -> str:
    what = "order active" if any(each.kind is Kind.REQUEST for each in interval.orders) else "given or reported"
    if interval.start is None:
        return f"{name} {what}, start not recorded"
    days = (occasion.today - interval.start.day).days
    about = "about " if interval.start_approximate else ""
    return f"{name} {what} since {about}{day(interval.start)} (day {days})"


def _held(name: str, interval: Interval, exposure: Exposure, occasion: Occasion) -> str:
    what = "on hold since" if interval.ended is Ended.HOLD else "stopped on"
    cause = f" ({_CAUSES[exposure.cause]})" if exposure.cause in _CAUSES else ""
    if interval.end is None:
        return f"{name} on hold, date not recorded{cause}"
    about = "about " if interval.end_approximate else ""
    return f"{name} {what} {about}{day(interval.end)}{cause}"


def _text_only(matches: Iterable[DrugMatch]) -> bool:
    return all(match.matched is Matched.TEXT for match in matches)
