"""One caller's calls in a minute: counted here or in Redis, refused with 429, never failed by the counting."""

import socketserver
import threading
from collections import Counter

import pytest
import time_machine

from cds_service.errors import TooManyCalls
from cds_service.settings import PRODUCTION_RATE, Settings
from cds_service.web import rate as rate_module
from cds_service.web.rate import Rate

VIEW = "/cds-services/anakinra-neutropenia-view"
NOON_10 = "2026-11-27T12:00:10Z"


class RedisStub(socketserver.ThreadingTCPServer):
    """Counts as Redis does (INCR, EXPIRE), for any number of clients; keeps the keys."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _RedisConversation)
        self.counts: Counter[bytes] = Counter()
        self.url = f"redis://127.0.0.1:{self.server_address[1]}/0"
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def close(self) -> None:
        self.shutdown()
        self.server_close()


class _RedisConversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        while head := self.rfile.readline():
            words = []
            for _ in range(int(head[1:])):
                length = int(self.rfile.readline()[1:])
                words.append(self.rfile.read(length + 2)[:-2])
            self.wfile.write(self.answer(words))

    def answer(self, words: list[bytes]) -> bytes:
        command = words[0].upper()
        if command in (b"INCR", b"INCRBY"):
            self.server.counts[words[1]] += 1
            return b":%d\r\n" % self.server.counts[words[1]]
        return {b"EXPIRE": b":1\r\n", b"PING": b"+PONG\r\n"}.get(command, b"-ERR unknown command\r\n")


@pytest.fixture
def redis():
    stub = RedisStub()
    yield stub
    stub.close()


def test_the_call_after_the_last_is_a_429_that_says_when_to_call_again(client_with, good_body):
    client = client_with(rate_per_minute=2)
    with time_machine.travel(NOON_10, tick=False):
        answers = [client.post(VIEW, json=good_body("patient-view")) for _ in range(3)]

    assert [each.status_code for each in answers] == [200, 200, 429]
    refused = answers[-1]
    assert refused.headers["Retry-After"] == "50"
    assert "Retry-After" in refused.headers["Access-Control-Expose-Headers"]
    assert refused.content_type == "application/fhir+json"
    (issue,) = refused.get_json()["issue"]
    assert issue["code"] == "throttled"
    assert issue["diagnostics"] == "More than 2 calls in one minute: nothing was assessed. Call again in 50 s."


@pytest.mark.parametrize("address", ["/cds-services", "/validate", f"{VIEW}/feedback", "/causality"])
def test_every_address_that_costs_something_is_counted(client_with, address):
    client = client_with(rate_per_minute=1)
    method = "GET" if address == "/cds-services" else "POST"

    with time_machine.travel(NOON_10, tick=False):
        assert client.open(address, method=method).status_code != 429
        assert client.open(address, method=method).status_code == 429


def test_probes_are_never_refused(client_with):
    client = client_with(rate_per_minute=1)

    assert {client.get("/health/live").status_code for _ in range(3)} == {200}


def test_the_next_minute_is_a_new_one_and_callers_are_counted_apart():
    rate = Rate(1)
    with time_machine.travel(NOON_10, tick=False) as clock:
        rate.count("a")
        rate.count("b")
        with pytest.raises(TooManyCalls):
            rate.count("a")
        clock.shift(50)
        rate.count("a")


def test_inventing_callers_gains_nothing(monkeypatch):
    monkeypatch.setattr(rate_module, "MOST_CALLERS", 2)
    rate = Rate(1)
    with time_machine.travel(NOON_10, tick=False):
        for caller in "abc":
            rate.count(caller)
        with pytest.raises(TooManyCalls):
            rate.count("d")


def test_two_processes_count_together_in_redis_and_store_no_name(redis):
    one, other = Rate(1, redis.url), Rate(1, redis.url)
    with time_machine.travel(NOON_10, tick=False):
        one.count("Canary-Zx9 Clinic")
        with pytest.raises(TooManyCalls):
            other.count("Canary-Zx9 Clinic")

    assert len(redis.counts) == 1
    assert b"Canary" not in b"".join(redis.counts)


def test_redis_that_fails_fails_no_call_and_is_left_alone(redis, caplog):
    redis.close()
    rate = Rate(1, redis.url)
    with time_machine.travel(NOON_10, tick=False):
        rate.count("a")
        with pytest.raises(TooManyCalls):
            rate.count("a")

    assert [each.getMessage() for each in caplog.records if each.name == "cds_service.rate"] == [
        "Redis does not answer (ConnectionError): each process counts calls for itself"
    ]


@pytest.mark.parametrize(
    ("mode", "given", "most"),
    [("sandbox", None, 0), ("production", None, PRODUCTION_RATE), ("production", 0, 0), ("sandbox", 5, 5)],
)
def test_the_limit_of_each_mode(mode, given, most):
    assert Settings(mode=mode, rate_per_minute=given).calls_per_minute == most
