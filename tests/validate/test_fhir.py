"""FHIR resources in actions: errors, each once; the models of fhir.resources and what those let through."""

import pytest

from cds_service.validate import Severity
from cds_service.validate.fhir.resource import resource_faults
from cds_service.validate.node import Node
from tests.validate.payloads import ORDER, without

M = "fhir_r4@MedicationRequest"
AT, REPEAT = "/dosageInstruction/0/timing/repeat", f"{M}.dosageInstruction.timing.repeat"
PATIENT = {"resourceType": "Patient", "id": "p1"}
OBSERVATION = {"resourceType": "Observation", "status": "final", "code": {"text": "ANC"}}


def said(resource: dict[str, object]) -> list[tuple[str, str]]:
    return [(each.pointer, each.requirement) for each in resource_faults(Node(resource), Severity.ERROR)]


def timing(**repeat: object) -> dict[str, object]:
    return ORDER | {"dosageInstruction": [{"timing": {"repeat": repeat}}]}


@pytest.mark.parametrize(
    "resource",
    [
        ORDER,
        ORDER | {"contained": [{"resourceType": "Medication", "id": "med"}]},
        timing(frequency=1, period=1, periodUnit="d", dayOfWeek=["mon"], when=["MORN"]),
        without(ORDER, "status") | {"_status": {"extension": [{"url": "urn:x", "valueString": "unknown"}]}},
        PATIENT | {"name": [{"given": ["A", None], "_given": [None, {"extension": [{"url": "u", "valueCode": "x"}]}]}]},
        PATIENT | {"deceasedBoolean": None, "_deceasedBoolean": {"extension": [{"url": "u", "valueCode": "x"}]}},
        PATIENT | {"birthDate": "2019-05", "gender": "female", "active": True},
        OBSERVATION | {"status": "corrected", "valueQuantity": {"value": 0.96, "comparator": "<"}},
        {"resourceType": "Task", "status": "ready", "intent": "order"},
        {"resourceType": "MedicinalProduct", "id": "of R4 only, and not checked"},
        {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": ORDER}]},
    ],
)
def test_nothing_is_said_of_good_fhir(resource: dict[str, object]) -> None:
    assert said(resource) == []


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        # what is missing, all at once
        (without(ORDER, "status", "intent"), [("", f"{M}.intent"), ("", f"{M}.status")]),
        (without(ORDER, "subject"), [("", f"{M}.subject")]),
        (without(ORDER, "medicationCodeableConcept"), [("", f"{M}.medication[x]")]),
        (ORDER | {"medicationReference": {"reference": "Medication/1"}}, [("", f"{M}.medication[x]")]),
        # codes of required bindings, at any depth
        (ORDER | {"status": "bogus"}, [("/status", f"{M}.status")]),
        (ORDER | {"intent": "Order"}, [("/intent", f"{M}.intent")]),
        (timing(periodUnit="days"), [(f"{AT}/periodUnit", f"{REPEAT}.periodUnit")]),
        (timing(dayOfWeek=["Mon"]), [(f"{AT}/dayOfWeek/0", f"{REPEAT}.dayOfWeek")]),
        (PATIENT | {"gender": "F"}, [("/gender", "fhir_r4@Patient.gender")]),
        (OBSERVATION | {"status": "partial"}, [("/status", "fhir_r4@Observation.status")]),
        # kinds, which the models take for granted
        (ORDER | {"category": {"text": "x"}}, [("/category", f"{M}.category")]),
        (ORDER | {"subject": "Patient/p1"}, [("/subject", f"{M}.subject")]),
        (ORDER | {"subject": '{"reference": "Patient/p1"}'}, [("/subject", f"{M}.subject")]),
        (PATIENT | {"active": "true"}, [("/active", "fhir_r4@Patient.active")]),
        (PATIENT | {"birthDate": 2019}, [("/birthDate", "fhir_r4@Patient.birthDate")]),
        (
            OBSERVATION | {"valueQuantity": {"value": "0.96"}},
            [("/valueQuantity/value", "fhir_r4@Observation.valueQuantity.value")],
        ),
        (timing(frequency=True), [(f"{AT}/frequency", f"{REPEAT}.frequency")]),
        (PATIENT | {"contact": [7]}, [("/contact/0", "fhir_r4@Patient.contact")]),
        # formats
        (ORDER | {"authoredOn": "23.11.2026"}, [("/authoredOn", f"{M}.authoredOn")]),
        (ORDER | {"authoredOn": "2026-11-23T10:00:00"}, [("/authoredOn", f"{M}.authoredOn")]),
        (PATIENT | {"birthDate": "2019-02-30"}, [("/birthDate", "fhir_r4@Patient.birthDate")]),
        (ORDER | {"id": "x" * 65}, [("/id", f"{M}.id")]),
        (ORDER | {"id": "a b"}, [("/id", f"{M}.id")]),
        # what is not there in R4
        (ORDER | {"colour": "red"}, [("/colour", M)]),
        (ORDER | {"subject": {"reference": "Practitioner/1"}}, [("/subject", f"{M}.subject")]),
        (ORDER | {"contained": [{"resourceType": "Nope"}]}, [("/contained/0/resourceType", "cds-hooks_2.0@130")]),
        (ORDER | {"contained": [{}]}, [("/contained/0", f"{M}.contained")]),
        (
            {"resourceType": "Parameters", "parameter": [{"name": "a", "resource": {"resourceType": "Nope"}}]},
            [("", "fhir_r4@Parameters")],
        ),
        ({"resourceType": "MedicationOrder"}, [("/resourceType", "cds-hooks_2.0@130")]),
        ({"resourceType": "Dosage"}, [("/resourceType", "cds-hooks_2.0@130")]),
        (
            {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": PATIENT | {"gender": "F"}}]},
            [("/entry/0/resource/gender", "fhir_r4@Patient.gender")],
        ),
    ],
)
def test_each_fault_is_said_once(resource: dict[str, object], expected: list[tuple[str, str]]) -> None:
    assert said(resource) == expected


def test_another_release_is_named_with_what_r4_has_instead() -> None:
    (finding,) = resource_faults(Node({"resourceType": "MedicationOrder"}), Severity.HINT)
    assert finding.severity is Severity.WARNING, "no reader of R4 can take it"
    assert finding.message == "MedicationOrder is of FHIR DSTU2; R4 has none."
    assert finding.fix == "Send FHIR R4, where this is MedicationRequest."


def test_messages_hold_no_values() -> None:
    secret = "Mustermann"
    broken = PATIENT | {"gender": secret, "birthDate": secret, "active": secret, "name": secret, "photo": [secret]}
    for each in resource_faults(Node(broken), Severity.ERROR):
        assert secret not in each.message + each.fix + each.requirement + each.pointer
