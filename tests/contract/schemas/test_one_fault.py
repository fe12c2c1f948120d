"""One broken rule in a good payload gives exactly one error, where the fault is, with its requirement and its fix.

Columns: the body (a kind, or a hook for requests); where it is changed; to what; where the error is found; by which
requirement. A number is a row of cds-hooks_2.0.
"""

from typing import Any

import pytest
from jsonschema import ValidationError

from cds_service.contract.requirements import requirement
from cds_service.contract.schemas import validator
from tests.contract.schemas.payloads import ABSENT, GOOD, changed

LIBRARY = "cds-hooks-library_1.0.1@"
CARD, SUGGESTION, ACTIONS = "/cards/0", "/cards/0/suggestions/0", "/cards/0/suggestions/0/actions"
SERVICE, ENTRY, OVERRIDDEN = "/services/0", "/feedback/0", "/feedback/1"
HERE: Any = None
LONG = "x" * 139

ERRORS = [
    # the response
    ("response", "", [], "", 74),
    ("response", "/cards", ABSENT, "", 74),
    ("response", "/cards", None, HERE, 74),
    ("response", "/cards", {}, HERE, 74),
    ("response", "/systemActions", [], HERE, 75),
    ("response", "/systemActions/0/type", "replace", HERE, 127),
    ("response", "/extension", {}, HERE, 214),
    ("response", "/extension", "text", HERE, 214),
    ("response", CARD, "Hold anakinra", HERE, 74),
    ("response", f"{CARD}/summary", ABSENT, CARD, 83),
    ("response", f"{CARD}/summary", "", HERE, 83),
    ("response", f"{CARD}/summary", f"{LONG}x", HERE, 83),
    ("response", f"{CARD}/indicator", ABSENT, CARD, 88),
    ("response", f"{CARD}/indicator", "hard-stop", HERE, 88),
    ("response", f"{CARD}/indicator", None, HERE, 88),
    ("response", f"{CARD}/detail", "", HERE, 85),
    ("response", f"{CARD}/detail", ["text"], HERE, 85),
    ("response", f"{CARD}/uuid", 17, HERE, 80),
    ("response", f"{CARD}/source", ABSENT, CARD, 90),
    ("response", f"{CARD}/source", "A label", HERE, 90),
    ("response", f"{CARD}/source/label", ABSENT, f"{CARD}/source", 105),
    ("response", f"{CARD}/source/url", "example.org", HERE, 107),
    ("response", f"{CARD}/source/icon", "/icon.png", HERE, 111),
    ("response", f"{CARD}/source/topic", "hold", HERE, 115),
    ("response", f"{CARD}/source/topic/system", ABSENT, f"{CARD}/source/topic", 217),
    ("response", f"{CARD}/source/topic/code", 5, HERE, 216),
    ("response", f"{CARD}/suggestions", [], HERE, 92),
    ("response", f"{CARD}/selectionBehavior", ABSENT, CARD, 95),
    ("response", f"{CARD}/selectionBehavior", "all", HERE, 95),
    ("response", f"{SUGGESTION}/label", ABSENT, SUGGESTION, 117),
    ("response", f"{SUGGESTION}/isRecommended", "true", HERE, 121),
    ("response", "/cards/0/suggestions/1/isRecommended", True, f"{CARD}/suggestions", 122),
    ("response", ACTIONS, [], HERE, 124),
    ("response", f"{ACTIONS}/0", "create", HERE, 124),
    ("response", f"{ACTIONS}/0/type", ABSENT, f"{ACTIONS}/0", 127),
    ("response", f"{ACTIONS}/0/type", "CREATE", HERE, 127),
    ("response", f"{ACTIONS}/0/description", ABSENT, f"{ACTIONS}/0", 128),
    ("response", f"{ACTIONS}/0/resource", ABSENT, f"{ACTIONS}/0", 131),
    ("response", f"{ACTIONS}/0/resource", "ServiceRequest/1", HERE, 130),
    ("response", f"{ACTIONS}/0/resource/resourceType", ABSENT, f"{ACTIONS}/0/resource", 130),
    ("response", f"{ACTIONS}/1/resource", ABSENT, f"{ACTIONS}/1", 132),
    ("response", f"{ACTIONS}/2/resourceId", ABSENT, f"{ACTIONS}/2", 134),
    ("response", f"{ACTIONS}/2/resourceId", "draft", HERE, 135),
    (
        "response",
        f"{ACTIONS}/2",
        {"type": "delete", "description": "d", "resource": "A/1"},
        f"{ACTIONS}/2/resource",
        130,
    ),
    ("response", f"{CARD}/overrideReasons", [], HERE, 98),
    ("response", f"{CARD}/overrideReasons/0/display", ABSENT, f"{CARD}/overrideReasons/0", 100),
    ("response", f"{CARD}/overrideReasons/0", "Already known", HERE, 98),
    ("response", f"{CARD}/links", {}, HERE, 103),
    ("response", f"{CARD}/links/0/label", "", HERE, 138),
    ("response", f"{CARD}/links/0/url", "javascript:alert(1)", HERE, 139),
    ("response", f"{CARD}/links/0/type", ABSENT, f"{CARD}/links/0", 142),
    ("response", f"{CARD}/links/0/type", "relative", HERE, 142),
    ("response", f"{CARD}/links/0/appContext", "{}", HERE, 147),
    ("response", f"{CARD}/links/1/appContext", {"a": 1}, HERE, 144),
    ("response", f"{CARD}/links/1/autolaunchable", "yes", HERE, "anakinra-cds_1@autolaunchable"),
    # discovery
    ("discovery", "/services", ABSENT, "", 6),
    ("discovery", f"{SERVICE}/hook", ABSENT, SERVICE, 7),
    ("discovery", f"{SERVICE}/id", ABSENT, SERVICE, 10),
    ("discovery", f"{SERVICE}/description", "", HERE, 9),
    ("discovery", f"{SERVICE}/title", None, HERE, 8),
    ("discovery", f"{SERVICE}/prefetch", {}, HERE, 11),
    ("discovery", f"{SERVICE}/prefetch", ["Patient/{{context.patientId}}"], HERE, 11),
    ("discovery", f"{SERVICE}/prefetch/patient", None, HERE, 36),
    ("discovery", f"{SERVICE}/usageRequirements", [], HERE, 12),
    # feedback
    ("feedback", "/feedback", ABSENT, "", 154),
    ("feedback", "/feedback", [], HERE, 154),
    ("feedback", f"{ENTRY}/card", ABSENT, ENTRY, 155),
    ("feedback", f"{ENTRY}/outcome", "ignored", HERE, 156),
    ("feedback", f"{ENTRY}/acceptedSuggestions", ABSENT, ENTRY, 158),
    ("feedback", f"{ENTRY}/acceptedSuggestions", [], HERE, 158),
    ("feedback", f"{ENTRY}/acceptedSuggestions/0", "e56e1945", HERE, 158),
    ("feedback", f"{ENTRY}/acceptedSuggestions/0/id", ABSENT, f"{ENTRY}/acceptedSuggestions/0", 162),
    ("feedback", f"{ENTRY}/outcomeTimestamp", ABSENT, ENTRY, 161),
    ("feedback", f"{ENTRY}/outcomeTimestamp", "2026-11-23T10:05:31+01:00", HERE, 161),
    ("feedback", f"{ENTRY}/outcomeTimestamp", "2026-11-23", HERE, 161),
    ("feedback", f"{ENTRY}/outcomeTimestamp", 1795428331, HERE, 161),
    ("feedback", f"{OVERRIDDEN}/overrideReason", "known", HERE, 159),
    ("feedback", f"{OVERRIDDEN}/overrideReason", {}, HERE, 159),
    ("feedback", f"{OVERRIDDEN}/overrideReason/reason", "known", HERE, 165),
    ("feedback", f"{OVERRIDDEN}/overrideReason/reason/system", ABSENT, f"{OVERRIDDEN}/overrideReason/reason", 217),
    ("feedback", f"{OVERRIDDEN}/overrideReason/userComment", "", HERE, 166),
    # requests
    ("patient-view", "/hook", ABSENT, "", 18),
    ("patient-view", "/hook", "order-sign", HERE, 18),
    ("patient-view", "/hook", 1, HERE, 18),
    ("patient-view", "/hookInstance", ABSENT, "", 19),
    ("patient-view", "/hookInstance", "", HERE, 19),
    ("patient-view", "/fhirServer", ABSENT, "", 20),
    ("patient-view", "/fhirServer", "ehr.example.org/fhir", HERE, 20),
    ("patient-view", "/fhirAuthorization", "opaque", HERE, 21),
    ("patient-view", "/fhirAuthorization/access_token", ABSENT, "/fhirAuthorization", 66),
    ("patient-view", "/fhirAuthorization/token_type", "MAC", HERE, 67),
    ("patient-view", "/fhirAuthorization/expires_in", "300", HERE, 68),
    ("patient-view", "/fhirAuthorization/scope", ABSENT, "/fhirAuthorization", 69),
    ("patient-view", "/fhirAuthorization/subject", "", HERE, 70),
    ("patient-view", "/prefetch", [], HERE, 23),
    ("patient-view", "/prefetch/patient", "Patient/1", HERE, 30),
    ("patient-view", "/prefetch/patient", [], HERE, 30),
    ("patient-view", "/prefetch/patient/resourceType", ABSENT, "/prefetch/patient", 30),
    ("patient-view", "/context", ABSENT, "", 22),
    ("patient-view", "/context", "1288992", HERE, 22),
    ("patient-view", "/context/userId", ABSENT, "/context", f"{LIBRARY}patient-view.userId"),
    ("patient-view", "/context/userId", "Device/1", HERE, f"{LIBRARY}patient-view.userId"),
    ("patient-view", "/context/patientId", ABSENT, "/context", f"{LIBRARY}patient-view.patientId"),
    ("patient-view", "/context/patientId", 1288992, HERE, f"{LIBRARY}patient-view.patientId"),
    ("patient-view", "/context/encounterId", "", HERE, f"{LIBRARY}patient-view.encounterId"),
    ("order-select", "/context/userId", "Patient/1288992", HERE, f"{LIBRARY}76"),
    ("order-select", "/context/selections", "MedicationRequest/103", HERE, f"{LIBRARY}87"),
    ("order-select", "/context/selections/0", "103", HERE, f"{LIBRARY}88"),
    ("order-select", "/context/draftOrders", ABSENT, "/context", f"{LIBRARY}92"),
    ("order-select", "/context/draftOrders", [], HERE, f"{LIBRARY}92"),
    ("order-select", "/context/draftOrders/resourceType", "MedicationRequest", HERE, "fhir_r4@Bundle"),
    ("order-sign", "/context/userId", "RelatedPerson/1", HERE, f"{LIBRARY}3"),
    ("order-sign", "/context/draftOrders", ABSENT, "/context", f"{LIBRARY}15"),
    ("order-sign", "/context/draftOrders/resourceType", ABSENT, "/context/draftOrders", "fhir_r4@Bundle"),
    ("encounter-start", "/hook", "", HERE, 18),
    ("encounter-start", "/context", {}, HERE, 22),
]

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


def found(kind: str, body: Any, profile: str = "2.0") -> list[ValidationError]:
    name, hook = ("request", kind) if "-" in kind else (kind, "")
    return list(validator(name, profile, hook).iter_errors(body))


def pointer_of(error: ValidationError) -> str:
    return "".join(f"/{step}" for step in error.absolute_path)


def rule_of(error: ValidationError) -> dict[str, Any]:
    """The annotations of the broken rule: the member's own where it is missing."""
    if error.validator in ("required", "dependentRequired"):
        missing = error.message.split("'")[1]
        return error.schema.get("properties", {}).get(missing, error.schema)
    return error.schema


def check(kind: str, body: Any, pointer: str, wanted: Any, severity: str, profile: str = "2.0") -> None:
    errors = found(kind, body, profile)
    assert [pointer_of(each) for each in errors] == [pointer], errors
    rule = rule_of(errors[0])
    assert rule["x-requirement"] == (f"cds-hooks_2.0@{wanted}" if isinstance(wanted, int) else wanted)
    assert requirement(rule["x-requirement"])
    assert rule["x-fix"].endswith(".")
    assert rule.get("x-severity", "error") == severity


@pytest.mark.parametrize("kind", GOOD)
def test_a_good_body_has_no_fault(kind: str) -> None:
    assert found(kind, GOOD[kind]) == []


@pytest.mark.parametrize(("kind", "where", "value", "pointer", "wanted"), ERRORS)
def test_one_fault_one_error(kind: str, where: str, value: Any, pointer: str | None, wanted: Any) -> None:
    check(kind, changed(GOOD[kind], where, value), where if pointer is HERE else pointer, wanted, "error")


@pytest.mark.parametrize(("kind", "where", "value", "pointer", "wanted", "severity"), HABITS)
def test_a_habit_is_no_error(
    kind: str, where: str, value: Any, pointer: str | None, wanted: Any, severity: str
) -> None:
    check(kind, changed(GOOD[kind], where, value), where if pointer is HERE else pointer, wanted, severity)


@pytest.mark.parametrize(("kind", "where", "value"), ACCEPTED)
def test_what_the_specification_allows_is_accepted(kind: str, where: str, value: Any) -> None:
    assert found(kind, changed(GOOD[kind], where, value)) == []
