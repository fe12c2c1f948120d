"""Addresses as clients write them: a slash too many, a preflight for anything, an address of an earlier version."""

import pytest
from flask.testing import FlaskClient

VIEW = "/cds-services/anakinra-neutropenia-view"


@pytest.mark.parametrize("address", ["/cds-services/", "/cds-services//"])
def test_slashes_too_many_are_no_redirect(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert len(answer.get_json()["services"]) == 3


def test_the_sandbox_joins_a_discovery_address_that_ends_in_a_slash(client: FlaskClient) -> None:
    answer = client.post("/cds-services//anakinra-neutropenia-view", data=b"{}")
    assert answer.status_code == 400
    assert "hook is missing" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "address",
    [
        "/cds-services",
        "/cds-services/",
        VIEW,
        f"{VIEW}/",
        "/health/live",
        "/health/ready",
        f"{VIEW}/feedback",
        "/nowhere",
    ],
)
def test_a_preflight_is_answered_everywhere_so_that_a_script_can_read_the_error(
    client: FlaskClient, address: str
) -> None:
    answer = client.options(
        address,
        headers={
            "Origin": "https://ehr.example.org",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization, content-type",
        },
    )
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert answer.headers["Access-Control-Allow-Headers"] == "Authorization, Content-Type"
    assert int(answer.headers["Access-Control-Max-Age"]) > 0


def test_the_analytics_of_version_1_are_refused_in_plain_words(client: FlaskClient) -> None:
    answer = client.post(f"{VIEW}/analytics/83e4cfc3-8ed4-421d-b3ec-7609e6a38125")
    assert answer.status_code == 404
    assert "POST feedback to /cds-services/ID/feedback" in answer.get_json()["issue"][0]["diagnostics"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("body", "said"),
    [(b"", "is empty"), (b" \n", "is empty"), (b"\x1f\x8b\x08\x00", "is compressed"), (b"<html>", "is not JSON")],
)
def test_a_body_that_is_no_json_is_told_what_it_is(client: FlaskClient, body: bytes, said: str) -> None:
    answer = client.post("/cds-services/anakinra-neutropenia-view", data=body)
    assert answer.status_code == 400
    assert f"The body {said}" in answer.get_json()["issue"][0]["diagnostics"]
