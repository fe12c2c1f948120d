"""The contract as documents: /schemas/..., /openapi.json, and that no address is left out."""

import re
import subprocess
import sys
from typing import Any

import pytest
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator

from cds_service import create_app
from cds_service.contract.schemas import documents, validator
from cds_service.hooks.services import SERVICES
from cds_service.settings import Settings
from cds_service.web.examples import prefetched

# Pages for people, described by themselves; and what older clients call, answered 404 in plain words.
NOT_DESCRIBED = re.compile(r"/|/workbench.*|/static/.*|/cds-services/<service_id>/analytics/.*")


@pytest.fixture(scope="module")
def service() -> FlaskClient:
    """The service with its real cards: the examples are its own answers."""
    return create_app(Settings()).test_client()


@pytest.fixture(scope="module")
def described(service: FlaskClient) -> dict[str, Any]:
    document: dict[str, Any] = service.get("/openapi.json").get_json()
    return document


@pytest.mark.parametrize("path", documents())
def test_a_schema_is_served_as_it_is_packaged(service: FlaskClient, path: str) -> None:
    answer = service.get(f"/schemas/{path}")

    assert answer.status_code == 200
    assert answer.mimetype == "application/schema+json"
    assert answer.get_json() == documents()[path]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"


@pytest.mark.parametrize("address", ["/schemas", "/schemas/"])
def test_the_index_leads_to_every_schema(service: FlaskClient, address: str) -> None:
    listed = service.get(address).get_json()["schemas"]

    assert [each["url"] for each in listed] == [f"/schemas/{path}" for path in documents()]
    assert all(each["title"] and each["description"] for each in listed)


@pytest.mark.parametrize("path", ["2.0/cards.json", "1.0/card.json", "2.0/common.json", "2.0/card"])
def test_a_wrong_name_is_answered_with_the_right_ones(service: FlaskClient, path: str) -> None:
    answer = service.get(f"/schemas/{path}")

    assert answer.status_code == 404
    assert answer.mimetype == "application/fhir+json"
    assert "2.0/card.json, 2.0/discovery.json" in answer.get_json()["issue"][0]["diagnostics"]


@pytest.mark.parametrize("address", ["/schemas", "/schemas/crd/response.json", "/openapi.json"])
def test_what_did_not_change_is_not_sent_again(service: FlaskClient, address: str) -> None:
    etag = service.get(address).headers["ETag"]

    assert service.get(address, headers={"If-None-Match": etag}).status_code == 304


def test_the_document_is_valid_openapi(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1")
    assert [error.message for error in OpenAPIV31SpecValidator(described).iter_errors()] == []


def test_every_route_is_described(service: FlaskClient, described: dict[str, Any]) -> None:
    """Whoever adds an address adds it to cds_service/contract/openapi_paths.py."""
    missing = []
    for rule in service.application.url_map.iter_rules():
        if NOT_DESCRIBED.fullmatch(rule.rule):
            continue
        same = re.compile(re.sub(r"<[^>]+>", "[^/]+", rule.rule))
        operations = [path for where, path in described["paths"].items() if same.fullmatch(where)]
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            if not any(method.lower() in each for each in operations):
                missing.append(f"{method} {rule.rule}")
    assert missing == []


def test_every_service_has_its_own_address_and_request(described: dict[str, Any]) -> None:
    for service in SERVICES.values():
        call = described["paths"][f"/cds-services/{service.id}"]["post"]
        (reference,) = call["requestBody"]["content"]["application/json"]["schema"].values()
        hook = described["components"]["schemas"][reference.rpartition("/")[2]]["properties"]["hook"]
        assert hook["const"] == service.hook


def test_every_refusal_is_an_operation_outcome(described: dict[str, Any]) -> None:
    for operations in described["paths"].values():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                assert status == "200" or answer["$ref"].startswith("#/components/responses/")
    for answer in described["components"]["responses"].values():
        ((media_type, content),) = answer["content"].items()
        assert media_type == "application/fhir+json"
        assert content["schema"] == {"$ref": "#/components/schemas/OperationOutcome"}


def test_the_examples_are_real_and_good(described: dict[str, Any]) -> None:
    assert not list(validator("discovery").iter_errors(_example(described["paths"]["/cds-services"]["get"], "200")))
    for service in SERVICES.values():
        call = described["paths"][f"/cds-services/{service.id}"]["post"]
        request, response = _example(call, "request"), _example(call, "200")
        assert not list(validator("request", "2.0", service.hook).iter_errors(request))
        assert not list(validator("response").iter_errors(response))
        assert response["cards"]
        assert set(request["prefetch"]) == set(service.prefetch)
    feedback = _example(described["paths"]["/cds-services/{id}/feedback"]["post"], "request")
    assert not list(validator("feedback").iter_errors(feedback))


def _example(operation: dict[str, Any], where: str) -> Any:
    place = operation["requestBody"] if where == "request" else operation["responses"][where]
    return place["content"]["application/json"]["examples"]["example"]["value"]


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("Patient/{{context.patientId}}", "p"),
        ("Practitioner/{{context.userId}}", None),
        ("Observation?patient={{context.patientId}}&code=751-8,26499-4&_count=9", ["o1"]),
        ("Observation?patient={{context.patientId}}&code=1-1", None),
        ("Condition?patient={{context.patientId}}&_count=9", ["c"]),
    ],
)
def test_prefetch_of_an_example(template: str, found: Any) -> None:
    resources = [
        {"resourceType": "Patient", "id": "p"},
        {"resourceType": "Condition", "id": "c"},
        {"resourceType": "Observation", "id": "o1", "code": {"coding": [{"code": "751-8"}]}},
        {"resourceType": "Observation", "id": "o2", "code": {"coding": [{"code": "8310-5"}]}},
    ]

    value = prefetched(template, resources)

    if isinstance(found, list):
        assert value is not None
        assert [entry["resource"]["id"] for entry in value["entry"]] == found
    else:
        assert (value and value["id"]) == found


def test_they_cost_nothing_at_the_start() -> None:
    script = (
        "import sys; from cds_service import create_app; from cds_service.settings import Settings; "
        "create_app(Settings()); "
        "print(sorted({'jsonschema', 'referencing'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
