"""Tokens that are good, and the exact address that they are good for."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.trust.ehr import BASE, ISSUER, JWKS, PATH, URL, In, bearer, claims, signed, token_for

Make = Callable[..., FlaskClient]

GOOD: dict[str, Callable[[], str]] = {
    "ES384": lambda: signed(claims()),
    "RS384": lambda: signed(claims(), kid="rsa-1"),
    "aud in a list": lambda: signed(claims(aud=["https://other.example.org", URL])),
    "members that we do not know": lambda: signed(claims(sub="ehr", tenant="north", nonce="x"), x5t="AA"),
    "a clock 50 s ahead": lambda: signed(claims(iat=In(50), exp=In(350), nbf=In(50))),
    "just expired, within the leeway": lambda: signed(claims(iat=In(-330), exp=In(-30))),
    "ten minutes": lambda: signed(claims(iat=In(0), exp=In(600))),
    "times with fractions": lambda: signed(claims(iat=In(0.25), exp=In(300.5))),
}


@pytest.mark.parametrize("good", GOOD)
def test_a_good_token_is_let_in(service: FlaskClient, good: str) -> None:
    answer = service.post(PATH, data=b"{}", headers=bearer(GOOD[good]()))

    assert answer.status_code == 400  # it was read: the body is no hook request
    assert "hook is missing" in answer.get_json()["issue"][0]["diagnostics"]


def test_the_scheme_may_be_in_small_letters(service: FlaskClient) -> None:
    answer = service.post(PATH, data=b"{}", headers={"Authorization": f"bearer {signed(claims())}"})

    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("called", "aud", "let_in"),
    [
        (PATH, URL, True),
        (f"{PATH}/", f"{URL}/", True),
        (f"{PATH}/", URL, False),
        (PATH, f"{URL}/", False),
        ("/cds-services//anakinra-neutropenia-view", f"{BASE}/cds-services//anakinra-neutropenia-view", True),
        ("/cds-services//anakinra-neutropenia-view", URL, False),
        (f"{PATH}?x=1", URL, True),
        (f"{PATH}?x=1", f"{URL}?x=1", False),
        ("/cds-services/anakinra-neutropenia-sign", URL, False),
        (f"{PATH}/feedback", URL, False),
        ("/cds-services", f"{BASE}/cds-services", True),
        ("/cds-services", URL, False),
    ],
)
def test_a_token_is_good_for_the_address_that_is_called(
    service: FlaskClient, called: str, aud: str, let_in: bool
) -> None:
    answer = service.open(
        called,
        method="GET" if called == "/cds-services" else "POST",
        headers=bearer(signed(claims(aud=aud))) | {"Host": "evil.example.org", "X-Forwarded-Host": "evil.example.org"},
    )

    assert (answer.status_code != 401) is let_in


def test_a_vendor_that_sends_one_aud_for_every_call(service_for: Make) -> None:
    service = service_for({"fixed_audiences": ["https://cds.example.org/registered"]})

    for aud, status in [("https://cds.example.org/registered", 400), (URL, 400), ("https://cds.example.org/", 401)]:
        assert service.post(PATH, headers=bearer(signed(claims(aud=aud)))).status_code == status


def test_discovery_and_feedback_take_tokens_too(service: FlaskClient) -> None:
    assert service.get("/cds-services", headers=token_for("/cds-services")).status_code == 200
    assert service.post(f"{PATH}/feedback", headers=token_for(f"{PATH}/feedback")).status_code != 401


def test_a_refusal_that_has_a_reason_keeps_it_for_clients_that_are_known(service: FlaskClient) -> None:
    path = "/cds-services/no-such-service"

    assert service.post(path, headers=token_for(path)).status_code == 404


def test_a_jku_is_compared_with_the_configured_one_and_not_fetched(service_for: Make) -> None:
    jku = "https://ehr.example.org/jwks.json"
    service = service_for({"jku": jku})  # beside jwks

    right = service.post(PATH, headers=bearer(signed(claims(), jku=jku)))
    wrong = service.post(PATH, headers=bearer(signed(claims(), jku=f"{jku}/")))

    assert (right.status_code, wrong.status_code) == (400, 401)


def test_only_the_configured_algorithms(service_for: Make) -> None:
    service = service_for({"algorithms": ["ES256", "RS512", "PS384"]})

    assert service.post(PATH, headers=bearer(signed(claims(), kid="p256-1"))).status_code == 400
    assert service.post(PATH, headers=bearer(signed(claims()))).status_code == 401


@pytest.mark.parametrize(
    ("tenant", "name"), [("north", "north"), ("south", "south"), ("west", None), (..., None), (7, None)]
)
def test_tenants_of_one_issuer(service_for: Make, tenant: object, name: str | None) -> None:
    service = service_for({"name": "north", "tenant": "north"}, {"name": "south", "tenant": "south"})

    answer = service.post(PATH, headers=bearer(signed(claims(tenant=tenant))))

    assert (answer.status_code != 401) is bool(name)


def test_a_client_cannot_sign_as_another(service_for: Make) -> None:
    """Each key is good for its own issuer only."""
    others = {"keys": [JWKS["keys"][1]]}  # the RSA key
    service = service_for(
        {"jwks": {"keys": [JWKS["keys"][0]]}}, {"name": "other", "issuer": "https://b.example", "jwks": others}
    )
    as_other = {"iss": "https://b.example"}

    assert service.post(PATH, headers=bearer(signed(claims(**as_other), kid="rsa-1"))).status_code == 400
    assert service.post(PATH, headers=bearer(signed(claims(**as_other), kid="ec-1"))).status_code == 401
    assert service.post(PATH, headers=bearer(signed(claims(iss=ISSUER), kid="rsa-1"))).status_code == 401
