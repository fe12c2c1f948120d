"""Which context fields each hook of the library has, and which of them may stand in a prefetch template.

https://cds-hooks.hl7.org/hooks/STU1/ : each hook's table says of every field whether it is REQUIRED, and whether it is
a prefetch token. ``requirement`` ids are those of ``cds_service.contract.requirements``.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

USER_TOKENS = frozenset({"userPractitionerId", "userPractitionerRoleId", "userPatientId", "userRelatedPersonId"})
_CLINICIANS = ("Practitioner", "PractitionerRole")
_USERS = (*_CLINICIANS, "Patient", "RelatedPerson")
_SET = "cds-hooks-library_1.0.1@"


class ContextField(NamedTuple):
    """One context field: ``kind`` is string, array or object, ``types`` the resource types a reference may name."""

    kind: str
    required: bool
    token: bool
    requirement: str
    """What a client breaks that leaves the field out or sends another kind."""
    token_requirement: str = ""
    """What a service breaks that uses the field as a token."""
    types: tuple[str, ...] = ()


def _text(number: object, *, required: bool = True, types: tuple[str, ...] = ()) -> ContextField:
    return ContextField("string", required, True, f"{_SET}{number}", types=types)


def _resources(kind: str, number: int, token: int, *, required: bool = True) -> ContextField:
    return ContextField(kind, required, False, f"{_SET}{number}", f"{_SET}{token}")


CONTEXTS: Mapping[str, Mapping[str, ContextField]] = MappingProxyType(
    {
        "patient-view": {
            "userId": _text("patient-view.userId", types=_USERS),
            "patientId": _text("patient-view.patientId"),
            "encounterId": _text("patient-view.encounterId", required=False),
        },
        "order-select": {
            "userId": _text(76, types=_CLINICIANS),
            "patientId": _text(80),
            "encounterId": _text(84, required=False),
            "selections": _resources("array", 88, 89, required=False),
            "draftOrders": _resources("object", 92, 93),
        },
        "order-sign": {
            "userId": _text(3, types=_CLINICIANS),
            "patientId": _text(7),
            "encounterId": _text(11, required=False),
            "draftOrders": _resources("object", 15, 16),
        },
        "appointment-book": {
            "userId": _text(19, types=_USERS),
            "patientId": _text(23),
            "encounterId": _text(27, required=False),
            "appointments": _resources("object", 31, 32),
        },
        "encounter-start": {
            "userId": _text(35, types=_CLINICIANS),
            "patientId": _text(39),
            "encounterId": _text(43),
        },
        "encounter-discharge": {
            "userId": _text(47, types=_CLINICIANS),
            "patientId": _text(51),
            "encounterId": _text(55),
        },
        "order-dispatch": {
            "patientId": _text(59),
            "dispatchedOrders": ContextField("array", True, True, f"{_SET}63"),
            "performer": _text(67),
            "fulfillmentTasks": _resources("array", 71, 73, required=False),
        },
    }
)


def token_fields(hook: str) -> frozenset[str] | None:
    """The context fields that may be tokens at this hook; None for a hook that is not in the library."""
    fields = CONTEXTS.get(hook)
    return None if fields is None else frozenset(name for name, field in fields.items() if field.token)
