"""Read the body of one hook call: strictly where guidance depends on it, leniently everywhere else.

Contract: https://cds-hooks.hl7.org/2.0/#http-request_1. To a clinician a refusal looks like "all clear", so only
what cannot be read is refused. ``draftOrders`` and prefetched values stay raw JSON for those who know FHIR.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from msgspec import Raw

from cds_service.errors import BadRequest
from cds_service.hooks import json_text
from cds_service.hooks.context import Context, read_context

_UUID = re.compile(r"(?i)(?:urn:uuid:)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TOKEN = re.compile(r"[\x21-\x7e]+")
_TYPE_ERROR = re.compile(r"Expected `([^`]+)`, got `([^`]+)`(?: - at `\$\.?([^`]*)`)?")
_JSON_KINDS = {"int": "number", "float": "number", "str": "string", "bool": "true or false"}


class Authorization(NamedTuple):
    """The access token of ``fhirAuthorization``, for the EHR's own FHIR server only. Its repr hides the token."""

    access_token: str
    scope: str = ""
    patient: str = ""

    def __repr__(self) -> str:
        return "Authorization(...)"


class HookRequest(NamedTuple):
    """One hook call as read.

    ``context.patient_id`` is a bare id ("pat1", never "Patient/pat1"), safe in a search URL. ``prefetch`` holds raw
    JSON by key: a key that is absent was not satisfied, one that is ``null`` was asked and had nothing.
    ``fhir_server`` is "" where none was sent. ``notes`` says in plain words what was odd and accepted.
    """

    hook: str
    hook_instance: str
    context: Context
    prefetch: Mapping[str, Raw] = {}
    fhir_server: str = ""
    authorization: Authorization | None = None
    notes: tuple[str, ...] = ()

    @property
    def patient_id(self) -> str:
        return self.context.patient_id

    @property
    def access_token(self) -> str:
        """The bearer token, or "" where none was sent."""
        return self.authorization.access_token if self.authorization else ""


class _Envelope(msgspec.Struct, rename="camel"):
    hook: str = ""
    hook_instance: str = ""
    context: json_text.Members | None = None
    prefetch: json_text.Members | None = None
    fhir_server: str | None = None
    fhir_authorization: dict[str, Any] | None = None


def parse(body: bytes, *, hook: str) -> HookRequest:
    """The hook call in ``body`` (JSON, UTF-8), which must be of the kind ``hook``.

    Raises BadRequest naming the field and the fix, for all missing fields at once.
    """
    envelope = _decode(body)
    _check_hook(envelope, hook)
    context = read_context(json_text.by_name(envelope.context or {}, "context"), hook)
    return HookRequest(
        hook=hook,
        hook_instance=envelope.hook_instance,
        context=context,
        prefetch=json_text.by_name(envelope.prefetch or {}, "prefetch"),
        fhir_server=envelope.fhir_server or "",
        authorization=_authorization(envelope),
        notes=_notes(envelope, context),
    )


def _decode(body: bytes) -> _Envelope:
    try:
        envelope, names = json_text.decode_body(body, _Envelope)
    except msgspec.ValidationError as error:
        raise BadRequest(_wrong_type(str(error))) from None
    if names != len(envelope.context or ()) + len(envelope.prefetch or ()):
        raise BadRequest("The body has 'context' or 'prefetch' twice: send each once.")
    return envelope


def _wrong_type(error: str) -> str:
    """ "hook must be of type string, not number." from msgspec's "Expected `str`, got `int` - at `$.hook`"."""
    return _TYPE_ERROR.sub(_in_words, error)


def _in_words(error: re.Match[str]) -> str:
    wanted, got, field = error.groups()
    wanted = wanted.removesuffix(" | null")
    return f"{field or 'The body'} must be of type {_JSON_KINDS.get(wanted, wanted)}, not {_JSON_KINDS.get(got, got)}."


def _check_hook(envelope: _Envelope, hook: str) -> None:
    missing = []
    if not envelope.hook:
        missing.append(f"hook is missing: send '{hook}', the hook of this service.")
    if not envelope.hook_instance.strip():
        missing.append("hookInstance is missing: send a UUID that is new for each hook call.")
    if envelope.context is None:
        missing.append(f"context is missing: send the context of the hook '{hook}'.")
    if missing:
        raise BadRequest(*missing)
    if envelope.hook != hook:
        raise BadRequest(f"hook does not fit this service: send '{hook}', or call the service listed for your hook.")


def _authorization(envelope: _Envelope) -> Authorization | None:
    given = envelope.fhir_authorization
    if not given:
        return None
    if not envelope.fhir_server:
        raise BadRequest("fhirServer is missing: send the base URL of the FHIR server that fhirAuthorization is for.")
    token = given.get("access_token")
    # The token becomes a header: a line break in it would be a second header.
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise BadRequest("fhirAuthorization.access_token must be a bearer token, without white space.")
    return Authorization(token, *(_text_or_empty(given.get(name)) for name in ("scope", "patient")))


def _text_or_empty(value: object) -> str:
    return value if isinstance(value, str) else ""


def _notes(envelope: _Envelope, context: Context) -> tuple[str, ...]:
    notes = []
    if not _UUID.fullmatch(envelope.hook_instance):
        notes.append("hookInstance is not a UUID")
    if envelope.hook == "order-select" and not context.selections:
        notes.append("selections is empty: nothing was selected")
    return tuple(notes)
