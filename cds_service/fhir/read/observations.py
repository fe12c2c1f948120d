"""Observations to results: which analyte, when, how much, or why it cannot be used.

One Observation may yield several results: its own value, and components with a code of their own.
Source: clinical specification 0.3, sections 2 and 3; https://hl7.org/fhir/R4/observation.html
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cds_service.clinical.record import Result, When
from cds_service.codes.labs import (
    BY_LOINC,
    JUDGED_AGAINST_UPPER_LIMIT,
    MANUAL,
    NEUTROPHIL_FACTS,
    NEVER,
    READ_BY_NO_RULE,
)
from cds_service.codes.systems import LOINC, LOINC_NAMES, canonical
from cds_service.fhir.elements import BareConcept, sent
from cds_service.fhir.read.dates import Dates
from cds_service.fhir.read.values import upper_limit, value_of
from cds_service.fhir.resources import Measured, Observation

WITHDRAWN = frozenset({"entered-in-error", "cancelled", "unknown"})
PENDING = frozenset({"preliminary", "registered"})
_FINAL = frozenset({"final", "amended", "corrected"})


class Fact(NamedTuple):
    """What a code stands for: an analyte ("" for a code that never stands for neutrophils).

    ``problem`` says why it cannot be relied on, if it cannot.
    """

    analyte: str
    manual: bool = False
    problem: str = ""


_WHOLE_HISTORY = frozenset(NEUTROPHIL_FACTS)
_NO_RESULT = READ_BY_NO_RULE | {""}
_FACTS: dict[str | None, Fact] = {
    **{code: Fact(analyte, code in MANUAL) for code, analyte in BY_LOINC.items()},
    **dict.fromkeys(NEVER, Fact("")),
}


def results_of(observation: Observation, source: str, dates: Dates, since: str = "") -> Sequence[Result]:
    """The results of one Observation, usable or not; none if it holds nothing the rules read, or was withdrawn.

    Results other than neutrophil counts that are plainly older than ``since`` (an ISO day) are not read: no rule looks
    that far back, and a long history would cost time.
    """
    if observation.status in WITHDRAWN:
        return ()
    if observation.component:
        return [result_of(fact, holder, observation, source, dates) for fact, holder in _parts(observation)]
    fact = fact_of(observation.code)
    if fact is None or (fact.analyte not in _WHOLE_HISTORY and _is_before(observation.effective_date_time, since)):
        return ()
    return (result_of(fact, observation, observation, source, dates),)


def _is_before(text: str | None, since: str) -> bool:
    """Whether a full date lies before ``since``, told from its text alone."""
    return text is not None and text < since and len(text) >= len(since) and text[4] == text[7] == "-"


def _parts(observation: Observation) -> Iterator[tuple[Fact, Measured]]:
    inner = [(fact, each) for each in observation.component or () if (fact := fact_of(each.code)) is not None]
    own = fact_of(observation.code)
    # A panel may carry the code of its only component, and no value of its own.
    if own is not None and (observation.value_quantity or all(fact.analyte != own.analyte for fact, _ in inner)):
        yield own, observation
    yield from inner


def fact_of(concept: BareConcept | None) -> Fact | None:
    """The analyte of a code, by any of its LOINC codings; None if none is known, or no rule reads it.

    A code that never stands for neutrophils beside an accepted one, or two analytes at once, is a conflict. A conflict
    that involves a neutrophil count stays one of the neutrophil count, so that it is not lost.
    """
    found = None
    for coding in (concept.coding if concept else None) or ():
        fact = _FACTS.get(coding.code)
        if fact is not None and coding.system in LOINC_NAMES:
            found = fact if found is None else _both(found, fact)
    found = found or _nearly(concept)
    return None if found is None or found.analyte in _NO_RESULT else found


def _nearly(concept: BareConcept | None) -> Fact | None:
    """The same for codes in odd spelling. A neutrophil count's code without a system that is known is one in doubt."""
    found = doubt = None
    for coding in (concept.coding if concept else None) or ():
        fact = _FACTS.get(coding.code.strip()) if coding.code else None
        if fact is None:
            continue
        system = canonical(coding.system)
        if system == LOINC:
            found = fact if found is None else _both(found, fact)
        elif system is None and fact.analyte == "anc":
            doubt = fact._replace(problem="the system of its code is missing or not known")
    return found or doubt


def _both(one: Fact, other: Fact) -> Fact:
    """Two codings of one concept: the same analyte twice, or a conflict."""
    if one.analyte == other.analyte:
        return Fact(one.analyte, one.manual or other.manual, one.problem or other.problem)
    analytes = {one.analyte, other.analyte}
    analyte = "anc" if "anc" in analytes else one.analyte or other.analyte
    return Fact(analyte, one.manual or other.manual, "its codes contradict one another")


def result_of(fact: Fact, holder: Measured, observation: Observation, source: str, dates: Dates) -> Result:
    analyte, manual, doubt = fact
    when, only_issued, undated = _date_of(observation, dates)
    value, comparator, problem, sent_as = value_of(holder, analyte)
    status, meta = observation.status, observation.meta
    pending = False
    if status not in _FINAL:
        pending = status in PENDING
        problem = problem if pending else "its status is missing or not known"
    if doubt:
        value, problem = None, doubt
    # By position, in the order of the fields: by name, a chart of many results would take noticeably longer.
    return Result(
        analyte,
        source,
        value,
        comparator,
        when,
        dates.instant(observation.issued),
        dates.instant(meta.last_updated) if when is None and meta else None,
        only_issued,
        _specimen_of(observation),
        manual,
        pending,
        "" if pending else problem or undated,
        upper_limit(holder, analyte) if analyte in JUDGED_AGAINST_UPPER_LIMIT else None,
        sent_as,
    )


def _specimen_of(observation: Observation) -> str:
    """Its reference; "" for one that is contained: "#1" is another specimen in every Observation."""
    reference = observation.specimen.reference if observation.specimen else None
    return "" if not reference or reference[0] == "#" else reference


def _date_of(observation: Observation, dates: Dates) -> tuple[When | None, bool, str]:
    """When the specimen was taken (else issued, which is said), and why that date cannot be used."""
    text = observation.effective_date_time or observation.effective_instant
    if not text and observation.effective_period:
        text = observation.effective_period.end
    only_issued = not text
    if not text:
        if sent(observation.effective_timing):
            return None, False, "dated only by a timing"
        text = observation.issued
        if not text:
            return None, False, "no date"
    when = dates.precise(text)
    if when is None:
        return None, only_issued, dates.problem(text)
    return when, only_issued, "dated in the future" if when.at > dates.latest else ""
