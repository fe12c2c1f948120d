"""Code systems by URI, the other names real systems send for them, and codes whose format is checked.

URIs and OIDs: https://hl7.org/fhir/R4/terminologies-systems.html and namingsystem-terminologies.html.
Clients that convert from HL7 v2 or CDA send the ``urn:oid:`` form; some add a final slash or https.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, TypeVar

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
ATC = "http://www.whocc.no/atc"
SNOMED = "http://snomed.info/sct"
LOINC = "http://loinc.org"
ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
UCUM = "http://unitsofmeasure.org"

# The element R5 added, sent in R4 by its cross-version extension:
# https://hl7.org/fhir/uv/xver-r5.r4/0.1.0/ (package hl7.fhir.uv.xver-r5.r4)
STATUS_CHANGED = "http://hl7.org/fhir/5.0/StructureDefinition/extension-MedicationRequest.statusChanged"

EXTENSION = "org.anakinra-cds"
"""The reverse-DNS key of this service's extensions, on the response (the trace) and on each card."""

LABELS = {RXNORM: "RxNorm", ATC: "ATC", SNOMED: "SNOMED CT", LOINC: "LOINC", ICD10CM: "ICD-10-CM", UCUM: "UCUM"}

_OIDS = {
    "2.16.840.1.113883.6.88": RXNORM,
    "2.16.840.1.113883.6.73": ATC,
    "2.16.840.1.113883.6.96": SNOMED,
    "2.16.840.1.113883.6.1": LOINC,
    "2.16.840.1.113883.6.90": ICD10CM,
    "2.16.840.1.113883.6.8": UCUM,
}
# The German edition of ATC keeps the same codes under its own URI: https://simplifier.net/basisprofil-de-r4
_OTHER_NAMES = {"http://fhir.de/CodeSystem/bfarm/atc": ATC, "http://fhir.de/CodeSystem/dimdi/atc": ATC}


def _variants(uri: str) -> Iterator[str]:
    for scheme in ("http://", "https://"):
        bare = scheme + uri.removeprefix("http://")
        yield from (bare, bare + "/")


SYSTEMS: dict[str, str] = {
    **{variant: uri for uri in LABELS for variant in _variants(uri)},
    **{f"urn:oid:{oid}": uri for oid, uri in _OIDS.items()},
    **_OTHER_NAMES,
}
"""Every accepted name of a system -> its FHIR URI."""


def canonical(system: str | None) -> str | None:
    """The FHIR URI of a system, by any accepted name; None for an unknown one.

    Case, white space around it, further slashes and a version ("http://loinc.org|2.77") make no difference.
    """
    if not system:
        return None
    return SYSTEMS.get(system) or _FOLDED.get(system.strip().partition("|")[0].rstrip("/").casefold())


_FOLDED = {name.rstrip("/").casefold(): uri for name, uri in SYSTEMS.items()}
LOINC_NAMES = frozenset(name for name, uri in SYSTEMS.items() if uri == LOINC)


@dataclass(frozen=True, slots=True)
class Code:
    """One code of one system. ``verified`` tells whether the clinical specification marks it as checked.

    Raises ``ValueError`` for a code that its system could not contain.
    """

    value: str
    verified: bool = False

    system: ClassVar[str] = ""
    shape: ClassVar[str] = ""

    def __post_init__(self) -> None:
        if not re.fullmatch(self.shape, self.value) or not self.check():
            raise ValueError(f"{self.value!r} is no {LABELS[self.system]} code")

    def check(self) -> bool:
        """The check digit, for a system that has one."""
        return True


class RxNorm(Code):
    """A concept identifier (RXCUI)."""

    system, shape = RXNORM, r"[1-9]\d{0,7}"


class Atc(Code):
    """A class (H02AB) or a substance (L04AC03)."""

    system, shape = ATC, r"[A-Z](\d\d([A-Z]([A-Z](\d\d)?)?)?)?"


class Icd10Cm(Code):
    """A category (D70) or a code below it (D70.1)."""

    system, shape = ICD10CM, r"[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?"


class Loinc(Code):
    """A LOINC code; its last digit is a Luhn check digit."""

    system, shape = LOINC, r"[1-9]\d{0,6}-\d"

    def check(self) -> bool:
        digits = [int(digit) for digit in self.value.replace("-", "")]
        odd = sum(digits[-1::-2])
        even = sum(sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
        return (odd + even) % 10 == 0


# Verhoeff's dihedral check: https://confluence.ihtsdotools.org/display/DOCRELFMT/6.2+SCTID+Representation
_TURN = "0123456789123406789523401789563401289567401239567859876043216598710432765982104387659321049876543210"
_MOVE = ("0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258")


class Snomed(Code):
    """A SNOMED CT concept identifier; its last digit is a Verhoeff check digit."""

    system, shape = SNOMED, r"[1-9]\d{5,17}"

    def check(self) -> bool:
        sum_ = 0
        for place, digit in enumerate(reversed(self.value)):
            sum_ = int(_TURN[10 * sum_ + int(_MOVE[place % 8][int(digit)])])
        return sum_ == 0


AnyCode = TypeVar("AnyCode", bound=Code)


def codes(kind: type[AnyCode], values: str, *, verified: bool = False) -> tuple[AnyCode, ...]:
    """Codes of one system from one line of text, in order."""
    return tuple(kind(value, verified) for value in values.split())


_DRUG_CODES: dict[str | None, type[Code]] = {RXNORM: RxNorm, ATC: Atc, SNOMED: Snomed}


def is_drug_code(system: str | None, code: str | None) -> bool:
    """Whether this could be a code of a drug terminology: its system is one, and the code is written as they are."""
    return _is_written_as(_DRUG_CODES.get(canonical(system)), code)


def is_loinc_code(system: str | None, code: str | None) -> bool:
    """Whether this could be a LOINC code: the system is LOINC, and the check digit is right."""
    return _is_written_as(Loinc if canonical(system) == LOINC else None, code)


def _is_written_as(kind: type[Code] | None, code: str | None) -> bool:
    if kind is None or not code:
        return False
    try:
        kind(code.strip())
    except ValueError:
        return False
    return True
