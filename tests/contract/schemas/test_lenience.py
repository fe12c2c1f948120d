"""What is no error: habits of real clients get a warning or a hint, what the specification allows gets nothing."""

from typing import Any

import pytest

from tests.contract.schemas.breaking import (
    ACTIONS,
    CARD,
    ENTRY,
    HERE,
    LIBRARY,
    LONG,
    OVERRIDDEN,
    SERVICE,
    SUGGESTION,
    check,
    found,
)
from tests.contract.schemas.payloads import ABSENT, GOOD, changed

# What real systems do and good readers take, and what is only recommended: a finding, and no error.
HABITS = [
    ("response", f"{CARD}/uuid", ABSENT, CARD, "anakinra-cds_1@card-uuid", "hint"),
    ("response", f"{CARD}/uuid", "card-1", HERE, 80, "warning"),
    ("response", f"{CARD}/uuid", f"urn:uuid:{GOOD['response']['cards'][0]['uuid']}", HERE, 80, "warning"),
    ("response", f"{SUGGESTION}/uuid", ABSENT, SUGGESTION, "anakinra-cds_1@card-uuid", "hint"),
    ("response", f"{ACTIONS}/2/resource", {"resourceType": "Task"}, HERE, 134, "warning"),
    ("response", "/systemActions/0/description", ABSENT, "/systemActions/0", 128, "hint"),
    ("response", "/extension/trace", 1, "/extension", 215, "hint"),
    ("discovery", f"{SERVICE}/title", ABSENT, SERVICE, 8, "warning"),
    ("discovery", f"{SERVICE}/id", "a service", HERE, 10, "warning"),
    ("patient-view", "/hookInstance", "call-1", HERE, 19, "warning"),
    ("patient-view", "/fhirAuthorization/token_type", "bearer", HERE, 67, "warning"),
    ("patient-view", "/fhirAuthorization/scope", "patient/*.read", "/fhirAuthorization", 71, "warning"),
    ("patient-view", "/prefetch", {}, HERE, 3, "warning"),
    ("patient-view", "/context/patientId", "Patient/1288992", HERE, f"{LIBRARY}patient-view.patientId", "warning"),
    ("order-select", "/context/selections", ABSENT, "/context", f"{LIBRARY}86", "warning"),
    ("order-select", "/context/selections", [], HERE, 3, "warning"),
]

ACCEPTED = [
    ("response", "/cards", []),
    ("response", "/cards/0/novelty", {"anything": None}),
    ("response", "/novelty", []),
    ("response", f"{CARD}/summary", LONG),
    ("response", f"{CARD}/summary", "\N{BUG}" * 139),  # characters, not UTF-16 units or bytes
    ("response", f"{CARD}/selectionBehavior", "any"),
    ("response", f"{CARD}/suggestions", ABSENT),
    ("response", f"{SUGGESTION}/isRecommended", False),
    ("response", f"{CARD}/links/1/url", "HTTPS://example.org/launch?iss=x#y"),
    ("response", f"{CARD}/extension/org.example.empty", {}),
    ("discovery", "/services", []),
    ("discovery", f"{SERVICE}/version", "STU2"),
    ("discovery", f"{SERVICE}/prefetch/x-y", "Observation?patient={{context.patientId}}&_sort=-date"),
    ("feedback", f"{OVERRIDDEN}/overrideReason", ABSENT),
    ("feedback", f"{ENTRY}/outcomeTimestamp", "1985-04-12t23:20:60z"),
    ("patient-view", "/fhirAuthorization", ABSENT),
    ("patient-view", "/prefetch/patient", None),
    ("patient-view", "/context/novelty", []),
    ("patient-view", "/fhirServer", "http://localhost:8080/fhir"),
    ("order-select", "/context/draftOrders/entry", []),
    ("encounter-start", "/context", {"anything": {}}),
]


@pytest.mark.parametrize(("kind", "where", "value", "pointer", "wanted", "severity"), HABITS)
def test_a_habit_is_no_error(
    kind: str, where: str, value: Any, pointer: str | None, wanted: Any, severity: str
) -> None:
    check(kind, changed(GOOD[kind], where, value), where if pointer is HERE else pointer, wanted, severity)


@pytest.mark.parametrize(("kind", "where", "value"), ACCEPTED)
def test_what_the_specification_allows_is_accepted(kind: str, where: str, value: Any) -> None:
    assert found(kind, changed(GOOD[kind], where, value)) == []
