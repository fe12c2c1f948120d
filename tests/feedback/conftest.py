"""Databases for one test each, and answers to record."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from cds_service.feedback.shown import Answered, shown_cards
from cds_service.hooks.response import hook_response
from cds_service.records.database import open_engine

SERVICE = "anakinra-neutropenia-view"
NOW = datetime(2026, 11, 22, 8, 14, tzinfo=UTC)

Answers = Callable[..., Answered]
Urls = Callable[[], str]


@pytest.fixture
def file_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'state' / 'feedback.sqlite3'}"


@pytest.fixture(params=["file", "memory"])
def engine(request: pytest.FixtureRequest, file_url: str) -> Iterator[Engine]:
    """A database with its tables, on each kind of SQLite."""
    opened = open_engine(file_url if request.param == "file" else "sqlite://")
    upgrade(opened)
    yield opened
    opened.dispose()


@pytest.fixture
def answered() -> Answers:
    """A function: an answer of cards, each given as its uuid and advice code."""

    def make(*cards: tuple[str, str], at: datetime = NOW, service: str = SERVICE) -> Answered:
        body = hook_response(
            [
                {
                    "uuid": uuid,
                    "summary": "s",
                    "indicator": "warning",
                    "source": {"label": "l", "topic": {"code": code}},
                    "suggestions": [
                        {"uuid": f"{uuid}-hold", "label": "Hold anakinra"},
                        {"uuid": f"{uuid}-count", "label": "Repeat the count only"},
                    ],
                }
                for uuid, code in cards
            ]
        )
        return Answered(service, "patient-view", at, shown_cards(body))

    return make
