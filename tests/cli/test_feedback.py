"""``cds-service feedback``: what it prints, and what it deletes."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cds_service.audit.account import Account, Call
from cds_service.audit.keyed import Keyed
from cds_service.audit.write import Kept, Versions, Writer
from cds_service.cli.main import run
from cds_service.feedback import store
from cds_service.feedback.entry import Entry, Reason
from cds_service.feedback.kept import Answered, KeptCard, kept_cards
from cds_service.hooks.services import SERVICES
from cds_service.records.database import open_engine
from cds_service.records.migrate import upgrade
from cds_service.records.recorder import Lost
from tests.databases import save_shown

Captured = pytest.CaptureFixture[str]

VIEW = "anakinra-neutropenia-view"
NOW = datetime(2026, 11, 22, 8, 14, tzinfo=UTC)
REASON = Reason("known-baseline", "urn:anakinra-cds:override-reason")


def cards(*uuids: str) -> list[KeptCard]:
    topic = {"topic": {"code": "hold-anakinra"}}
    offered = [{"uuid": "s1", "label": "Hold anakinra and repeat the count"}]
    shown = [{"uuid": uuid, "indicator": "warning", "source": topic, "suggestions": offered} for uuid in uuids]
    return kept_cards(shown)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Four cards, of which one was accepted, two were overridden; a report of an unknown card; three cards lost."""
    url = f"sqlite:///{tmp_path}/feedback.sqlite3"
    engine = open_engine(url)
    upgrade(engine)
    save_shown(engine, [Answered(VIEW, "patient-view", NOW, cards("a", "b", "c", "d"))], 3, NOW)
    entries = [
        Entry("a", "accepted", NOW, ("s1",)),
        Entry("b", "overridden", NOW, (), REASON),
        Entry("c", "overridden", NOW),
        Entry("unknown", "accepted", NOW, ("s9",)),
    ]
    store.save(engine, VIEW, entries, NOW, comments=False)
    return url


TEXT = """\
advice              shown    accepted  overridden   no report   not shown
hold-anakinra           4           1           2           1           0
    1 accepted: Hold anakinra and repeat the count
    1 overridden: (no reason given)
    1 overridden: urn:anakinra-cds:override-reason|known-baseline

Reports about cards that are not recorded here as shown: 1.
Hook calls that could not be recorded, so that the numbers are too low: 1, with 3 cards.
Clients never report that a card was ignored: of a card without a report nothing is known.
"""


def test_a_table_for_reading(url: str, capsys: Captured) -> None:
    assert run(["feedback", "--database", url]) == 0
    assert capsys.readouterr().out == TEXT


def test_json_for_programs(url: str, capsys: Captured) -> None:
    assert run(["feedback", "--database", url, "--format", "json", "--service", VIEW, "--since", "2026-11-01"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "service": VIEW,
        "since": "2026-11-01T00:00:00+00:00",
        "advice": [
            {
                "code": "hold-anakinra",
                "shown": 4,
                "accepted": 1,
                "overridden": 2,
                "unreported": 1,
                "suggestions": [{"label": "Hold anakinra and repeat the count", "count": 1}],
                "reasons": [{"count": 1}, {"code": REASON.code, "system": REASON.system, "count": 1}],
                "withheld": [],
            }
        ],
        "unknownCards": 1,
        "lostCalls": 1,
        "lostCards": 3,
        "note": "Clients never report that a card was ignored: of a card without a report nothing is known.",
    }


def test_csv_for_spreadsheets(url: str, capsys: Captured) -> None:
    assert run(["feedback", "--database", url, "--format", "csv"]) == 0
    assert list(csv.reader(io.StringIO(capsys.readouterr().out))) == [
        ["advice", "measure", "item", "count"],
        ["hold-anakinra", "shown", "", "4"],
        ["hold-anakinra", "accepted", "", "1"],
        ["hold-anakinra", "overridden", "", "2"],
        ["hold-anakinra", "unreported", "", "1"],
        ["hold-anakinra", "suggestion", "Hold anakinra and repeat the count", "1"],
        ["hold-anakinra", "reason", "(no reason given)", "1"],
        ["hold-anakinra", "reason", "urn:anakinra-cds:override-reason|known-baseline", "1"],
        ["", "unknown", "", "1"],
        ["", "lostCalls", "", "1"],
        ["", "lostCards", "", "3"],
    ]


def test_a_suggestion_that_the_card_did_not_offer_is_told_as_such(url: str, capsys: Captured) -> None:
    entry = Entry("d", "accepted", NOW, ("s9",))
    store.save(open_engine(url), VIEW, [entry], NOW, comments=False)
    assert run(["feedback", "--database", url]) == 0
    assert "1 accepted: (a suggestion that the card did not offer)" in capsys.readouterr().out


@pytest.mark.parametrize("since", ["2026-11-22", "2026-11-22T08:14:00Z", "2026-11-22T09:14:00+01:00"])
def test_since_a_day_or_an_instant(url: str, since: str, capsys: Captured) -> None:
    assert run(["feedback", "--database", url, "--since", since]) == 0
    assert "hold-anakinra " in capsys.readouterr().out


def test_what_was_not_shown_is_counted_beside_it(url: str, capsys: Captured) -> None:
    unseen = [("hold-anakinra", "shown-before"), ("hold-anakinra", "silent-code"), ("hold-anakinra", "shown-before")]
    unseen.append(("renal-dose", "silent-mode"))
    kept = [KeptCard(f"u{at}", code, "info", withheld=why) for at, (code, why) in enumerate(unseen)]
    account = Account("1", Call(SERVICES[VIEW], NOW, "us"), None, "withheld", cards=kept)
    Writer(Versions("0", "0"), Keyed("k" * 32), Kept(True, True)).save(open_engine(url), [account], Lost(), NOW)

    assert run(["feedback", "--database", url]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "hold-anakinra           4           1           2           1           3"
    assert lines[5:9] == [
        "    2 not shown: the same was shown a short time before",
        "    1 not shown: this advice is silent",
        "renal-dose              0           0           0           0           1",
        "    1 not shown: silent mode",
    ]
    assert run(["feedback", "--database", url, "--format", "json"]) == 0
    hold, renal = json.loads(capsys.readouterr().out)["advice"]
    assert hold["withheld"] == [{"why": "shown-before", "count": 2}, {"why": "silent-code", "count": 1}]
    assert (renal["shown"], renal["withheld"]) == (0, [{"why": "silent-mode", "count": 1}])
    assert run(["feedback", "--database", url, "--format", "csv"]) == 0
    assert "renal-dose,withheld,silent-mode,1\n" in capsys.readouterr().out
    assert run(["feedback", "--database", url, "--service", "anakinra-neutropenia-sign", "--since", "2026-01-01"]) == 0
    assert "not shown:" not in capsys.readouterr().out


def test_nothing_yet_is_a_friendly_line_and_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    file = tmp_path / "anakinra-cds" / "feedback.sqlite3"
    assert run(["feedback"]) == 0
    assert capsys.readouterr().out == f"No card is recorded yet in {file}.\n"
    assert run(["feedback", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["advice"] == []
    assert run(["feedback", "purge", "--before", "2026-11-23"]) == 0
    assert capsys.readouterr().out.startswith("Nothing to delete: 0 shown cards and 0 reports before 2026-11-23")
    assert not file.parent.exists()


def test_nothing_of_this_kind(url: str, capsys: Captured) -> None:
    assert run(["feedback", "--database", url, "--since", "2027-01-01"]) == 0
    assert capsys.readouterr().out.startswith("No card of this kind is recorded yet in /")


WRONG = [
    (["--since", "yesterday"], "write 2026-11-22, or 2026-11-22T08:00:00Z"),
    (["--service", "nobody"], "'nobody' is not one of"),
    (["--format", "xml"], "'xml' is not one of"),
    (["--database", "mysql://u:secret@h/x"], "CDS_DATABASE_URL: use a URL such as sqlite:////"),
    (["--database", "sqlite:////"], "cannot be used (unable to open database file)"),
    (["purge"], "Missing option '--before'"),
]


@pytest.mark.parametrize(("options", "said"), WRONG)
def test_what_is_wrong_is_one_line(options: list[str], said: str, capsys: Captured) -> None:
    assert run(["feedback", *options]) == 2
    told = capsys.readouterr().err
    assert told.startswith("Error: ")
    assert said in told
    assert told.count("\n") == 1
    assert "secret" not in told


def test_purging_asks_first_and_then_deletes(url: str, capsys: Captured) -> None:
    assert run(["feedback", "purge", "--database", url, "--before", "2026-11-23"]) == 2
    told = capsys.readouterr().err
    assert "Nothing was deleted. Add --yes to delete 4 shown cards and 4 reports before 2026-11-23 00:00 UTC" in told

    assert run(["feedback", "--database", url, "purge", "--before", "2026-11-23", "--yes"]) == 0
    assert capsys.readouterr().out.startswith("Deleted: 4 shown cards and 4 reports")
    assert run(["feedback", "--database", url]) == 0
    assert capsys.readouterr().out.startswith("No card is recorded yet")
