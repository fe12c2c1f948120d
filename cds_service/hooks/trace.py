"""Why this card, and why none: what a response's trace tells an integration engineer.

The state of each prefetch key, the facts the rules read (resource, value, date), each rule's answer with its reason,
and the time spent. Only in the response, never in a log: it holds values of the chart.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from cds_service.clinical.findings import Answer, Assessment, Outcome
from cds_service.clinical.intervals import Interval
from cds_service.clinical.picture import Picture
from cds_service.clinical.record import Completeness, Result
from cds_service.codes.labs import ANALYTES, NEUTROPHIL_FACTS
from cds_service.fhir.keydata import KeyData
from cds_service.hooks.facts import count_json, date_json, interval_json
from cds_service.hooks.response import present

LATEST_COUNTS = 20
NO_ORDER_OF_OURS = (Outcome("OU0", Answer.CLEAR, "no order names a drug that this service advises on"),)


def trace(
    keys: Mapping[str, KeyData], assessment: Assessment | None, notes: Iterable[str], about: Mapping[str, Any]
) -> dict[str, Any]:
    """The members of the trace; ``about`` is what the caller adds (versions, time). No member is empty."""
    picture = assessment.picture if assessment else None
    read = picture.record.completeness if picture else {}
    return present(
        prefetch={key: _key(data, read.get(key, data.completeness)) for key, data in keys.items()},
        rules=[_rule(each) for each in (assessment.outcomes if assessment else NO_ORDER_OF_OURS)],
        facts=_facts(picture) if picture else None,
        notes=list(dict.fromkeys((*notes, *(picture.record.notes if picture else ())))),
        **about,
    )


def _key(data: KeyData, completeness: Completeness) -> dict[str, Any]:
    """``completeness`` is as found when all of it was read, or, where nothing was, as it came."""
    return present(
        state=data.state,
        extent=str(completeness.extent),
        reason=completeness.reason,
        milliseconds=data.milliseconds,
    )


def _rule(outcome: Outcome) -> dict[str, Any]:
    return present(rule=outcome.rule, about=outcome.about, answer=str(outcome.answer), reason=outcome.reason)


def _facts(picture: Picture) -> dict[str, Any]:
    record = picture.record
    return present(
        counts=[count_json(each) for each in picture.counts[-LATEST_COUNTS:]],
        trend=str(picture.trend),
        history=str(picture.history.past),
        episodes=[
            present(
                began=date_json(each.counts[0].when),
                nadir=each.nadir.value,
                recovered=date_json(each.recovered.when) if each.recovered else None,
            )
            for each in picture.history.episodes
        ],
        unreadable=[_result(each) for each in picture.unreadable],
        pending=[_result(each) for each in picture.pending],
        anakinra=_exposure(str(picture.anakinra.use), str(picture.anakinra.cause), picture.anakinra.intervals),
        tocilizumab=_exposure(str(picture.tocilizumab.use), "", picture.tocilizumab.intervals),
        active={name: [order.source for order in orders] for name, orders in sorted(picture.active.items())},
        fever="yes" if picture.fever.yes else "not known",
        feverSources=list(picture.fever.sources),
        labs=[_result(each) for each in _latest_labs(picture)],
        conditions=[present(kinds=sorted(each.kinds), source=each.source) for each in record.conditions],
        foreign=record.foreign,
    )


def _latest_labs(picture: Picture) -> Iterable[Result]:
    """The latest result of each other analyte, as far back as any rule looks."""
    span = picture.limits.longest_look_back
    for analyte in ANALYTES:
        if analyte not in NEUTROPHIL_FACTS and (found := picture.labs.latest(analyte, span)):
            yield found


def _result(result: Result) -> dict[str, Any]:
    return present(
        analyte=result.analyte,
        value=result.value,
        comparator=result.comparator,
        asSent=result.as_sent,
        date=date_json(result.when) if result.when else None,
        unusable=result.unusable,
        source=result.source,
    )


def _exposure(use: str, cause: str, intervals: Iterable[Interval]) -> dict[str, Any]:
    return present(use=use, cause=cause, intervals=[interval_json(each) for each in intervals])
