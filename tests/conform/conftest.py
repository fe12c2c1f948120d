"""Services to play the EHR against, over real HTTP on a free port."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from werkzeug.serving import make_server

from cds_service import create_app
from cds_service.conform.bench import Options
from cds_service.conform.run import Run, conform
from cds_service.conform.verdicts import Outcome
from cds_service.settings import Settings


@pytest.fixture(scope="session")
def own_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """This service on a free port, in this process; gives its base URL. What a run sends as feedback goes with it."""
    database = f"sqlite:///{tmp_path_factory.mktemp('feedback')}/feedback.sqlite3"
    with running(Settings(deadline_ms=20_000, database_url=database)) as url:
        yield url


@contextmanager
def running(settings: Settings) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, create_app(settings), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def quick(base: str, **more: object) -> Run:
    """A short run."""
    return conform(Options(base, **({"timeout": 2.0, "calls": 2, "patients": 2} | more)))  # type: ignore[arg-type]


def told(run: Run, *outcomes: Outcome) -> dict[str, str]:
    """The lines of these outcomes: requirement id -> reason."""
    return {each.line.requirement.id: each.reason for each in run.told if each.outcome in outcomes}


def wrong(run: Run) -> dict[str, str]:
    """Every line that failed, whatever it weighs."""
    return told(run, Outcome.FAIL, Outcome.WARNING, Outcome.HINT)
