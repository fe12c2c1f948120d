"""The schema: the same on each kind of database, reached by steps, with nothing lost on the way."""

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Engine, String, insert, inspect, select, text

from cds_service.audit.tables import evaluation, evaluation_card
from cds_service.cli.main import run
from cds_service.errors import DatabaseUnusable
from cds_service.feedback.tables import recording_loss, shown_card
from cds_service.records import migrate
from cds_service.records.columns import metadata
from cds_service.records.database import open_engine
from cds_service.records.migrate import LATEST, open_current, upgrade

# As a version before migrations created it (SQLite), with a row in each table.
BEFORE = """
CREATE TABLE shown_card (service_id VARCHAR(64) NOT NULL, card_uuid VARCHAR(64) NOT NULL, hook VARCHAR(64) NOT NULL,
  advice_code VARCHAR(64) NOT NULL, indicator VARCHAR(16) NOT NULL, suggestions JSON NOT NULL,
  shown_at DATETIME NOT NULL, CONSTRAINT pk_shown_card PRIMARY KEY (service_id, card_uuid));
CREATE INDEX ix_shown_card_shown_at ON shown_card (shown_at);
CREATE TABLE feedback (id VARCHAR(64) NOT NULL, service_id VARCHAR(64) NOT NULL, card_uuid VARCHAR(64) NOT NULL,
  outcome VARCHAR(16) NOT NULL, outcome_at DATETIME NOT NULL, received_at DATETIME NOT NULL, reason_code VARCHAR(64),
  reason_system VARCHAR(255), comment TEXT, CONSTRAINT pk_feedback PRIMARY KEY (id));
CREATE INDEX ix_feedback_received_at ON feedback (received_at);
CREATE INDEX ix_feedback_service_id_card_uuid ON feedback (service_id, card_uuid);
CREATE TABLE accepted_suggestion (feedback_id VARCHAR(64) NOT NULL, suggestion_uuid VARCHAR(64) NOT NULL,
  CONSTRAINT pk_accepted_suggestion PRIMARY KEY (feedback_id, suggestion_uuid),
  CONSTRAINT fk_accepted_suggestion_feedback_id_feedback FOREIGN KEY(feedback_id) REFERENCES feedback (id)
  ON DELETE CASCADE);
CREATE TABLE recording_loss (id INTEGER NOT NULL, noted_at DATETIME NOT NULL, cards INTEGER NOT NULL,
  CONSTRAINT pk_recording_loss PRIMARY KEY (id));
CREATE INDEX ix_recording_loss_noted_at ON recording_loss (noted_at);
INSERT INTO shown_card VALUES ('s', 'c', 'patient-view', 'hold-anakinra', 'warning', '{"u": "Hold"}',
  '2026-11-22 08:14:00.000000');
INSERT INTO feedback VALUES ('f', 's', 'c', 'accepted', '2026-11-22 08:15:00', '2026-11-22 08:15:00', NULL, NULL, NULL);
INSERT INTO accepted_suggestion VALUES ('f', 'u');
INSERT INTO recording_loss VALUES (1, '2026-11-22 08:14:00', 3);
"""


def test_the_steps_lead_to_the_tables_that_are_used(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_last_step_is_the_one_that_is_looked_for() -> None:
    steps = ScriptDirectory.from_config(_config())
    assert steps.get_heads() == [LATEST]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrate._STEPS))
    return config


def test_a_file_of_the_time_before_steps_keeps_all_it_had(tmp_path: Path) -> None:
    file = tmp_path / "feedback.sqlite3"
    sqlite3.connect(file).executescript(BEFORE).close()
    engine = open_current(f"sqlite:///{file}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert [tuple(row)[-2:] for row in connection.execute(select(shown_card))] == [
            ({"u": "Hold"}, datetime(2026, 11, 22, 8, 14, tzinfo=UTC))
        ]
        assert [(row.cards, row.calls) for row in connection.execute(select(recording_loss))] == [(3, 0)]
        for table in ("feedback", "accepted_suggestion"):
            assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 1


def test_a_card_of_a_silent_client_says_so_from_step_3_on(url: str, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    engine = open_engine(url)
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(migrate._STEPS))
        command.upgrade(config, "0002")
        words = {column.name: "" for column in evaluation.columns if isinstance(column.type, String)}
        lists = {column.name: [] for column in evaluation.columns if isinstance(column.type, JSON)}
        row = words | lists | {"id": "1", "at": datetime(2026, 11, 22, tzinfo=UTC), "status": 200, "milliseconds": 1.0}
        connection.execute(insert(evaluation).values(**row))
        for position, shown in enumerate((True, False)):
            values = f"'1', {position}, 'c', 'a', 'PV9', 'info', 'e', {shown}"
            connection.execute(text(f"INSERT INTO evaluation_card VALUES ({values})"))
    upgrade(engine)
    with engine.connect() as connection:
        kept = connection.execute(select(evaluation_card).order_by(evaluation_card.c.position))
        assert [(card.shown, card.withheld) for card in kept] == [(True, None), (False, "silent-mode")]


OPEN = """
import sys
from cds_service.records import database, migrate
database.BUSY_SECONDS = 60  # a busy machine may need longer than a service waits
migrate.upgrade(database.open_engine(sys.argv[1]))
"""


def test_many_processes_may_come_at_once(url: str, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    workers = [subprocess.Popen([sys.executable, "-c", OPEN, url], stderr=subprocess.PIPE) for _ in range(4)]
    said = [worker.communicate(timeout=120)[1] for worker in workers]
    assert [worker.returncode for worker in workers] == [0] * 4, said
    assert inspect(open_engine(url)).has_table("evaluation")


def test_databases_of_one_process_are_not_mixed_up(tmp_path: Path) -> None:
    urls = [f"sqlite:///{tmp_path}/{number}.sqlite3" for number in range(8)]
    with ThreadPoolExecutor(4) as threads:
        engines = list(threads.map(open_current, urls))
    for engine in engines:
        with engine.connect() as connection:
            assert migrate.revision_of(connection) == LATEST
        assert inspect(engine).has_table("evaluation")
        engine.dispose()


@pytest.mark.servers
def test_a_server_is_upgraded_by_its_owner_only(postgresql, capsys: pytest.CaptureFixture[str]) -> None:
    url = postgresql.new_database()
    name = url.rpartition("/")[2]
    with pytest.raises(DatabaseUnusable, match=r"is at step none of \d+: run cds-service database upgrade"):
        open_current(url)
    assert not inspect(open_engine(url)).has_table("feedback")
    assert run(["database", "check", "--database", url]) == 2
    assert run(["database", "upgrade", "--database", url]) == 0
    assert capsys.readouterr().out == f"127.0.0.1/{name}: from step none to {LATEST}.\n"
    assert run(["database", "upgrade", "--database", url]) == 0
    assert run(["database", "check", "--database", url]) == 0
    assert capsys.readouterr().out == f"127.0.0.1/{name} is up to date (step {LATEST}).\n" * 2


def test_a_later_versions_database_is_left_alone(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseUnusable, match="belongs to a later version"):
        upgrade(engine)


def test_a_step_that_fails_leaves_nothing(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(connection: object) -> None:
        connection.execute(text("CREATE TABLE half (id INTEGER)"))  # type: ignore[attr-defined]
        raise DatabaseUnusable("no more")

    monkeypatch.setattr(migrate, "LATEST", "9999")
    monkeypatch.setattr(migrate, "_take_steps", half)
    with pytest.raises(DatabaseUnusable, match="no more"):
        upgrade(engine)
    assert not inspect(engine).has_table("half")


def test_a_file_is_upgraded_by_the_command_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"sqlite:///{tmp_path}/state/x.sqlite3"
    assert run(["database", "upgrade", "--database", url]) == 0
    assert run(["database", "check", "--database", url]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{tmp_path}/state/x.sqlite3: from step none to {LATEST}.",
        f"{tmp_path}/state/x.sqlite3 is up to date (step {LATEST}).",
    ]
