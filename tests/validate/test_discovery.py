"""Discovery: services that cannot be told apart, templates that a client cannot run."""

import pytest

from tests.validate.payloads import SERVICE, found

TEMPLATE = "/services/0/prefetch/a"
ERROR, WARNING = "error", "warning"


def services(*members: dict[str, object]) -> dict[str, object]:
    return {"services": [SERVICE | each for each in members]}


def of(hook: str, template: str) -> dict[str, object]:
    return services({"hook": hook, "prefetch": {"a": template}})


@pytest.mark.parametrize(
    "payload",
    [
        {"services": []},
        services({}, {"hook": "order-sign"}),
        of("patient-view", "Patient/{{context.patientId}}"),
        of("patient-view", "{{context.userId}}"),
        of("patient-view", "Practitioner/{{userPractitionerId}}"),
        of("order-dispatch", "ServiceRequest?_id={{context.dispatchedOrders}}"),
        of("org.example-hook", "Basic/{{context.x}}"),
        of("order-select", "Coverage?beneficiary={{context.patientId}}&status=active&_sort=-period"),
        of("order-select", "Observation?code:in=http://x.example/vs&date=ge2026-01-01&_count=10"),
    ],
)
def test_nothing_is_said_of_what_is_good(payload: dict[str, object]) -> None:
    assert found(payload) == []


def test_the_same_id_at_the_same_hook_is_an_error() -> None:
    assert found(services({}, {})) == [(ERROR, "/services/1/id", "anakinra-cds_1@service-id-hook")]


@pytest.mark.parametrize(
    ("hook", "template", "severity", "requirement"),
    [
        ("order-select", "Bundle/{{context.draftOrders}}", ERROR, "cds-hooks-library_1.0.1@93"),
        ("order-select", "Bundle/{{context.selections}}", ERROR, "cds-hooks-library_1.0.1@89"),
        ("order-sign", "Bundle/{{context.draftOrders}}", ERROR, "cds-hooks-library_1.0.1@16"),
        ("appointment-book", "Bundle/{{context.appointments}}", ERROR, "cds-hooks-library_1.0.1@32"),
        ("order-dispatch", "Task/{{context.fulfillmentTasks}}", ERROR, "cds-hooks-library_1.0.1@73"),
        ("patient-view", "Bundle/{{context.draftOrders}}", ERROR, "cds-hooks_2.0@56"),
        ("order-dispatch", "Practitioner/{{context.userId2}}", ERROR, "cds-hooks_2.0@56"),
        ("patient-view", "Patient/{{context.patient.id}}", ERROR, "cds-hooks_2.0@57"),
        ("patient-view", "Patient/{{patientId}}", ERROR, "cds-hooks_2.0@59"),
        ("patient-view", "Patient/{{today()}}", ERROR, "cds-hooks_2.0@56"),
        ("patient-view", "Patient/{{ context.patientId }}", ERROR, "cds-hooks_2.0@56"),
        ("patient-view", "Patient/{{context.patientId}", ERROR, "cds-hooks_2.0@55"),
        ("patient-view", "https://ehr.example.org/Condition?code=1", WARNING, "cds-hooks_2.0@58"),
        ("patient-view", "Patient/{{context.patientId}}/$everything", WARNING, "cds-hooks_2.0@58"),
        ("patient-view", "Observation?patient={{context.patientId}}&sort:desc=date", WARNING, "cds-hooks_2.0@58"),
        ("patient-view", "Observation?patient={{context.patientId}}&code:not=1", WARNING, "cds-hooks_2.0@58"),
        ("patient-view", "Observation?patient.name=x", WARNING, "cds-hooks_2.0@58"),
        ("patient-view", "Observation?_include=Observation:specimen", WARNING, "cds-hooks_2.0@58"),
        ("patient-view", "Observation?value-quantity=lt1.5", WARNING, "cds-hooks_2.0@58"),
        ("patient-view", "Practitioner/{{context.userId}}", WARNING, "cds-hooks_2.0@58"),
    ],
)  # fmt: skip
def test_a_template_that_not_every_client_can_run(hook: str, template: str, severity: str, requirement: str) -> None:
    said = found(of(hook, template))
    assert (severity, TEMPLATE, requirement) in said
    assert {pointer for _, pointer, _ in said} == {TEMPLATE}


@pytest.mark.parametrize("profile", ["crd", "3.0-ballot"])
def test_newer_profiles_let_templates_reach_into_drafts(profile: str) -> None:
    payload = of("order-sign", "DeviceRequest?_id={{context.draftOrders.DeviceRequest.id}}")
    said = found(payload, profile=profile)
    assert [severity for severity, pointer, _ in said if pointer == TEMPLATE] == ["hint"]
    assert (ERROR, TEMPLATE, "cds-hooks_2.0@59") in found(of("order-sign", "Patient/{{patientId}}"), profile=profile)
