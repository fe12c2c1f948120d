"""What a card rests on, named: the resources behind it, and one key for the same advice on the same evidence.

An EHR calls again for each change of a dose, with a new hookInstance; the key lets it (and the audit) fold repeats.
Whatever else a card rests on, another latest count, another bin or fever since makes it other advice. It is a digest:
neither an identifier nor a value can be read from it.
"""

import hashlib
from collections.abc import Iterable, Iterator

from cds_service.advice.occasion import Occasion
from cds_service.clinical.exposure import Exposure
from cds_service.clinical.findings import Finding
from cds_service.clinical.liver import start_labs_within_limits
from cds_service.clinical.mas import Mas
from cds_service.clinical.neutrophils import Anc, bin_of
from cds_service.clinical.picture import Picture
from cds_service.clinical.record import Kind, Result
from cds_service.clinical.series import Count
from cds_service.clinical.state import missing_start_labs
from cds_service.codes.drugs import in_group

_MOST_SOURCES = 20
_DIGITS = 16
_BY_TREND = frozenset({"PV6", "PV11", "PV13", "PV14", "PT4"})
_BY_HISTORY = frozenset({"PV7", "PV15", "PV15a", "PV16", "OA5", "OA6"})
_BY_MAS = frozenset({"PV15a", "OA3m"})
_OFFER_A_SWITCH = frozenset({"PV15", "PV16"})
_TNF = "tnf-blocker"
_TOCILIZUMAB_ROWS = ("PT", "OT")


Evidence = tuple[tuple[str, str], ...]
"""Pairs of a source ("Observation/anc-1") and what was read from it."""


def evidence_of(finding: Finding, occasion: Occasion) -> Evidence:
    """Everything a card rests on."""
    return tuple(_evidence(finding, occasion))


def sources_of(evidence: Evidence) -> list[str]:
    """The resources, each once, at most 20."""
    return list(dict.fromkeys(source for source, _ in evidence))[:_MOST_SOURCES]


def evidence_key(finding: Finding, occasion: Occasion, evidence: Evidence) -> str:
    """16 hexadecimal digits; the same whatever hook or hookInstance asked, as long as advice and evidence are."""
    facts = [f"{name}={value}" for name, value in sorted(finding.facts.items())]
    advice = (occasion.picture.record.patient_id, finding.code, finding.row, finding.variant, finding.drug)
    read = sorted({f"{source}={value}" for source, value in evidence})
    text = "\n".join((*advice, *_circumstances(occasion), *_what_it_says(finding, occasion), *facts, *read))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:_DIGITS]


def _circumstances(occasion: Occasion) -> Iterator[str]:
    """What makes any advice another: the latest count, its bin, what is newer and cannot be read, and fever."""
    picture = occasion.picture
    if picture.latest is not None:
        yield f"{_read(picture.latest)} in {bin_of(picture.latest, picture.limits)}"
    yield from (f"unreadable {result.source}" for result in picture.unreadable)
    if picture.fever.yes:
        yield "fever"


def _what_it_says(finding: Finding, occasion: Occasion) -> Iterator[str]:
    """What a few cards say or offer, and is no resource: the drugs they are about, labs that are not there."""
    picture = occasion.picture
    if finding.row == "T1":
        drafted = (draft.drug.name for draft in finding.drafts if draft.drug and in_group(draft.drug.name, _TNF))
        yield from sorted({*drafted, *(match.name for match in picture.active_in(_TNF))})
    elif finding.row == "OT2":
        yield from missing_start_labs(picture)
    elif finding.row in _OFFER_A_SWITCH:
        yield f"switch offered: {start_labs_within_limits(picture)}"


def about_orders(finding: Finding, occasion: Occasion) -> list[str]:
    """The orders a card is about: the drafts of an order call, else the drug's requests that run or were held."""
    if finding.drafts:
        return list(dict.fromkeys(draft.source for draft in finding.drafts))
    exposure = _exposure(finding, occasion)
    current = exposure.current if exposure else None
    if exposure is None or current is None:
        return []
    requests = (order for order in current.orders if order.kind is Kind.REQUEST)
    return list(dict.fromkeys(order.source for order in exposure.active_orders or requests))


def _exposure(finding: Finding, occasion: Occasion) -> Exposure | None:
    if finding.state is None:
        return None
    picture = occasion.picture
    return picture.tocilizumab if finding.row.startswith(_TOCILIZUMAB_ROWS) else picture.anakinra


def _evidence(finding: Finding, occasion: Occasion) -> Iterator[tuple[str, str]]:
    picture = occasion.picture
    if finding.state is not None:
        yield from _counts(finding, occasion)
        if finding.state.fever:
            for source in picture.fever.sources:
                yield source, "fever"
        if finding.row in _BY_MAS:
            yield from _of_sources(_mas(picture), occasion)
        exposure = _exposure(finding, occasion)
        current = exposure.current if exposure else None
        for order in current.orders if current else ():
            yield order.source, order.status
    if finding.sources:
        yield from _of_sources(finding.sources, occasion)


def _counts(finding: Finding, occasion: Occasion) -> Iterator[tuple[str, str]]:
    picture = occasion.picture
    state = finding.state
    if state is not None and state.anc is Anc.UNINTERPRETABLE:
        for result in picture.unreadable:
            yield result.source, result.unusable
    counts = [*picture.counts[-2 if finding.row in _BY_TREND else -1 :]]
    if finding.row in _BY_HISTORY and picture.history.nadir is not None:
        counts.append(picture.history.nadir)
    for count in counts:
        for source in count.sources:
            yield source, _read(count)


def _read(count: Count) -> str:
    return f"{count.comparator}{count.value}@{count.when.at.isoformat()}"


def _mas(picture: Picture) -> Iterator[str]:
    """What macrophage activation syndrome is in question for: results that fit, or a diagnosis on file."""
    if picture.mas is not Mas.NONE:
        yield from picture.mas_pattern.sources
    yield from (each.source for each in picture.conditions("hlh", active_only=True))


def _of_sources(sources: Iterable[str], occasion: Occasion) -> Iterator[tuple[str, str]]:
    """Resources by name, with the values of those that are results."""
    for source in dict.fromkeys(sources):
        yield source, "".join(map(_read_result, occasion.results_by_source.get(source, ())))


def _read_result(result: Result) -> str:
    if result.value is None or result.when is None:
        return ""
    return f"{result.analyte}={result.comparator}{result.value}@{result.when.at.isoformat()};"
