"""Who may call a sandbox."""

import pytest

from cds_service.web.peers import is_loopback

VIEW = "/cds-services/anakinra-neutropenia-view"


@pytest.mark.parametrize(
    ("address", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("::ffff:192.0.2.1", False),
        ("192.0.2.1", False),
        ("10.0.0.1", False),
        ("2001:db8::1", False),
        ("localhost", False),
        ("", False),
    ],
)
def test_what_is_this_machine(address, loopback):
    assert is_loopback(address) is loopback


STRANGERS = [
    {"REMOTE_ADDR": "192.0.2.1"},
    {"REMOTE_ADDR": ""},
    {"HTTP_X_FORWARDED_FOR": "192.0.2.1"},
    {"HTTP_X_FORWARDED_FOR": "127.0.0.1, 192.0.2.1"},
    {"HTTP_FORWARDED": "for=192.0.2.1"},
]


@pytest.mark.parametrize("environ", STRANGERS)
def test_a_sandbox_refuses_strangers_on_discovery_and_hooks(client, stand_in, good_body, environ):
    for response in (
        client.get("/cds-services", environ_overrides=environ),
        client.post(VIEW, json=good_body("patient-view"), environ_overrides=environ),
    ):
        assert response.status_code == 403
        assert response.get_json()["issue"][0]["code"] == "forbidden"
        assert "CDS_SANDBOX_PUBLIC=1" in response.get_json()["issue"][0]["diagnostics"]
        assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert not stand_in.asked


@pytest.mark.parametrize("environ", [*STRANGERS, {"HTTP_X_FORWARDED_FOR": "127.0.0.1, ::1"}])
def test_a_public_sandbox_answers_everybody(client_with, good_body, environ):
    client = client_with(sandbox_public=True)

    assert client.post(VIEW, json=good_body("patient-view"), environ_overrides=environ).status_code == 200
    assert client.get("/cds-services", environ_overrides=environ).status_code == 200


def test_a_proxy_on_this_machine_for_this_machine_is_answered(client, good_body):
    environ = {"HTTP_X_FORWARDED_FOR": "127.0.0.1, ::1"}

    assert client.post(VIEW, json=good_body("patient-view"), environ_overrides=environ).status_code == 200
