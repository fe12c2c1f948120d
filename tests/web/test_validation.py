"""POST /validate: the findings as JSON; a body that is none is a 400 with its place; on loopback, in a sandbox."""

import io
import json

import pytest

from cds_service import create_app
from cds_service.settings import Settings
from tests.trust.ehr import HOSPITAL, token_for, write_clients

CARDS = b'{"cards": [\n  {"summary": "x", "source": {"label": "y"}}\n]}'


def test_the_findings_of_a_payload(client) -> None:
    answer = client.post("/validate", data=CARDS)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert list(answer.json) == ["findings"]
    first = answer.json["findings"][0]
    assert (first["requirement"], first["line"], first["column"]) == ("cds-hooks_2.0@88", 2, 3)
    assert answer.headers["Cache-Control"] == "no-store"


def test_kind_and_profile_are_in_the_query(client) -> None:
    card = b'{"summary": "x", "indicator": "info", "source": {"label": "y"}}'

    def errors(query: str) -> list[str]:
        found = client.post(f"/validate?{query}", data=card).json["findings"]
        return [each["pointer"] for each in found if each["severity"] == "error"]

    assert errors("kind=card") == []
    assert errors("kind=card&profile=crd") == ["/source"]
    assert errors("kind=feedback") == [""]


@pytest.mark.parametrize("as_file", [True, False])
def test_the_request_comes_beside_its_response_as_a_form(client, as_file: bool) -> None:
    delete = {"type": "delete", "description": "x", "resourceId": "MedicationRequest/2"}
    card = {"suggestions": [{"label": "x", "actions": [delete]}]}
    parts = {
        "payload": json.dumps({"cards": [card]}),
        "request": json.dumps({"hook": "order-sign", "context": {"draftOrders": {"resourceType": "Bundle"}}}),
    }
    if as_file:
        parts = {name: (io.BytesIO(text.encode()), f"{name}.json") for name, text in parts.items()}
    found = client.post("/validate", data=parts, content_type="multipart/form-data").json["findings"]
    assert [each["pointer"] for each in found if each["requirement"] == "anakinra-cds_1@action-target"] == [
        "/cards/0/suggestions/0/actions/0/resourceId"
    ]


@pytest.mark.parametrize(
    ("query", "body", "status", "says"),
    [
        ("", b"", 400, "it is empty (line 1, column 1)"),
        ("", b'{"cards": [\n', 400, "it ends too early, as if cut short (line 2, column 1)"),
        ("kind=cards", CARDS, 400, "kind is not known: send one of auto, request"),
        ("profile=1.0", CARDS, 400, "profile is not known: send one of 2.0"),
        ("", b" " * 2000, 413, "longer than 1024 bytes"),
    ],
)
def test_what_cannot_be_read_is_an_operation_outcome(client_with, query, body, status, says) -> None:
    answer = client_with(max_body_bytes=1024).post(f"/validate?{query}", data=body)
    assert answer.status_code == status
    assert answer.json["resourceType"] == "OperationOutcome"
    assert says in answer.json["issue"][0]["diagnostics"]


OTHER_PART = b'--b\r\nContent-Disposition: form-data; name="other"\r\n\r\n{}\r\n--b--\r\n'


@pytest.mark.parametrize(
    ("body", "content_type", "says"),
    [
        (b"", "multipart/form-data", "no part payload"),
        (b"x", "multipart/form-data; boundary=b", "cannot be read"),
        (OTHER_PART, "multipart/form-data; boundary=b", "no part payload"),
    ],
)
def test_a_form_that_cannot_be_read(client, body: bytes, content_type: str, says: str) -> None:
    answer = client.post("/validate", data=body, content_type=content_type)
    assert answer.status_code == 400
    assert says in answer.json["issue"][0]["diagnostics"]


def test_only_this_machine_may_call_it(client_with) -> None:
    from_elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert client_with().post("/validate", data=CARDS, environ_base=from_elsewhere).status_code == 403
    assert (
        client_with(sandbox_public=True).post("/validate", data=CARDS, environ_base=from_elsewhere).status_code == 200
    )


def test_production_has_no_such_address(tmp_path) -> None:
    clients = write_clients(tmp_path / "clients.toml", HOSPITAL)
    service = create_app(Settings(mode="production", clients=str(clients), audit_key="k" * 32)).test_client()

    assert service.post("/validate", data=CARDS, headers=token_for("/validate")).status_code == 404


def test_a_form_of_many_parts_is_refused_before_they_are_read(client):
    part = b'--x\r\nContent-Disposition: form-data; name="p"\r\n\r\na\r\n'

    response = client.post("/validate", data=part * 50_000 + b"--x--", content_type="multipart/form-data; boundary=x")

    assert response.status_code == 400
    assert response.get_json()["resourceType"] == "OperationOutcome"
