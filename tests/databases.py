"""Databases for one test each, of every kind: a SQLite file, SQLite in memory, PostgreSQL."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert

from cds_service.feedback.kept import Answered, kept_cards
from cds_service.feedback.store import insert_shown
from cds_service.feedback.tables import recording_loss
from cds_service.records.database import make_folder, open_engine
from cds_service.records.migrate import upgrade
from tests.postgresql import Postgresql, running

SERVICE = "anakinra-neutropenia-view"
NOW = datetime(2026, 11, 22, 8, 14, tzinfo=UTC)
POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.servers)

Answers = Callable[..., Answered]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Postgresql]:
    with running() as server:
        yield server


@pytest.fixture
def file_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'state' / 'feedback.sqlite3'}"


@pytest.fixture(params=["file", POSTGRESQL])
def url(request: pytest.FixtureRequest, file_url: str) -> str:
    """A database that several processes can open, on each kind; still empty."""
    return file_url if request.param == "file" else request.getfixturevalue("postgresql").new_database()


@pytest.fixture(params=["file", "memory", POSTGRESQL])
def engine(request: pytest.FixtureRequest, file_url: str) -> Iterator[Engine]:
    """A database with its tables, on each kind."""
    if request.param == "postgresql":
        opened = open_engine(request.getfixturevalue("postgresql").new_database())
    else:
        opened = open_engine(file_url if request.param == "file" else "sqlite://")
    with with_tables(opened):
        yield opened


@contextmanager
def with_tables(engine: Engine) -> Iterator[Engine]:
    make_folder(engine)
    upgrade(engine)
    yield engine
    engine.dispose()


def save_shown(engine: Engine, answers: Sequence[Answered], lost: int = 0, now: datetime = NOW) -> None:
    """What the writer of the audit does for feedback."""
    with engine.begin() as connection:
        insert_shown(connection, answers)
        if lost:
            connection.execute(insert(recording_loss).values(cards=lost, calls=1, noted_at=now))


@pytest.fixture
def answered() -> Answers:
    """A function: an answer of cards, each given as its uuid and advice code."""

    def make(*cards: tuple[str, str], at: datetime = NOW, service: str = SERVICE) -> Answered:
        return Answered(service, "patient-view", at, kept_cards(card(*each) for each in cards))

    return make


def card(uuid: str, code: str) -> dict[str, object]:
    return {
        "uuid": uuid,
        "summary": "s",
        "indicator": "warning",
        "source": {"label": "l", "topic": {"code": code}},
        "suggestions": [
            {"uuid": f"{uuid}-hold", "label": "Hold anakinra"},
            {"uuid": f"{uuid}-count", "label": "Repeat the count only"},
        ],
    }
