"""The conditions this service knows, each a kind with its codes.

Source: clinical specification 0.3, section 2 (ICD-10-CM checked there; SNOMED CT where it is given).
"""

from typing import NamedTuple
from unicodedata import combining, normalize

from cds_service.codes.systems import ICD10CM, SNOMED, Code, Icd10Cm, Snomed, canonical, codes


class Row(NamedTuple):
    """One kind of condition; ``classes`` are ICD-10-CM codes that stand for everything below them."""

    kind: str
    codes: tuple[Code, ...] = ()
    classes: tuple[Icd10Cm, ...] = ()


def _icd(values: str) -> tuple[Icd10Cm, ...]:
    return codes(Icd10Cm, values, verified=True)


ROWS = (
    Row("sjia", codes(Snomed, "201796004"), _icd("M08.2")),
    Row("aosd", classes=_icd("M06.1")),
    Row("schnitzler", codes(Snomed, "402415001")),
    Row("caps", _icd("M04.2")),
    Row("periodic-fever", _icd("M04.1")),
    Row("autoinflammatory", _icd("M04.8 M04.9")),
    Row("hlh", _icd("D76.1 D76.2")),
    Row("neutropenia", codes(Snomed, "165517008 409089005"), _icd("D70")),
    Row("chemo-neutropenia", _icd("D70.1")),
    Row("febrile-neutropenia", codes(Snomed, "409089005")),
    Row("fever", (*_icd("R50.9 R50.81 R50.2"), *codes(Snomed, "386661006"))),
    Row("duffy-null", _icd("Z67.A1")),
)

_NEUTROPENIA_WORDS = ("neutropen", "agranulocyt")


def _bare(icd: str) -> str:
    """Billing exports leave the dot out: M0820."""
    return icd.strip().replace(".", "").upper()


def _exact() -> dict[tuple[str, str], frozenset[str]]:
    found: dict[tuple[str, str], frozenset[str]] = {}
    for row in ROWS:
        for code in row.codes:
            value = _bare(code.value) if code.system == ICD10CM else code.value
            found[code.system, value] = found.get((code.system, value), frozenset()) | {row.kind}
    return found


_EXACT = _exact()
_CLASSES = tuple((_bare(code.value), row.kind) for row in ROWS for code in row.classes)


def kinds_of(system: str | None, code: str | None) -> frozenset[str]:
    """The kinds one coding stands for; empty for a code that is not listed."""
    uri = canonical(system)
    if not code or uri not in (ICD10CM, SNOMED):
        return frozenset()
    if uri == SNOMED:
        return _EXACT.get((uri, code.strip()), frozenset())
    bare = _bare(code)
    return _EXACT.get((uri, bare), frozenset()) | {kind for prefix, kind in _CLASSES if bare.startswith(prefix)}


def names_neutropenia(text: str) -> bool:
    """A reason in words that names neutropenia, in any language that spells it so ("neutropénie" included)."""
    plain = "".join(letter for letter in normalize("NFKD", text.casefold()) if not combining(letter))
    return any(word in plain for word in _NEUTROPENIA_WORDS)
