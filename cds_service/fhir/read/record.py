"""All that was sent or fetched for one patient, as one record of facts.

The one function that puts the readers of this package together. Pure: ``now`` and the site's zone are handed in.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any, NamedTuple

from cds_service.clinical import record
from cds_service.clinical.record import Completeness, Draft, Extent, Record, Result
from cds_service.codes import prefetch_keys
from cds_service.codes.labs import NEUTROPHIL_FACTS
from cds_service.fhir.elements import BareReference
from cds_service.fhir.keydata import KeyData
from cds_service.fhir.read.bundles import Hit, Reader
from cds_service.fhir.read.chosen import choose, tell
from cds_service.fhir.read.conditions import condition_of
from cds_service.fhir.read.dates import Dates
from cds_service.fhir.read.identity import Medications, identify
from cds_service.fhir.read.ledger import Ledger
from cds_service.fhir.read.medications import can_count, is_malformed, medication_of, why_undated
from cds_service.fhir.read.observations import results_of
from cds_service.fhir.read.people import birth_date
from cds_service.fhir.read.references import Subject, Whose
from cds_service.fhir.read.shelf import ABOUT_MEDICATION, shelve
from cds_service.fhir.read.unknown_codes import results_of_unknown
from cds_service.fhir.resources import AnyMedication, Condition, Medication, Observation

_OBSERVATIONS: Reader[Observation] = Reader(Observation, "Observation")
_CONDITIONS: Reader[Condition] = Reader(Condition, "Condition")
_NOT_HAD = KeyData("", "absent", completeness=Completeness(Extent.UNAVAILABLE, "not asked for"))


class _Folder(NamedTuple):
    """What every reader needs: whose record, how to read dates, the data and the account of each key."""

    subject: Subject
    dates: Dates
    keys: Mapping[str, KeyData]
    ledgers: Mapping[str, Ledger]
    since: str = ""


def read_record(  # noqa: PLR0913 - the facts of one call, each named at the call
    patient_id: str,
    keys: Mapping[str, KeyData],
    drafts: tuple[Draft, ...] = (),
    *,
    now: datetime,
    time_zone: tzinfo,
    extra_medications: Medications | None = None,
    look_back: timedelta | None = None,
) -> Record:
    """The record of one patient. Whatever is malformed, foreign or unreadable is left out, counted and named.

    ``time_zone`` is the site's. Results other than neutrophil counts need not be read further back than ``look_back``.
    A prefetch key that is not in ``keys`` is unavailable. Never raises for what a client or server sent.
    """
    ledgers = {key: Ledger(key, keys.get(key, _NOT_HAD).completeness) for key in prefetch_keys.ALL}
    folder = _Folder(Subject(patient_id), Dates(time_zone, now), keys, ledgers, _since(now, look_back))
    person = keys.get(prefetch_keys.PATIENT, _NOT_HAD)
    born = birth_date(person, folder.subject, folder.dates, ledgers[prefetch_keys.PATIENT])
    results = _results(folder)
    medications = tuple(_medications(folder, extra_medications or {}))
    conditions = tuple(_conditions(folder))
    return Record(
        patient_id=folder.subject.id,
        birth_date=born,
        results=results,
        medications=medications,
        drafts=drafts,
        conditions=conditions,
        completeness={key: ledger.completeness() for key, ledger in ledgers.items()},
        notes=tuple(_notes(folder)),
    )


def _since(now: datetime, look_back: timedelta | None) -> str:
    """The first day that may matter, a day early for the sake of time zones; "" for all of them."""
    return "" if look_back is None else (now - look_back - timedelta(days=2)).date().isoformat()


def _notes(folder: _Folder) -> Iterator[str]:
    for ledger in folder.ledgers.values():
        yield from ledger.notes()
    if folder.dates.malformed:
        yield f"dates that could not be read: {len(folder.dates.malformed)}"


def _results(folder: _Folder) -> tuple[Result, ...]:
    hits = (
        hit
        for key in prefetch_keys.WITH_OBSERVATIONS
        if key in folder.keys
        for hit in _OBSERVATIONS.hits(folder.keys[key], folder.ledgers[key])
    )
    results: list[Result] = []
    for copies in choose(hits, folder.dates):
        results += _results_of(copies[0], folder) if len(copies) == 1 else _contradictory(copies, folder)
    return tuple(results)


def _results_of(hit: Hit[Observation], folder: _Folder) -> Sequence[Result]:
    if not _is_own(hit, hit.resource.subject, folder.subject):
        return ()
    found = results_of(hit.resource, hit.source, folder.dates, folder.since)
    if hit.ledger.key != prefetch_keys.NEUTROPHILS or _has_count(found):
        return found
    return (*found, *results_of_unknown(hit, folder.dates))


def _has_count(results: Sequence[Result]) -> bool:
    return bool(results) and (results[0].analyte == "anc" or any(each.analyte == "anc" for each in results))


def _contradictory(copies: Sequence[Hit[Observation]], folder: _Folder) -> Sequence[Result]:
    """What all the copies of one Observation say, the lowest value first: of two of one instant the first is used."""
    found = [each for hit in copies for each in _results_of(hit, folder)]
    if found:
        tell(copies, folder.ledgers[prefetch_keys.NEUTROPHILS] if _about_neutrophils(found) else None)
    return sorted(found, key=lambda each: Decimal("Infinity") if each.value is None else each.value)


def _about_neutrophils(results: Iterable[Result]) -> bool:
    return any(result.analyte in NEUTROPHIL_FACTS for result in results)


def _conditions(folder: _Folder) -> Iterator[record.Condition]:
    ledger = folder.ledgers[prefetch_keys.CONDITIONS]
    hits = _CONDITIONS.hits(folder.keys.get(prefetch_keys.CONDITIONS, _NOT_HAD), ledger)
    for copies in choose(hits, folder.dates):
        own = (hit for hit in copies if _is_own(hit, hit.resource.subject, folder.subject))
        known = [found for hit in own if (found := condition_of(hit.resource, hit.source, folder.dates)) is not None]
        if known:
            tell(copies)
        yield from known


def _medications(folder: _Folder, extra: Medications) -> Iterator[record.Medication]:
    ledger = folder.ledgers[prefetch_keys.MEDICATIONS]
    hits = list(ABOUT_MEDICATION.hits(folder.keys.get(prefetch_keys.MEDICATIONS, _NOT_HAD), ledger))
    shelf = shelve(hits, extra)
    for copies in choose(hits, folder.dates):
        known = [found for hit in copies if (found := _medication(hit, shelf, folder)) is not None]
        if known and len(copies) > 1:
            tell(copies)
            # no order is proposed to be changed on the word of one of two that contradict one another
            known = [replace(each, original=b"") for each in known]
        yield from known


def _medication(hit: Hit[AnyMedication], shelf: Medications, folder: _Folder) -> record.Medication | None:
    """The facts of one resource, if it is the patient's, can count, and is about a drug this service knows."""
    resource = hit.resource
    if isinstance(resource, Medication) or not _is_own(hit, resource.subject, folder.subject):
        return None
    malformed = is_malformed(resource)
    if not malformed and not can_count(resource):
        return None
    identity = identify(resource, shelf)
    if not identity.named:
        hit.ledger.gap("{n} medication{s} could not be identified")
    if identity.drug is None:
        return None
    if malformed:
        hit.ledger.unreadable(hit.source)
        return None
    medication = medication_of(resource, identity.drug, hit.source, folder.dates, hit.original)
    if why := why_undated(medication, folder.dates):
        hit.ledger.gap(why)
    return medication


def _is_own(hit: Hit[Any], said: BareReference | None, subject: Subject) -> bool:
    """Whether a resource is the patient's; another's is dropped and counted, and blocks every all-clear."""
    if said is not None and said.reference == subject.usual:
        return True
    whose = subject.whose(said)
    if whose is Whose.OTHER:
        hit.ledger.foreign += 1
    elif whose is Whose.UNSAID:
        hit.ledger.note("{n} resource{s} without a subject accepted: the search was for this patient")
    return whose is not Whose.OTHER
