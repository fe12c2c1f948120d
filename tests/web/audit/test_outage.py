"""Hook calls do not care what ails the database; what it could not take is counted."""

import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from cds_service.audit.tables import evaluation
from cds_service.records import database, recorder
from cds_service.records.database import open_engine
from cds_service.records.migrate import upgrade
from tests.in_time import slowness
from tests.postgresql import Postgresql, running
from tests.web.audit.calls import FEEDBACK, VIEW, Started, good, recorder_of, until

CALLS = 200


class Trouble:
    """A database that a service writes to, and what befalls it."""

    def __init__(self, url: str, strike: Callable[[], None], heal: Callable[[], None]) -> None:
        self.url, self.strike, self.heal = url, strike, heal


def locked(file: Path) -> Trouble:
    holder = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    return Trouble(
        f"sqlite:///{file}",
        lambda: holder.execute("BEGIN EXCLUSIVE").close(),
        lambda: holder.execute("ROLLBACK").close(),
    )


@pytest.fixture
def own_server() -> Iterator[Postgresql]:
    with running() as server:
        yield server


@pytest.fixture(
    params=[
        "locked",
        pytest.param("killed", marks=pytest.mark.servers),
        pytest.param("hanging", marks=pytest.mark.servers),
    ]
)
def trouble(request: pytest.FixtureRequest, tmp_path: Path) -> Trouble:
    if request.param == "locked":
        file = tmp_path / "audit.sqlite3"
        upgrade(open_engine(f"sqlite:///{file}"))
        return locked(file)
    server: Postgresql = request.getfixturevalue("own_server")
    url = server.new_database()
    upgrade(open_engine(url))
    killed = request.param == "killed"
    return Trouble(url, *((server.end, server.start) if killed else (server.freeze, server.thaw)))


def recorded(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(select(func.count()).select_from(evaluation)) or 0)


def test_an_outage_under_load_delays_no_call_and_every_loss_is_counted(
    trouble: Trouble, started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four callers before, during and after it; feedback at the same time, which waits, and keeps no call waiting."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 1.0)  # so long at least a call would take that waits for it
    monkeypatch.setattr(recorder, "RETRY_SECONDS", (0.0, 0.1))
    monkeypatch.setattr(recorder, "GATHER_SECONDS", 0.05)
    client = started(database_url=trouble.url)
    body = good()

    def call(_: int) -> float:
        began = time.perf_counter()
        assert client.application.test_client().post(VIEW, json=body).status_code == 200
        return time.perf_counter() - began

    with ThreadPoolExecutor(4) as pool:
        healthy = list(pool.map(call, range(CALLS)))
        until(lambda: recorded(open_engine(trouble.url)) == CALLS)
        trouble.strike()
        feedback = pool.submit(client.application.test_client().post, FEEDBACK, json=OVERRIDDEN)
        ailing = list(pool.map(call, range(CALLS)))
        assert feedback.result(30).status_code == 503
        trouble.heal()
        until(lambda: client.application.test_client().post(FEEDBACK, json=OVERRIDDEN).status_code == 200)
        list(pool.map(call, range(CALLS)))

    assert statistics.median(ailing) < (statistics.median(healthy) + 0.05) * slowness()
    assert max(ailing) < max(1.0, 2 * max(healthy)) * slowness()
    engine = open_engine(trouble.url)
    until(lambda: recorded(engine) + recorder_of(client).lost.calls == 3 * CALLS)


OVERRIDDEN = {
    "feedback": [
        {
            "card": "0ee39951-9dce-41e8-81ee-13c829b6794b",
            "outcome": "overridden",
            "outcomeTimestamp": "2026-11-22T08:14:00Z",
        }
    ]
}
