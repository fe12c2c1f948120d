"""What is stored, once and whole; what is not; and what is forgotten."""

import subprocess
import sys
import threading
from datetime import timedelta, timezone

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from cds_service.errors import DatabaseUnusable
from cds_service.feedback import store
from cds_service.feedback.entry import Entry, Saved
from cds_service.feedback.read import MOST_ENTRIES, MOST_SUGGESTIONS
from cds_service.feedback.tables import accepted_suggestion, feedback, recording_loss, shown_card
from cds_service.records.columns import metadata
from cds_service.records.database import open_engine
from cds_service.records.migrate import upgrade
from tests.databases import NOW, SERVICE, Answers, save_shown
from tests.feedback.stored import ACCEPTED, AT, CANARY, OVERRIDDEN, rows


def test_a_batch_is_stored_with_what_it_accepted_and_why_it_overrode(engine: Engine) -> None:
    assert store.save(engine, SERVICE, [ACCEPTED, OVERRIDDEN], NOW, comments=False) == Saved(2, 0)

    first, second = sorted(rows(engine, feedback), key=lambda row: str(row[2]))
    assert first[1:] == (SERVICE, "c1", "accepted", AT, NOW, None, None, None)
    assert second[1:] == (SERVICE, "c2", "overridden", AT, NOW, "other", "urn:x", None)
    assert sorted(rows(engine, accepted_suggestion)) == [(first[0], "s1"), (first[0], "s2")]


def test_the_longest_batch_costs_no_more_statements_than_a_short_one(engine: Engine) -> None:
    """Row by row it took longer than a call may wait: it was refused however often it was sent."""
    executed: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *about: executed.append(about[2]))
    entries = [
        Entry(f"c{number}", "accepted", AT, tuple(f"s{number}-{each}" for each in range(MOST_SUGGESTIONS)))
        for number in range(MOST_ENTRIES)
    ]

    assert store.save(engine, SERVICE, entries, NOW, comments=False) == Saved(MOST_ENTRIES, 0)
    assert len(rows(engine, accepted_suggestion)) == MOST_ENTRIES * MOST_SUGGESTIONS
    assert sum(statement.startswith("INSERT") for statement in executed) == 2


def test_a_comment_is_kept_only_if_asked_for(engine: Engine) -> None:
    store.save(engine, SERVICE, [OVERRIDDEN], NOW, comments=True)
    assert rows(engine, feedback)[0][-1] == CANARY


SAME = {
    "the same again": ACCEPTED,
    "the suggestions in another order": ACCEPTED._replace(suggestions=("s2", "s1")),
    "with a comment now": ACCEPTED._replace(comment="x"),
}
OTHERS = {
    "another card": ACCEPTED._replace(card="c9"),
    "a millisecond later": ACCEPTED._replace(at=AT + timedelta(milliseconds=1)),
    "another outcome": ACCEPTED._replace(outcome="overridden", suggestions=()),
    "one suggestion less": ACCEPTED._replace(suggestions=("s1",)),
}


@pytest.mark.parametrize("again", SAME.values(), ids=SAME)
def test_the_same_click_is_one_row_however_often_it_is_reported(engine: Engine, again: Entry) -> None:
    store.save(engine, SERVICE, [ACCEPTED], NOW, comments=False)
    before = rows(engine, feedback), rows(engine, accepted_suggestion)

    assert store.save(engine, SERVICE, [again, again], NOW + timedelta(days=1), comments=True) == Saved(0, 2)
    assert (rows(engine, feedback), rows(engine, accepted_suggestion)) == before


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_another_click_is_another_row(engine: Engine, other: Entry) -> None:
    assert store.save(engine, SERVICE, [ACCEPTED, other], NOW, comments=False) == Saved(2, 0)


def test_the_same_report_to_another_service_is_another(engine: Engine) -> None:
    store.save(engine, SERVICE, [ACCEPTED], NOW, comments=False)
    assert store.save(engine, "anakinra-neutropenia-sign", [ACCEPTED], NOW, comments=False) == Saved(1, 0)


def test_a_batch_that_fails_half_way_leaves_nothing(engine: Engine) -> None:
    with engine.begin() as connection:
        accepted_suggestion.drop(connection)

    with pytest.raises(DatabaseUnusable, match=r"no such table|does not exist"):
        store.save(engine, SERVICE, [OVERRIDDEN, ACCEPTED], NOW, comments=True)
    assert rows(engine, feedback) == []


SAVE = """
import sys
from datetime import UTC, datetime
from cds_service.feedback import store
from cds_service.records.migrate import open_current
from cds_service.feedback.entry import Entry
engine = open_current(sys.argv[1])
at = datetime(2026, 11, 22, tzinfo=UTC)
print("ready", flush=True)
sys.stdin.readline()
entries = [Entry(f"c{number}", "overridden", at) for number in range(100)]
print(sum(store.save(engine, "s", entries[start : start + 5], at, comments=False).stored for start in range(0, 100, 5)))
"""


def test_two_processes_that_are_told_the_same_store_it_once(url: str) -> None:
    """Both create the tables, too, at the same time."""
    if url.startswith("postgresql"):
        upgrade(open_engine(url))
    command = [sys.executable, "-c", SAVE, url]
    workers = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    said = []
    threads = [
        threading.Thread(target=lambda each=each: said.append(each.communicate("go\n", 60)[0])) for each in workers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [worker.returncode for worker in workers] == [0, 0]
    assert sum(int(each) for each in said) == 100
    assert len(rows(open_engine(url), feedback)) == 100


def test_shown_cards_are_recorded_once_with_what_they_offer(engine: Engine, answered: Answers) -> None:
    save_shown(engine, [answered(("c1", "hold-anakinra"), ("c2", "anakinra-liver"))], 0, NOW)
    save_shown(engine, [answered(("c1", "another-code"), at=NOW + timedelta(days=1))], 0, NOW)

    labels = {"c1-hold": "Hold anakinra", "c1-count": "Repeat the count only"}
    first, second = rows(engine, shown_card)
    assert first == (SERVICE, "c1", "patient-view", "hold-anakinra", "warning", labels, NOW)
    assert second[3] == "anakinra-liver"
    assert rows(engine, recording_loss) == []


def test_what_was_lost_is_recorded_with_what_was_not(engine: Engine, answered: Answers) -> None:
    save_shown(engine, [answered(("c1", "hold-anakinra"))], 7, NOW)
    assert rows(engine, recording_loss) == [(1, NOW, 7, 1)]


def test_instants_come_back_in_utc_from_wherever_they_were(engine: Engine, answered: Answers) -> None:
    paris = timezone(timedelta(hours=1))
    save_shown(engine, [answered(("c1", "x"), at=NOW.astimezone(paris))], 0, NOW)
    assert rows(engine, shown_card)[0][-1] == NOW


def test_the_same_tables_and_statements_are_written_for_postgresql() -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    tables = [str(CreateTable(table, if_not_exists=True).compile(dialect=dialect)) for table in metadata.sorted_tables]
    assert "".join(tables).count("TIMESTAMP WITH TIME ZONE") >= 4

    connection = type("Connection", (), {"dialect": dialect})
    statement = store.inserting(connection, feedback).compile(dialect=dialect)
    assert str(statement).endswith("ON CONFLICT DO NOTHING")
