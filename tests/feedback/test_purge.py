"""What is forgotten, and that nothing of it is left in the files."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine

from cds_service.feedback import store
from cds_service.feedback.tables import accepted_suggestion, recording_loss, shown_card
from cds_service.records.database import make_folder, open_engine
from cds_service.records.migrate import upgrade
from tests.databases import NOW, SERVICE, Answers, save_shown
from tests.feedback.stored import ACCEPTED, CANARY, OVERRIDDEN, rows


def test_purging_takes_what_is_older_and_nothing_else(engine: Engine, answered: Answers) -> None:
    day = timedelta(days=1)
    for at, card in ((NOW - day, "old"), (NOW, "new")):
        save_shown(engine, [answered((card, "x"), at=at)], 1, at)
        store.save(engine, SERVICE, [ACCEPTED._replace(card=card)], at, comments=False)

    assert store.count_before(engine, NOW) == store.Old(1, 1)
    store.purge(engine, NOW)
    assert store.count_before(engine, NOW + day) == store.Old(1, 1)
    assert [row[1] for row in rows(engine, shown_card)] == ["new"]
    assert len(rows(engine, accepted_suggestion)) == 2
    assert len(rows(engine, recording_loss)) == 1


def test_a_purged_comment_is_nowhere_in_the_files(file_url: str, tmp_path: Path) -> None:
    engine = open_engine(file_url)
    make_folder(engine)
    upgrade(engine)
    store.save(engine, SERVICE, [OVERRIDDEN], NOW, comments=True)
    files = list((tmp_path / "state").iterdir())
    assert any(CANARY.encode() in file.read_bytes() for file in files)

    store.purge(engine, NOW + timedelta(days=1))

    assert not any(CANARY.encode() in file.read_bytes() for file in (tmp_path / "state").iterdir())
