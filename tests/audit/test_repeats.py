"""When the same advice was last shown, and overridden: what is known of it, within a short time."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from cds_service.audit.account import Account
from cds_service.audit.earlier import Advice, Earlier, Span
from cds_service.audit.keyed import PATIENT, USER
from cds_service.audit.repeats import Repeats
from cds_service.audit.repeats_query import earlier
from cds_service.errors import DatabaseUnusable
from cds_service.feedback import store
from cds_service.feedback.entry import Entry
from cds_service.records.opened import Database
from cds_service.records.recorder import Lost
from cds_service.settings import Settings
from cds_service.switches.discretion import SILENT
from tests.audit.conftest import KEYED, Accounts, writer
from tests.in_time import AT_ONCE_S, timed

NOW = datetime(2026, 11, 22, 8, 14, tzinfo=UTC)
HOUR = timedelta(hours=1)


def advice_of(account: Account) -> Advice:
    return Advice(account.cards[0].code, account.cards[0].evidence)


def known(engine: Engine, account: Account, now: datetime = NOW) -> Earlier:
    advice = advice_of(account)
    return earlier(engine, *hashes_of(account), [advice], Span(NOW - 5 * HOUR, now))[advice]


def hashes_of(account: Account) -> tuple[str, str]:
    assert account.who is not None
    patient, user = (PATIENT, account.who.patient), (USER, account.who.user)
    return tuple(KEYED.hash(kind, "sandbox", text) for kind, text in (patient, user))  # type: ignore[return-value]


def test_the_latest_time_it_was_shown_counts(engine: Engine, account: Accounts) -> None:
    for hours in (5, 3, 4):
        writer().save(engine, [account(f"i{hours}", at=NOW - hours * HOUR)], Lost(), NOW)
    assert known(engine, account()) == Earlier(NOW - 3 * HOUR)
    assert known(engine, account(), NOW - 4 * HOUR) == Earlier(NOW - 4 * HOUR)
    assert known(engine, account(), NOW - 5 * HOUR) == Earlier(NOW - 5 * HOUR)
    writer().save(engine, [account("i6", "another", at=NOW - 6 * HOUR)], Lost(), NOW)
    assert known(engine, account(patient="another")) == Earlier()


def test_another_patient_user_evidence_or_a_silent_call_does_not(engine: Engine, account: Accounts) -> None:
    writer().save(
        engine,
        [
            account("i1", "another", at=NOW),
            account("i2", user="Practitioner/another", at=NOW),
            account("i3", mode=SILENT, at=NOW),
        ],
        Lost(),
        NOW,
    )
    asked = account()
    assert known(engine, asked) == Earlier()
    other = asked._replace(cards=[asked.cards[0]._replace(evidence="0000")])
    writer().save(engine, [account("i4", at=NOW)], Lost(), NOW)
    assert known(engine, other) == Earlier()


@pytest.mark.parametrize(
    ("clicked", "received", "known_as"),
    [
        (NOW - HOUR, NOW, NOW - HOUR),
        (NOW + 99 * HOUR, NOW, NOW),  # a clock that is ahead
    ],
)
def test_an_override_is_known_and_an_acceptance_is_none(
    engine: Engine, account: Accounts, clicked: datetime, received: datetime, known_as: datetime
) -> None:
    shown = account(at=NOW - 2 * HOUR)
    writer().save(engine, [shown], Lost(), NOW)
    service, card = shown.call.service.id, shown.cards[0].uuid
    store.save(engine, service, [Entry(card, "accepted", NOW, ("s",))], NOW, comments=False)
    assert known(engine, account()) == Earlier(NOW - 2 * HOUR)
    store.save(engine, service, [Entry(card, "overridden", clicked)], received, comments=False)
    assert known(engine, account()) == Earlier(NOW - 2 * HOUR, known_as)


class Hanging(Database):
    """A database that does not answer until ``over``."""

    def __init__(self) -> None:
        super().__init__(Settings())
        self.over = threading.Event()

    def engine(self) -> Engine:
        self.over.wait(30)
        raise DatabaseUnusable("it hung")


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    database = Hanging()
    yield database
    database.over.set()


def test_a_store_that_hangs_is_waited_for_briefly_and_once(hanging: Hanging) -> None:
    repeats = Repeats(hanging, AT_ONCE_S)
    for longest in (30, AT_ONCE_S, AT_ONCE_S):
        found, seconds = timed(lambda: repeats.earlier("p", "u", [Advice("c", "e")], Span(NOW - HOUR, NOW)))
        assert found is None
        assert seconds < longest


def test_a_store_that_cannot_be_opened_is_not_known(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where a folder should be")
    repeats = Repeats(Database(Settings(database_url=f"sqlite:///{tmp_path}/state/x")), 5)
    assert repeats.earlier("p", "u", [Advice("c", "e")], Span(NOW - HOUR, NOW)) is None


def test_a_store_that_fails_in_any_other_way_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database(Settings())
    monkeypatch.setattr(database, "engine", None)
    assert Repeats(database, 5).earlier("p", "u", [Advice("c", "e")], Span(NOW - HOUR, NOW)) is None


def test_a_store_that_answers_is_asked_once_for_all(file_url: str, account: Accounts) -> None:
    database = Database(Settings(database_url=file_url))
    shown = account(at=NOW)
    writer().save(database.engine(), [shown], Lost(), NOW)
    asked = [advice_of(shown), Advice("another", "0")]
    found = Repeats(database, 5).earlier(*hashes_of(shown), asked, Span(NOW - HOUR, NOW))
    assert found == {asked[0]: Earlier(NOW), asked[1]: Earlier()}
