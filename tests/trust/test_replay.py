"""A token works once: in one process, by two threads at once, and never because memory is full."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask.testing import FlaskClient

from cds_service.errors import Unavailable
from cds_service.trust.replay import ReplayHere, used_of
from tests.clock import Clock
from tests.trust.ehr import ISSUER, PATH, bearer, claims, signed, token_for


def test_a_token_works_once(service: FlaskClient) -> None:
    token = token_for()

    assert [service.post(PATH, headers=token).status_code for _ in range(3)] == [400, 401, 401]
    assert service.post(PATH, headers=token_for()).status_code == 400


def test_another_token_with_the_same_jti_is_a_replay(service: FlaskClient) -> None:
    first, second = (bearer(signed(claims(jti="same"), kid=kid)) for kid in ("ec-1", "rsa-1"))

    assert service.post(PATH, headers=first).status_code == 400
    assert service.post(PATH, headers=second).status_code == 401


def test_a_forgery_does_not_use_up_the_jti_of_a_good_token(service: FlaskClient) -> None:
    token = signed(claims(jti="wanted"))
    forged = token[:-8] + ("AAAAAAAA" if token[-8:] != "AAAAAAAA" else "BBBBBBBB")

    assert service.post(PATH, headers=bearer(forged)).status_code == 401
    assert service.post(PATH, headers=bearer(token)).status_code == 400


def test_of_many_at_once_one_is_let_in(service: FlaskClient) -> None:
    token, ready = token_for(), Barrier(8)

    def post(_: int) -> int:
        client = service.application.test_client()
        ready.wait()
        return client.post(PATH, headers=token).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(post, range(8)))

    assert statuses == [400, *[401] * 7]


def test_what_has_ended_is_forgotten_and_nothing_else() -> None:
    clock = Clock(1000.0)
    replay = ReplayHere(most=2, clock=clock)
    assert replay.first(b"a", 1010.0)
    assert replay.first(b"b", 1100.0)

    with pytest.raises(Unavailable):
        replay.first(b"c", 1100.0)
    assert not replay.first(b"a", 1010.0)
    clock.now = 1011.0

    assert replay.first(b"c", 1100.0)
    assert not replay.first(b"b", 1100.0)


def test_a_jti_is_its_issuers() -> None:
    assert used_of(ISSUER, "1") != used_of("https://b.example", "1")
    assert len(used_of(ISSUER, "1")) == 32


def test_several_workers_without_redis_let_nobody_in(service: FlaskClient) -> None:
    """The start refuses this where it sees it; here gunicorn's configuration file made two workers of one."""
    answer = service.post(PATH, headers=token_for(), environ_overrides={"wsgi.multiprocess": True})

    assert answer.status_code == 503
    assert "CDS_REDIS_URL" in answer.get_json()["issue"][0]["diagnostics"]


def test_redis_that_is_away_is_a_503_and_never_an_acceptance(service_for: Callable[..., FlaskClient]) -> None:
    service = service_for({}, redis_url="redis://127.0.0.1:1/0")  # nobody listens on port 1

    answer = service.post(PATH, headers=token_for())

    assert answer.status_code == 503
    assert answer.content_type == "application/fhir+json"
    assert answer.get_json()["issue"][0]["code"] == "transient"
    assert service.post(PATH, headers={}).status_code == 401
