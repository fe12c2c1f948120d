"""How sure a record is of a fact, where its ``note`` says so: stated, approximate or inferred.

The notes of the published cases do ("approximate: the count is stated, 'by day 4' is not an exact day"): a report gives
few exact numbers, and a drawing must not make them more exact than they are. What carries no such note is as recorded.
Read on its own, so that a hook call, which rests on no note, spends no time on notes.
https://hl7.org/fhir/R4/datatypes.html#Annotation
"""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

import msgspec

from cds_service.fhir.elements import ABSENT, Element
from cds_service.fhir.keydata import KeyData
from cds_service.fhir.read.bundles import UNREADABLE, Json, raw_entries

_LONGEST = 200
_TAGGED = re.compile(r"\s*(stated|approximate|inferred)\s*(?:[:;,]|$)", re.IGNORECASE)
_COUNT_STATED = re.compile(r"\bcount is stated\b", re.IGNORECASE)
_DAY_OPEN = re.compile(r"\bdays?\b[^,;.]* (?:is|are) (?:inferred|not stated|not an exact|taken)", re.IGNORECASE)


class Certainty(StrEnum):
    """How sure a fact is, surest first."""

    STATED = "stated"
    APPROXIMATE = "approximate"
    INFERRED = "inferred"


class Remark(NamedTuple):
    """What a note says of its fact.

    ``day_open``: the fact's day is not known but had to be set. ``number_open``: so is its number.
    """

    certainty: Certainty = Certainty.STATED
    text: str = ""
    day_open: bool = False
    number_open: bool = False


class _Note(Element):
    text: str | None = None


class _Noted(Element):
    resource_type: str | None = None
    id: str | None = None
    note: list[_Note] | None = None


_NOTED = msgspec.json.Decoder(_Noted)


def remarks_of(keys: Iterable[KeyData]) -> Mapping[str, Remark]:
    """The remarks by source ("Observation/anc-1"); a resource without a note of this kind has none."""
    found: dict[str, Remark] = {}
    for data in keys:
        for page in data.pages:
            if b'"note"' in bytes(page):
                found.update(_of_page(page))
    return found


def _of_page(page: Json) -> dict[str, Remark]:
    try:
        entries = raw_entries(page)
    except UNREADABLE:
        return {}
    found = {}
    for entry in entries:
        noted = _noted(entry.resource)
        remark = next((r for note in noted.note or () if (r := remark_of(note.text or "")) is not None), None)
        if remark is not None and noted.id:
            found[f"{noted.resource_type}/{noted.id}"] = remark
    return found


def _noted(resource: Json) -> _Noted:
    if resource is ABSENT:
        return _Noted()
    try:
        return _NOTED.decode(resource)
    except UNREADABLE:
        return _Noted()


def remark_of(text: str) -> Remark | None:
    """ "inferred: the day is not stated" as a remark; None for a note that does not begin with one of the words."""
    tagged = _TAGGED.match(text)
    if tagged is None:
        return None
    certainty = Certainty(tagged[1].lower())
    return Remark(
        certainty,
        " ".join(text.split())[:_LONGEST],
        day_open=bool(_DAY_OPEN.search(text)),
        number_open=certainty is Certainty.INFERRED and not _COUNT_STATED.search(text),
    )
