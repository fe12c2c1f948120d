"""The ``context`` of the three hooks: which fields each must carry, and what each may hold.

https://cds-hooks.hl7.org/hooks/STU1/patient-view.html, .../order-select.html and .../order-sign.html.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

import msgspec
from msgspec import Raw

from cds_service.clinical.scene import Hook
from cds_service.errors import BadRequest

PATIENT_VIEW = Hook.VIEW.value
ORDER_SELECT = Hook.SELECT.value
ORDER_SIGN = Hook.SIGN.value
HOOKS = (PATIENT_VIEW, ORDER_SELECT, ORDER_SIGN)

LONGEST_ID = 256
MOST_SELECTIONS = 500
"""As many as draft orders are read."""

_HOW_TO_SEND = {
    "userId": "the user as 'Practitioner/id' or 'PractitionerRole/id'",
    "patientId": "the id of the patient's Patient resource",
    "selections": "the chosen draft orders, as a list of 'MedicationRequest/id'",
    "draftOrders": "a FHIR R4 Bundle of the unsigned orders",
}
_REQUIRED = {
    PATIENT_VIEW: ("userId", "patientId"),
    # The library lets clients leave `selections` out; without it nobody knows which order the advice is about.
    ORDER_SELECT: ("userId", "patientId", "selections", "draftOrders"),
    ORDER_SIGN: ("userId", "patientId", "draftOrders"),
}
# FHIR ids are [A-Za-z0-9.-]{1,64}; Epic-like servers use longer ones. What would change a search URL is refused:
# separators and escapes of URLs and of FHIR search values (https://hl7.org/fhir/R4/search.html#escaping).
_SAFE_ID = re.compile(r"[A-Za-z0-9._~:@-]+")
_PATIENT_TYPE = re.compile(r"\A(?:\S*/)?Patient/")

_TEXT = msgspec.json.Decoder(str)
_TEXTS = msgspec.json.Decoder(list[str])


class _Resource(msgspec.Struct, rename="camel"):
    resource_type: str = ""


class _Entry(msgspec.Struct):
    resource: _Resource | None = None


class _Bundle(msgspec.Struct, rename="camel"):
    resource_type: str = ""
    entry: list[Raw] | None = None


_BUNDLE = msgspec.json.Decoder(_Bundle)
_ENTRY = msgspec.json.Decoder(_Entry)


class Context(NamedTuple):
    """The context as read: ``draft_orders`` is the raw Bundle, None on patient-view."""

    user_id: str
    patient_id: str
    encounter_id: str
    selections: tuple[str, ...]
    draft_orders: Raw | None


def read_context(fields: Mapping[str, Raw], hook: str) -> Context:
    """Raises BadRequest naming every missing field, or the first one that cannot be read."""
    required = _REQUIRED[hook]
    if missing := [name for name in required if name not in fields]:
        raise BadRequest(*(f"context.{name} is missing: send {_HOW_TO_SEND[name]}." for name in missing))
    return Context(
        user_id=_text(fields, "userId"),
        patient_id=bare_id(_text(fields, "patientId")),
        encounter_id=_optional_text(fields, "encounterId"),
        selections=_selections(fields["selections"]) if "selections" in required else (),
        draft_orders=_draft_orders(fields["draftOrders"]) if "draftOrders" in required else None,
    )


def _text(fields: Mapping[str, Raw], name: str) -> str:
    try:
        text = _TEXT.decode(fields[name])
    except msgspec.ValidationError:
        raise BadRequest(f"context.{name} is not a string: send {_HOW_TO_SEND[name]}.") from None
    if not text.strip():
        raise BadRequest(f"context.{name} is empty: send {_HOW_TO_SEND[name]}.")
    return text


def _optional_text(fields: Mapping[str, Raw], name: str) -> str:
    """A field nothing depends on: what is not a string counts as not sent."""
    if name not in fields:
        return ""
    try:
        return _TEXT.decode(fields[name])
    except msgspec.ValidationError:
        return ""


def bare_id(text: str, named: str = "context.patientId") -> str:
    """The bare id of "pat1", "Patient/pat1", "Patient/pat1/_history/2" or ".../fhir/Patient/pat1": all are sent.

    Raises BadRequest, which names the field as ``named``, for what could change a search URL.
    """
    patient_id = _PATIENT_TYPE.sub("", text.strip()).partition("/_history/")[0]
    if len(patient_id) > LONGEST_ID or not _SAFE_ID.fullmatch(patient_id) or not patient_id.strip("."):
        raise BadRequest(
            f"{named} is not an id: send the id of a Patient resource, at most {LONGEST_ID} letters, "
            "digits, '-' and '.', without white space, '/', '?', '&' or '#'."
        )
    return patient_id


def _selections(raw: Raw) -> tuple[str, ...]:
    try:
        selections = tuple(_TEXTS.decode(raw))
    except msgspec.ValidationError:
        raise BadRequest(f"context.selections is not a list of strings: send {_HOW_TO_SEND['selections']}.") from None
    if len(selections) > MOST_SELECTIONS:
        raise BadRequest(f"context.selections has more than {MOST_SELECTIONS} entries: send those of this choice only.")
    return selections


def _draft_orders(raw: Raw) -> Raw:
    """The Bundle as it came: the public sandbox's has neither ``type`` nor ``fullUrl``."""
    try:
        bundle = _BUNDLE.decode(raw)
    except msgspec.ValidationError:
        bundle = _Bundle()
    if bundle.resource_type != "Bundle":
        raise BadRequest(f"context.draftOrders is not a FHIR Bundle: send {_HOW_TO_SEND['draftOrders']}.")
    if any(_is_dstu2_order(entry) for entry in bundle.entry or ()):
        raise BadRequest(
            "context.draftOrders holds MedicationOrder (FHIR DSTU2). This service reads FHIR R4 only: "
            "use an R4 server, where orders are MedicationRequest."
        )
    return raw


def _is_dstu2_order(entry: Raw) -> bool:
    try:
        resource = _ENTRY.decode(entry).resource
    except msgspec.ValidationError:
        return False
    return resource is not None and resource.resource_type == "MedicationOrder"
