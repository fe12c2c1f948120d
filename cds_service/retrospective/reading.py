"""One reading of all lines of an export: those of the patients concerned are kept, what cannot be read is named."""

from collections import Counter
from pathlib import Path

import msgspec

from cds_service.codes.resource_types import RESOURCE_TYPES
from cds_service.fhir.bundle import Outline
from cds_service.fhir.read.bundles import UNREADABLE
from cds_service.fhir.read.dates import Dates
from cds_service.retrospective.concern import Formulary
from cds_service.retrospective.dossier import MEDICATION, ORDER, PATIENT, Dossier, Searches
from cds_service.retrospective.faults import Faults
from cds_service.retrospective.heads import HEAD, Head, heads_of, is_plain, patient_of
from cds_service.retrospective.lines import Block, blocks, lines_of
from cds_service.retrospective.odd_lines import patient_named, why_odd, why_unreadable

NO_SUBJECT = "no reference to a patient (subject.reference)"
NO_ID = "a resource without an id"
ODD_CODE = "its code cannot be read"
SECOND_PATIENT = "another Patient of an id that was read before"

_OUTLINE = msgspec.json.Decoder(Outline)
_DULL = RESOURCE_TYPES - {PATIENT, MEDICATION, "OperationOutcome", "Bundle"}
"""Types of which a line needs no look for its own sake, but only if it is about a patient concerned."""


class Reading:
    """``met``: the files in which orders and Medications were found; ``lines``: how many of each type."""

    def __init__(self, patients: dict[str, None], searches: Searches, formulary: Formulary, dates: Dates) -> None:
        self.dossiers = {patient: Dossier(patient) for patient in patients}
        self.searches = searches
        self.lines: Counter[str] = Counter()
        self.faults = Faults()
        self.met: dict[str, set[Path]] = {ORDER: set(), MEDICATION: set()}
        self._formulary = formulary
        self._dates = dates
        self._references = frozenset(f"Patient/{patient}" for patient in patients)
        self._referring: dict[str, list[Dossier]] = {}
        self._by_subject = frozenset(searches.keys) - {PATIENT}

    def read(self, file: Path) -> None:
        """Every line of ``file``. Raises NoExport if it cannot be read."""
        counted = Counter[str]()
        for block in blocks(file, self.faults):
            if heads := heads_of(block, HEAD):
                self._all_well(file, block, heads, counted)
            else:
                self._one_by_one(file, block, counted)
        self.lines += counted
        for kind, files in self.met.items():
            if counted[kind]:
                files.add(file)

    def read_medications(self) -> None:
        """The Medications that the orders of the patients concerned refer to."""
        for line in lines_of(sorted(self.met[MEDICATION])) if self._referring else ():
            try:
                outline = _OUTLINE.decode(line)
            except UNREADABLE:
                continue
            if outline.resource_type == MEDICATION:
                for dossier in self._referring.get(f"{MEDICATION}/{outline.id}", ()):
                    dossier.medications.append(line)

    def _all_well(self, file: Path, block: Block, heads: list[Head], counted: Counter[str]) -> None:
        """Most of an export is of patients whom nothing concerns: those lines are counted, and that is all."""
        kinds = [head.resource_type or "" for head in heads]
        if not _DULL.issuperset(kinds):
            for place, head in enumerate(heads):
                self._line(file, block.first + place, block.line(place), head, counted)
            return
        counted.update(kinds)
        subjects = [head.subject.reference if head.subject is not None else None for head in heads]
        distinct = set(subjects)
        to_see = (distinct & self._references) | {each for each in distinct if not is_plain(each)}
        for place, subject in enumerate(subjects) if to_see else ():
            if subject in to_see and kinds[place] in self._by_subject:
                self._of_patient(file, block.first + place, block.line(place), heads[place])

    def _one_by_one(self, file: Path, block: Block, counted: Counter[str]) -> None:
        for number, line in enumerate(block.lines(), block.first):
            if not line.strip():
                continue
            try:
                head = HEAD.decode(line)
            except UNREADABLE as fault:
                if why := why_unreadable(line, fault, {*self.searches.keys, MEDICATION}):
                    self.faults.add(file, number, why, patient_named(line))
            else:
                self._line(file, number, line, head, counted)

    def _line(self, file: Path, number: int, line: bytes, head: Head, counted: Counter[str]) -> None:
        kind = head.resource_type or ""
        if kind in self._by_subject:
            counted[kind] += 1
            self._of_patient(file, number, line, head)
        elif odd := why_odd(kind, line):
            self.faults.add(file, number, odd)
        elif kind:
            counted[kind] += 1
            if kind in (PATIENT, MEDICATION):
                self._named(file, number, line, kind)

    def _of_patient(self, file: Path, number: int, line: bytes, head: Head) -> None:
        patient = patient_of(head.subject)
        if patient is None:
            self.faults.add(file, number, NO_SUBJECT)
        if not patient or (dossier := self.dossiers.get(patient)) is None:
            return
        kind = head.resource_type or ""
        news = kind == ORDER and self._formulary.concerns(line)
        try:
            medication = dossier.add(kind, line.strip(), self.searches, self._dates, news=news)
        except UNREADABLE:
            self.faults.add(file, number, ODD_CODE, patient)
            return
        if medication and dossier not in self._referring.setdefault(medication, []):
            self._referring[medication].append(dossier)

    def _named(self, file: Path, number: int, line: bytes, kind: str) -> None:
        try:
            named = _OUTLINE.decode(line).id
        except UNREADABLE:
            named = None
        if not named:
            self.faults.add(file, number, NO_ID)
        elif kind == PATIENT and (dossier := self.dossiers.get(named)):
            if dossier.patients and line not in dossier.patients:
                self.faults.add(file, number, SECOND_PATIENT, dossier.patient)
            dossier.patients.append(line)
