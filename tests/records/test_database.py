"""Opening a database, and one line for each that cannot be opened."""

import os
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import select

from cds_service.errors import DatabaseUnusable
from cds_service.feedback.tables import feedback
from cds_service.records import database
from cds_service.records.database import make_folder, name_of, open_engine, told
from cds_service.records.location import database_url, default_file
from cds_service.records.migrate import open_current, open_existing, upgrade
from cds_service.settings import Settings


def refusal(url: str) -> str:
    with pytest.raises(DatabaseUnusable) as refused:
        open_current(url)
    assert "\n" not in refused.value.message
    assert "secret" not in refused.value.message
    return refused.value.message


def test_a_file_and_its_folder_are_created_when_first_needed(tmp_path: Path) -> None:
    file = tmp_path / "a" / "b" / "feedback.sqlite3"
    engine = open_engine(f"sqlite:///{file}")
    assert not file.parent.exists()
    make_folder(engine)
    upgrade(engine)
    upgrade(engine)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert list(connection.execute(select(feedback))) == []
    assert file.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("url", ["sqlite:///{}/x.sqlite3", "sqlite:///{}"])
def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path, url: str) -> None:
    (tmp_path / "file").write_text("no database, but long enough to be read as one: " * 100)
    said = refusal(url.format(tmp_path / "file"))
    assert said.startswith(f"The database {tmp_path / 'file'}")
    assert said.endswith("check CDS_DATABASE_URL.")


WRONG = {
    "no URL": ("feedback", "The database URL cannot be read"),
    "a port that is no number": ("postgresql://u:secret@h:port/x", "The database URL cannot be read"),
    "no such dialect": ("nosuchdb://u:secret@h/x", "The database URL cannot be read"),
    "no driver": ("postgresql+pg8000://u:secret@h/x", "The database's driver pg8000 is not installed"),
}


@pytest.mark.parametrize(("url", "said"), WRONG.values(), ids=WRONG)
def test_a_wrong_url_is_one_line(url: str, said: str) -> None:
    assert refusal(url).startswith(said)


def test_neither_user_nor_password_is_part_of_a_name() -> None:
    assert name_of(open_engine("sqlite://").url) == "in memory"
    url = open_engine("sqlite://").url.set(drivername="postgresql", host="db", database="cds", password="secret")
    assert name_of(url) == "db/cds"


def test_what_goes_wrong_later_is_told_without_the_statement() -> None:
    engine = open_engine("sqlite://")
    with pytest.raises(DatabaseUnusable) as refused, told(engine), engine.begin() as connection:
        connection.exec_driver_sql("SELECT 'Canary' FROM nowhere")
    assert refused.value.message == (
        "The database in memory cannot be used (no such table: nowhere): check CDS_DATABASE_URL."
    )


def test_reading_creates_nothing(tmp_path: Path) -> None:
    file = tmp_path / "feedback.sqlite3"
    assert open_existing(f"sqlite:///{file}") is None
    assert not file.exists()
    sqlite3.connect(file).execute("CREATE TABLE somebody_elses (id)").connection.close()
    assert open_existing(f"sqlite:///{file}") is None
    upgrade(open_engine(f"sqlite:///{file}"))
    assert open_existing(f"sqlite:///{file}") is not None


def test_the_file_is_among_the_users_state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CDS_DATABASE_URL", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert database_url(Settings()) == f"sqlite:///{tmp_path}/anakinra-cds/feedback.sqlite3"
    assert database_url(Settings(database_url="sqlite://")) == "sqlite://"
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for not_absolute in ("", "state"):
        monkeypatch.setenv("XDG_STATE_HOME", not_absolute)
        assert default_file() == tmp_path / "home/.local/state/anakinra-cds/feedback.sqlite3"


def test_without_a_home_it_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delitem(os.environ, "XDG_STATE_HOME")
    monkeypatch.setattr(Path, "home", nowhere)
    with pytest.raises(DatabaseUnusable, match="set CDS_DATABASE_URL"):
        default_file()


class Busy:
    """A cursor on a file whose mode another process is just changing."""

    def __init__(self, times: int) -> None:
        self.left = times

    def execute(self, _: str) -> None:
        if self.left:
            self.left -= 1
            raise sqlite3.OperationalError("database is locked")


def test_a_new_file_whose_mode_another_process_changes_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    busy = Busy(3)
    database._write_ahead(busy)  # type: ignore[arg-type]
    assert busy.left == 0

    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        database._write_ahead(Busy(1000))  # type: ignore[arg-type]
