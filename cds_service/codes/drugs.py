"""Which drug a code or a name means, fast: one dictionary look-up a code, one regular expression a name.

The five biologics count by code, or by their own name in a text (the weakest evidence); every other drug also by
its ingredient's name in a display, since orders are mostly coded as products. Table: ``codes.drug_table``.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple
from unicodedata import category, normalize

from cds_service.codes.drug_table import BIOLOGIC, CONFOUNDER, GLUCOCORTICOID, ROWS, Drug
from cds_service.codes.systems import ATC, LABELS, canonical

CODE, NAME, TEXT = "code", "matched by name", "text-only"

DRUGS: Mapping[str, Drug] = MappingProxyType({drug.name: drug for drug in ROWS})


class Found(NamedTuple):
    """A drug and how it was recognised: ``how`` is CODE, NAME or TEXT, ``by`` says with what."""

    drug: Drug
    how: str
    by: str


_BY_CODE = {
    (code.system, code.value): Found(drug, CODE, f"{LABELS[code.system]} {code.value}")
    for drug in ROWS
    for code in drug.codes
}
_BY_CLASS = {code.value: drug for drug in ROWS for code in drug.atc_classes}
_BY_NAME = {
    name: Found(drug, TEXT, f'text "{name}"') if drug.groups & BIOLOGIC else Found(drug, NAME, f'name "{name}"')
    for drug in ROWS
    for name in drug.names
}
# A word ends where no letter follows: "anakinra100mg" and "kineret_syringe" are what pharmacies write, too.
_LETTER = r"[^\W\d_]"
_NAMES = re.compile(
    rf"(?<!{_LETTER})(?:{'|'.join(sorted(map(re.escape, _BY_NAME), key=len, reverse=True))})(?!{_LETTER})"
)

_CLASS_LENGTH = len("H02AB")
_LOCAL_MATTERS = GLUCOCORTICOID | CONFOUNDER


def by_code(system: str | None, code: str | None) -> Found | None:
    """The drug of one coding, by its code, or by its ATC class for steroids and colony-stimulating factors."""
    uri = canonical(system)
    if uri is None or not code:
        return None
    found = _BY_CODE.get((uri, code)) or _BY_CODE.get((uri, code := code.strip().upper()))
    if found is None and uri == ATC:
        drug = _BY_CLASS.get(code[:_CLASS_LENGTH])
        return Found(drug, CODE, f"ATC {code}") if drug else None
    return found


def by_name(text: str) -> Found | None:
    """The drug a display or text names, word-bounded and case-folded; a biologic before any other drug."""
    first = None
    for name in _NAMES.findall(_plain(text)):
        found = _BY_NAME[name]
        if found.how == TEXT:
            return found
        first = first or found
    return first


def _plain(text: str) -> str:
    """Lower case; without what a word processor hides in a word, such as soft hyphens and zero-width spaces."""
    if not text.isascii():
        text = "".join(letter for letter in normalize("NFKC", text) if category(letter) != "Cf")
    return text.casefold()


def in_group(name: str, group: str) -> bool:
    """Whether a drug (``Drug.name``) belongs to a group; an unknown name belongs to none."""
    drug = DRUGS.get(name)
    return drug is not None and group in drug.groups


def counts_only_systemic(drug: Drug) -> bool:
    """A steroid or a confounder counts only where it acts on the whole body: not as a cream or an eye drop."""
    return bool(drug.groups & _LOCAL_MATTERS)
