"""One reading of all lines of an export: those of the patients concerned are kept, what cannot be read is named."""

from collections import Counter
from pathlib import Path

from cds_service.fhir.read.bundles import UNREADABLE
from cds_service.fhir.read.dates import Dates
from cds_service.retrospective.concern import Formulary
from cds_service.retrospective.dossier import MEDICATION, ORDER, PATIENT, Dossier, Searches
from cds_service.retrospective.faults import Faults
from cds_service.retrospective.heads import HEAD, ORDER_HEAD, Head, patient_of
from cds_service.retrospective.lines import blocks
from cds_service.retrospective.odd_lines import patient_named, why_odd, why_unreadable

NO_SUBJECT = "no reference to a patient (subject.reference)"
NO_ID = "a resource without an id"
ODD_CODE = "its code cannot be read"
SECOND_PATIENT = "another Patient of an id that was read before"


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
        self._by_reference = {f"Patient/{patient}": dossier for patient, dossier in self.dossiers.items()}
        self._referring: dict[str, list[Dossier]] = {}
        self._by_subject = frozenset(searches.keys) - {PATIENT}

    def read(self, file: Path) -> None:
        """Every line of ``file``. Raises NoExport if it cannot be read."""
        decode, by_subject, counted = HEAD.decode, self._by_subject, Counter[str]()
        for first, lines in blocks(file, self.faults):
            for number, line in enumerate(lines, first):
                if not line:
                    continue
                try:
                    head = decode(line)
                except UNREADABLE as fault:
                    self._unreadable(file, number, line, fault)
                    continue
                kind = head.resource_type
                if kind in by_subject:
                    counted[kind] += 1
                    # nearly all lines end here: they are of patients whom nothing concerns
                    reference = head.subject.reference if head.subject is not None else None
                    if reference is None or not _is_plain(reference) or reference in self._by_reference:
                        self._of_patient(file, number, line, head)
                else:
                    self._other(file, number, line, head, counted)
        self.lines += counted
        for kind, files in self.met.items():
            if counted[kind]:
                files.add(file)

    def read_medications(self) -> None:
        """The Medications that the orders of the patients concerned refer to."""
        for file in sorted(self.met[MEDICATION]) if self._referring else ():
            for _, lines in blocks(file, Faults()):
                for line in lines:
                    try:
                        head = HEAD.decode(line)
                    except UNREADABLE:
                        continue
                    if head.resource_type == MEDICATION:
                        for dossier in self._referring.get(f"{MEDICATION}/{head.id}", ()):
                            dossier.medications.append(line)

    def _of_patient(self, file: Path, number: int, line: bytes, head: Head) -> None:
        patient = patient_of(head.subject)
        if patient is None:
            self.faults.add(file, number, NO_SUBJECT)
        if not patient or (dossier := self.dossiers.get(patient)) is None:
            return
        kind = head.resource_type or ""
        news = kind == ORDER and self._formulary.concerns(ORDER_HEAD.decode(line), line)
        try:
            medication = dossier.add(kind, line, self.searches, self._dates, news=news)
        except UNREADABLE:
            self.faults.add(file, number, ODD_CODE, patient)
            return
        if medication and dossier not in self._referring.setdefault(medication, []):
            self._referring[medication].append(dossier)

    def _other(self, file: Path, number: int, line: bytes, head: Head, counted: Counter[str]) -> None:
        kind = head.resource_type or ""
        if odd := why_odd(kind, line):
            self.faults.add(file, number, odd)
            return
        counted[kind] += 1
        if kind in (PATIENT, MEDICATION) and not head.id:
            self.faults.add(file, number, NO_ID)
        elif kind == PATIENT and (dossier := self.dossiers.get(head.id or "")):
            if dossier.patients and line not in dossier.patients:
                self.faults.add(file, number, SECOND_PATIENT, dossier.patient)
            dossier.patients.append(line)

    def _unreadable(self, file: Path, number: int, line: bytes, fault: Exception) -> None:
        if line.strip() and (why := why_unreadable(line, fault, {*self.searches.keys, MEDICATION})):
            self.faults.add(file, number, why, patient_named(line))


def _is_plain(reference: str) -> bool:
    """ "Patient/1", as nearly all are: then nothing but looking it up is to be done."""
    return reference.startswith("Patient/") and not ("/" in reference[8:] or " " in reference or "?" in reference)
