"""Keys that are fetched: when they are asked for, when not, and what a key server that is away changes."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cds_service.fhir import key_sets
from cds_service.fhir.addresses import Reach
from cds_service.fhir.client import FhirClient
from cds_service.fhir.key_sets import MAX_BYTES, NoKeySet, fetch_key_set
from cds_service.fhir.urls import UrlRules
from cds_service.trust.key_ring import MAX_S, MIN_S, REFRESH_S, FetchedKeys
from cds_service.trust.sign import public_jwk
from tests.stub_server import StubServer
from tests.trust.ehr import EC_KEY, JWKS, STRANGER

Stub = Callable[..., StubServer]
LOOPBACK = UrlRules(allow_http=True, reach=Reach(loopback=True))


class KeyServer:
    """Gives ``keys``, or fails; counts how often it was asked."""

    def __init__(self) -> None:
        self.keys: list[Any] = [public_jwk(EC_KEY, "a")]
        self.away = False
        self.asked = 0
        self.now = 0.0
        self.ring = FetchedKeys("hospital", self.fetch, lambda: self.now)

    def fetch(self) -> bytes:
        self.asked += 1
        if self.away:
            raise NoKeySet("HTTP 503")
        return json.dumps({"keys": self.keys}).encode()


@pytest.fixture
def server() -> KeyServer:
    return KeyServer()


def test_nothing_is_fetched_before_a_token_needs_it(server: KeyServer) -> None:
    assert server.asked == 0
    assert server.ring.find("a")
    assert server.ring.find("a")
    assert server.asked == 1


def test_an_unknown_kid_is_asked_for_once_and_not_within_the_shortest_age(server: KeyServer) -> None:
    assert server.ring.find("a")
    for number in range(50):
        assert server.ring.find(f"forged-{number}") is None
    assert server.asked == 1

    server.keys.append(public_jwk(STRANGER, "b"))
    server.now = MIN_S
    assert server.ring.find("b")
    assert server.asked == 2


def test_a_key_that_is_known_is_never_waited_for(server: KeyServer) -> None:
    """Its age is over: the call goes on with the key, and another thread asks."""
    assert server.ring.find("a")
    asking, go_on = threading.Event(), threading.Event()
    fetch = server.fetch

    def slow() -> bytes:
        asking.set()
        assert go_on.wait(10)
        return fetch()

    server.ring._fetch = slow  # a key server that takes its time
    server.now = REFRESH_S + 1
    server.keys = [public_jwk(STRANGER, "b")]

    assert server.ring.find("a")
    assert asking.wait(10)
    assert server.ring.find("a")
    go_on.set()
    for thread in threading.enumerate():
        if thread.name == "keys":
            thread.join(10)
    assert server.ring.find("a") is None  # withdrawn by the EHR
    assert server.ring.find("b")


def test_a_key_server_that_is_away_changes_nothing_for_a_day(
    server: KeyServer, caplog: pytest.LogCaptureFixture
) -> None:
    assert server.ring.find("a")
    server.away = True

    server.now = MAX_S - 1
    assert server.ring.find("a")
    server.now = MAX_S + MIN_S
    assert server.ring.find("a") is None
    assert "client hospital: its key set (jku) was not had: HTTP 503" in caplog.messages
    server.away, server.now = False, MAX_S + 2 * MIN_S
    assert server.ring.find("a")


def test_a_fetched_key_that_is_not_public_is_not_used(server: KeyServer, caplog: pytest.LogCaptureFixture) -> None:
    server.keys = [public_jwk(EC_KEY, "a") | {"d": "AAAA"}, public_jwk(STRANGER, "b")]

    assert server.ring.find("a") is None
    assert server.ring.find("b")
    assert "client hospital: 1 keys of its key set (jku) are not usable" in caplog.messages


@pytest.mark.parametrize("also", [{"key_ops": None}, {"key_ops": 1}, {"key_ops": "verify"}, {"use": None}])
def test_a_use_that_is_not_said_as_it_should_be_says_nothing(server: KeyServer, also: dict[str, Any]) -> None:
    server.keys = [public_jwk(EC_KEY, "a") | also]

    assert server.ring.find("a")


def test_many_calls_at_once_ask_once(server: KeyServer) -> None:
    threads = [threading.Thread(target=server.ring.find, args=("a",)) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert server.asked == 1


# The fetch itself, over the client that fetches FHIR.


@pytest.fixture
def client() -> Iterator[FhirClient]:
    client = key_sets.key_client()
    yield client
    client.close()


def test_a_key_set_is_fetched_as_json(client: FhirClient, stub: Stub) -> None:
    server = stub({"/keys/": (200, JWKS)})

    body = fetch_key_set(client, f"{server.url}/keys/", ("127.0.0.0/8",), LOOPBACK)

    assert json.loads(body) == JWKS
    (asked,) = server.asked
    assert asked.headers["Accept"] == "application/jwk-set+json, application/json"
    assert "Authorization" not in asked.headers


NOT_HAD = [
    ((404, {}), "HTTP 404"),
    ((301, {}), "HTTP 301"),
    ((200, "<html>"), "no JSON object"),
    ((200, ""), "no JSON object"),
    ((200, '{"keys": [' + " " * MAX_BYTES + "]}"), f"larger than {MAX_BYTES} bytes"),
]


@pytest.mark.parametrize(("answer", "why"), NOT_HAD)
def test_what_is_no_key_set(client: FhirClient, stub: Stub, answer: tuple[int, Any], why: str) -> None:
    server = stub({"/keys": answer})

    with pytest.raises(NoKeySet, match=why):
        fetch_key_set(client, f"{server.url}/keys", ("127.0.0.0/8",), LOOPBACK)
    assert len(server.asked) == 1


def test_a_private_address_only_if_it_is_listed(client: FhirClient, stub: Stub) -> None:
    server = stub({"/keys": (200, JWKS)})

    with pytest.raises(NoKeySet, match="may not be contacted"):
        fetch_key_set(client, f"{server.url}/keys", (), LOOPBACK)
    with pytest.raises(NoKeySet, match="may not be contacted"):
        fetch_key_set(client, f"{server.url}/keys", ("10.0.0.0/8",), LOOPBACK)
    assert server.asked == []


@pytest.mark.parametrize("url", ["http://ehr.example.org/keys", "https://localhost/keys", "https://169.254.169.254/k"])
def test_what_production_never_asks(client: FhirClient, url: str) -> None:
    with pytest.raises(NoKeySet):
        fetch_key_set(client, url, ("127.0.0.0/8",))


def test_nobody_there(client: FhirClient, tmp_path: Path) -> None:
    with pytest.raises(NoKeySet, match="it cannot be reached"):
        fetch_key_set(client, "http://127.0.0.1:1/keys", ("127.0.0.0/8",), LOOPBACK)
