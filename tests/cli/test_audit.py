"""``cds-service audit``: what it prints, and what it deletes."""

import json
from datetime import UTC, datetime

import pytest

from cds_service.audit.account import Account, Call, KeyState, Who
from cds_service.audit.keyed import Keyed
from cds_service.audit.write import Kept, Versions, Writer
from cds_service.cli.main import run
from cds_service.clinical.findings import Answer, Outcome
from cds_service.feedback import store
from cds_service.feedback.entry import Entry, Reason
from cds_service.feedback.kept import KeptCard
from cds_service.hooks.services import SERVICES
from cds_service.records.migrate import open_current
from cds_service.records.recorder import Lost
from cds_service.switches.discretion import SILENT

Captured = pytest.CaptureFixture[str]

VIEW = SERVICES["anakinra-neutropenia-view"]
NOW = datetime(2026, 11, 22, 8, 14, tzinfo=UTC)
KEY = "0123456789abcdef0123456789abcdef"
KEYED = Keyed(KEY)


@pytest.fixture
def url(file_url: str) -> str:
    """A call with a card that was overridden, a silent one, and a refusal."""
    cards = [
        KeptCard("c1", "hold-anakinra", "warning", {}, "PV9", "e1"),
        KeptCard("c2", "recheck", "info", {}, "PV2"),
    ]
    rules = [Outcome("PV9", Answer.FINDING, "", "anakinra"), Outcome("M1", Answer.NOT_EVALUATED, "no birth date")]
    data = {
        "neutrophils": KeyState("failed", "unavailable", "HTTP 503", 12),
        "labs": KeyState("null", "complete", "", None),
    }
    call = Call(VIEW, NOW, "us", milliseconds=3.2, correlation_id="log-1")
    first = Account(
        "1",
        call,
        Who("x1", "x1", "x1"),
        "cards",
        200,
        (),
        cards,
        rules,
        data,
        {"Observation/a": NOW.date(), "Condition/b": None},
    )
    unseen = [cards[0]._replace(withheld="silent-mode")]
    silent = first._replace(id="2", call=call._replace(at=NOW.replace(hour=9), mode=SILENT), who=None, cards=unseen)
    refused = Account("3", call._replace(at=NOW.replace(hour=10)), None, "refused", 412, ("PreconditionFailed",))
    engine = open_current(file_url)
    writer = Writer(Versions("0.3.0", "c0ffee" * 10), KEYED, Kept(True, True))
    writer.save(engine, [first, silent, refused], Lost(), NOW)
    store.save(engine, VIEW.id, [Entry("c1", "overridden", NOW, (), Reason("other", "urn:x"))], NOW, comments=False)
    return file_url


FIRST = f"""\
2026-11-22 08:14:00 UTC  anakinra-neutropenia-view (patient-view), client sandbox
  cards were shown (HTTP 200, 3.2 ms)
  card hold-anakinra (warning, row PV9)  c1
    overridden 2026-11-22 08:14:00 UTC, reason other
  card recheck (info, row PV2)  c2
    no report came back
  rules     PV9  FINDING (anakinra)
            M1   NOT EVALUATED: no birth date
  data      neutrophils  failed, unavailable, 12 ms: HTTP 503
            labs         null, complete
  rests on  Observation/a  2026-11-22
            Condition/b  no date
  rules 0.3.0, content c0ffeec0ffee, profile us
  id log-1, key {KEYED.id}
"""


def test_a_page_about_one_hook_call(url: str, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDS_AUDIT_KEY", KEY)
    for asked in (["--hook-instance", "x1"], ["--patient", "Patient/x1"], ["--card", "c2"]):
        assert run(["audit", "--database", url, *asked]) == 0
        assert capsys.readouterr().out == FIRST


def test_the_latest_first(url: str, capsys: Captured) -> None:
    assert run(["audit", "--database", url, "--since", "2026-11-22T08:30:00Z"]) == 0
    refused, silent = capsys.readouterr().out.split("\n\n")
    assert "  refused (HTTP 412, 3.2 ms)\n    PreconditionFailed\n" in refused
    assert "silent mode: evaluated, nothing shown" in silent
    assert "card hold-anakinra (warning, row PV9), not shown: silent mode  c1" in silent


def test_json_for_programs(url: str, capsys: Captured) -> None:
    assert run(["audit", "--database", url, "--card", "c2", "--format", "json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["at"], found["patient_hash"]) == (NOW.isoformat(), KEYED.hash("patient", "sandbox", "x1"))
    assert [card["code"] for card in found["cards"]] == ["hold-anakinra", "recheck"]
    assert found["cards"][0]["reports"] == [{"outcome": "overridden", "at": NOW.isoformat(), "reason": "other"}]


def test_without_the_key_nobody_can_be_looked_up(url: str, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CDS_AUDIT_KEY", raising=False)
    assert run(["audit", "--database", url, "--patient", "x1"]) == 2
    assert "set CDS_AUDIT_KEY to the service's key" in capsys.readouterr().err


def test_what_is_not_there_is_one_line(url: str, capsys: Captured, file_url: str) -> None:
    assert run(["audit", "--database", url, "--id", "none"]) == 0
    assert capsys.readouterr().out.startswith("No call of this kind is recorded in ")
    assert run(["audit", "--database", file_url + "x"]) == 0
    assert capsys.readouterr().out.startswith("No call is recorded in ")
    assert run(["audit", "--database", file_url + "x", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_purging_needs_a_yes(url: str, capsys: Captured) -> None:
    purge = ["audit", "purge", "--database", url, "--before", "2026-11-22T08:30:00Z"]
    assert run(purge) == 2
    assert "Add --yes to delete 1 call before 2026-11-22 08:30 UTC in " in capsys.readouterr().err
    assert run([*purge, "--yes"]) == 0
    assert capsys.readouterr().out.startswith("Deleted: 1 call before")
    assert run(purge) == 0
    assert capsys.readouterr().out.startswith("Nothing to delete: 0 calls")
