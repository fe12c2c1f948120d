"""Alive is one thing, ready another: a process that is ending or lost Redis gets no calls, and is not killed for it."""

import os
import signal
import socket
from types import SimpleNamespace

import pytest

from cds_service.records.recorder import Lost
from cds_service.web import gunicorn_hooks, health
from tests.in_time import wait_for
from tests.web.test_rate import RedisStub


@pytest.fixture(autouse=True)
def _taking_calls():
    yield
    health.take_calls_again()


def why_not_ready(client):
    response = client.get("/health/ready")
    assert client.get("/health/live").get_json() == {"status": "live"}
    assert response.status_code == 503
    assert response.content_type == "application/fhir+json"
    (issue,) = response.get_json()["issue"]
    assert issue["code"] == "transient"
    return issue["diagnostics"]


def test_ready(client):
    assert client.get("/health/ready").get_json() == {"status": "ready", "services": 3}


def test_a_process_that_is_ending_is_not_ready_and_still_answers(client, good_body):
    health.drain()

    assert why_not_ready(client) == "This process is ending: send calls to another one."
    assert client.post("/cds-services/anakinra-neutropenia-view", json=good_body("patient-view")).status_code == 200


def test_redis_that_does_not_answer_is_needed(client_with, monkeypatch):
    monkeypatch.setattr(health, "REMEMBER_SECONDS", 0)
    redis = RedisStub()
    client = client_with(redis_url=redis.url)

    assert client.get("/health/ready").status_code == 200
    redis.close()
    unreachable = client_with(redis_url="redis://127.0.0.1:9/0")
    assert why_not_ready(unreachable) == "Redis does not answer: check CDS_REDIS_URL."


def test_redis_is_asked_once_for_many_probes(client_with):
    redis = RedisStub()
    client = client_with(redis_url=redis.url)
    client.get("/health/ready")
    redis.close()

    assert client.get("/health/ready").status_code == 200


def test_a_database_that_fails_is_a_warning(client):
    client.application.extensions["clerk"].recorder.lost = Lost(7, 9)

    assert client.get("/health/ready").get_json()["warnings"] == [
        "7 hook calls were not recorded: check CDS_DATABASE_URL"
    ]


class Worker:
    """As gunicorn's gthread worker, with one listening socket; what is deferred is done at once."""

    def __init__(self):
        self.sockets = [socket.create_server(("127.0.0.1", 0))]
        self.method_queue = SimpleNamespace(defer=lambda callback, *arguments: callback(*arguments))
        self.alive = True
        self.accepting = True
        self.taken = []

    def set_accept_enabled(self, enabled):
        self.accepting = enabled

    def accept(self, listener):
        self.taken.append(listener.accept()[0])


@pytest.fixture
def worker(monkeypatch):
    monkeypatch.setenv("CDS_DRAIN_MS", "300")
    before = signal.getsignal(signal.SIGTERM)
    worker = Worker()
    signal.signal(signal.SIGTERM, lambda *_: worker.taken.append("gunicorn's own"))
    gunicorn_hooks.post_worker_init(worker)
    yield worker
    signal.signal(signal.SIGTERM, before)
    for each in worker.sockets + worker.taken[:-1]:
        each.close()


def test_sigterm_makes_a_worker_not_ready_and_then_ends_it(client, worker):
    os.kill(os.getpid(), signal.SIGTERM)
    os.kill(os.getpid(), signal.SIGTERM)  # by systemd, too

    why_not_ready(client)
    assert worker.taken == []
    assert worker.accepting, "it still takes calls"
    wait_for(lambda: worker.taken == ["gunicorn's own"])
    assert not worker.accepting


def test_a_worker_that_was_told_to_end_while_it_was_loading_takes_calls_first(client, worker):
    worker.alive = False
    gunicorn_hooks.post_worker_init(worker)

    assert worker.alive
    why_not_ready(client)
    wait_for(lambda: not worker.accepting)


def test_an_ending_worker_takes_who_waits_and_refuses_who_comes_later(worker):
    address = worker.sockets[0].getsockname()
    waiting = [socket.create_connection(address) for _ in range(3)]

    os.kill(os.getpid(), signal.SIGTERM)
    wait_for(lambda: worker.taken[-1:] == ["gunicorn's own"])

    assert len(worker.taken) == 4
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address)
    for each in waiting:
        each.close()


def test_the_metrics_folder_is_made_and_emptied(tmp_path, monkeypatch):
    folder = tmp_path / "metrics"
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(folder))
    gunicorn_hooks.on_starting(None)
    (folder / "counter_1.db").touch()
    (folder / "of somebody else").touch()

    gunicorn_hooks.on_starting(None)

    assert [each.name for each in folder.iterdir()] == ["of somebody else"]


def test_the_gauges_of_a_worker_that_ended_are_dropped(tmp_path, monkeypatch):
    import prometheus_client  # noqa: F401  before the variable is set: it decides where the whole process counts

    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    (tmp_path / "gauge_livesum_7.db").touch()
    (tmp_path / "counter_7.db").touch()

    gunicorn_hooks.child_exit(None, SimpleNamespace(pid=7))

    assert [each.name for each in tmp_path.iterdir()] == ["counter_7.db"]
