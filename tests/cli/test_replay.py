"""``cds-service replay``: what it prints and writes, its exit codes, and that nothing of a patient is in either."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from cds_service import stories
from cds_service.audit.keyed import Keyed
from cds_service.cli.main import run
from tests.canary import MARK, found_in
from tests.retrospective.exports import by_type, condition, count, in_one_file, order, patient

Captured = pytest.CaptureFixture[str]
CANARY = f"{MARK}-p1"
AT = "2026-11-22T08:14:00Z"
KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two patients, one on anakinra with a low count."""
    named = {"name": [{"text": MARK}]}
    mine = [patient(CANARY, **named), order(whose=CANARY), count(0.96, "2026-11-20T08:00:00Z", whose=CANARY)]
    others = [patient("p2"), order("aspirin", "order-2", whose="p2"), condition(whose="p2")]
    return by_type(tmp_path / "export", [*mine, *others])


def replay(*arguments: str | Path) -> int:
    return run(["replay", *map(str, arguments)])


def printed(capsys: Captured, *arguments: str | Path) -> dict[str, Any]:
    assert replay(*arguments, "--format", "json") in (0, 1)
    return dict(json.loads(capsys.readouterr().out))


def test_a_summary_for_people(folder: Path, capsys: Captured) -> None:
    assert replay(folder) == 0
    said = " ".join(capsys.readouterr().out.split())
    for part in (
        "patient-view: 2 evaluations",
        "Patients read: 2, with an order of ours: 1, evaluated: 1.",
        "hold-anakinra 1 warning 1 1 50.0",
        "baseline-anc 1 info 1 1 50.0",
        "The status of an order is that of the export; what it was at an earlier moment is not recorded there.",
        "what falls due between two such moments is seen only with --at.",
    ):
        assert part in said


def test_the_same_as_json(folder: Path, capsys: Captured) -> None:
    said = printed(capsys, folder, "--at", AT)
    assert said["patients"] == {"read": 2, "concerned": 1, "evaluated": 1}
    assert said["moments"]["at"] == ["2026-11-22T08:14:00+00:00"]
    assert (said["hook"], said["service"]) == ("patient-view", "anakinra-neutropenia-view")
    assert said["outcomes"] == {"cards": 1, "none": 0, "not-assessed": 0, "refused": 0}
    assert said["advice"] == [
        {"code": "hold-anakinra", "evaluations": 1, "patients": 1, "per100": 100.0, "indicators": {"warning": 1}}
    ]
    assert {"rule": "M1", "why": "no usable result within 7 days", "evaluations": 1} in said["notEvaluated"]
    assert said["faults"] == {"count": 0, "byReason": {}, "named": []}


def test_each_evaluation_under_a_keyed_hash(
    folder: Path, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDS_AUDIT_KEY", KEY)
    file = tmp_path / "each.ndjson"
    assert replay(folder, "--each", file, "--client", "hospital") == 0
    first, last = map(json.loads, file.read_text().splitlines())
    assert first["patient"] == last["patient"] == Keyed(KEY).hash("patient", "hospital", CANARY)
    assert (last["at"], last["outcome"]) == ("2026-11-20T08:00:00Z", "cards")
    assert last["cards"] == [{"code": "hold-anakinra", "indicator": "warning", "row": "PV9"}]
    assert (last["undated"], last["endedSince"], last["incomplete"]) == (0, 0, False)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    told = capsys.readouterr()
    assert not found_in(told.out + told.err + file.read_text())


def test_without_a_key_the_hashes_are_of_this_run_only(folder: Path, tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "each.ndjson"
    names = set()
    for _ in range(2):
        assert replay(folder, "--each", file) == 0
        assert capsys.readouterr().err == "CDS_AUDIT_KEY is not set: the patients' hashes are of this run only.\n"
        names |= {json.loads(line)["patient"] for line in file.read_text().splitlines()}
    assert len(names) == 2


def test_ids_only_where_asked_for(folder: Path, tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "each.ndjson"
    assert replay(folder, "--each", file, "--with-ids") == 0
    assert {json.loads(line)["patient"] for line in file.read_text().splitlines()} == {CANARY}
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("hook", ["patient-view", "order-select", "order-sign"])
def test_all_stories_with_every_hook(hook: str, tmp_path: Path, capsys: Captured) -> None:
    everything = [resource for story in stories.read_all() for resource in story.resources]
    said = printed(capsys, by_type(tmp_path / "e", everything, packed=True), "--hook", hook)
    assert said["outcomes"]["cards"] > 50
    assert said["outcomes"]["refused"] == 0
    assert replay(tmp_path / "e", "--hook", hook) == 0
    assert ("more reasons" in capsys.readouterr().out) is (len(said["notEvaluated"]) > 15)
    assert said["patients"]["read"] == len({story.patient_id for story in stories.read_all()})


def test_as_then_tells_what_was_assumed(tmp_path: Path, capsys: Captured) -> None:
    folder = by_type(tmp_path / "e", stories.read("case-2-e-after").resources)
    exported, then = printed(capsys, folder), printed(capsys, folder, "--orders", "as-then")
    assert (exported["endedSince"], then["endedSince"]) == (2, 0)
    assert (exported["noneAndEndedSince"], then["noneAndEndedSince"]) == (2, 0)
    assert any("(--orders as-then)" in note for note in exported["notes"])
    assert any("they may have been on hold" in note for note in then["notes"])
    codes = [{each["code"] for each in said["advice"]} for said in (exported, then)]
    assert "hold-anakinra" not in codes[0]
    assert "hold-anakinra" in codes[1]


def test_what_is_not_known_for_sure_is_told(tmp_path: Path, capsys: Captured) -> None:
    undated = order("tocilizumab", "order-2", authoredOn=None, status="stopped")
    folder = by_type(tmp_path / "e", [patient(), order(), undated, count(0.96, "2026-11-20T08:00:00Z")])
    told = [
        "2 evaluations, 0 of them with no card, show an order of ours as ended, though nothing in the export says "
        "that it had ended by then: the service took the drug for stopped; when it ended nobody can tell.",
        "2 evaluations show resources without a date, which may have come later.",
    ]
    assert set(told) <= set(printed(capsys, folder, "--orders", "as-then")["notes"])
    signed = printed(capsys, folder, "--hook", "order-sign")
    assert signed["undatedOrders"] == 1
    assert "1 orders do not say when they were written, so their signing is not judged." in signed["notes"]


def test_what_could_not_be_read_is_exit_code_1(folder: Path, capsys: Captured) -> None:
    (folder / "more.ndjson").write_bytes(f'\n{{"resourceType":"Observation","id":"{MARK}"'.encode())
    (folder / "manifest.json").write_text("{}")
    assert replay(folder) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "more.ndjson, line 2: not JSON" in said
    assert "The export was not read whole: 2 evaluations may lack what those lines say." in said
    assert "Not read, as they do not end in .ndjson: manifest.json." in said
    assert not found_in(said)


def test_many_faults_are_summed_up(folder: Path, capsys: Captured) -> None:
    in_one_file(folder, *[b"{"] * 30, name="more.ndjson")
    assert replay(folder) == 1
    assert "... and 10 more: 30 x not JSON" in capsys.readouterr().out


def test_nobody_is_concerned(tmp_path: Path, capsys: Captured) -> None:
    assert replay(by_type(tmp_path / "e", [patient(), order("aspirin")])) == 0
    assert "patient-view: 0 evaluations" in capsys.readouterr().out


def test_single_files(folder: Path, capsys: Captured) -> None:
    said = printed(capsys, folder / "MedicationRequest.ndjson", folder / "Observation.ndjson", "--since", "2026-11-10")
    assert said["notExported"] == ["Patient", "Condition"]
    assert said["evaluations"] == 1


WRONG = [
    (["no/such/folder"], "no/such/folder: no such file or folder."),
    (["."], "No file ends in .ndjson or .ndjson.gz there: name the folder that the export was saved to."),
    ([], "Missing argument"),
    (["EXPORT", "--at", "tomorrow"], "write 2026-11-22, or 2026-11-22T08:00:00Z"),
    (["EXPORT", "--hook", "order-sign", "--at", AT], "order-sign is called when an order is written: leave out --at"),
    (["EXPORT", "--at", AT, "--since", AT], "--at names the moments: leave out --since and --until."),
    (
        ["EXPORT", "--each", "no/such/folder/each.ndjson"],
        "--each no/such/folder/each.ndjson: No such file",
    ),
]


@pytest.mark.parametrize(("arguments", "says"), WRONG)
def test_wrong_usage_is_one_line_and_exit_code_2(
    arguments: list[str], says: str, folder: Path, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    assert replay(*(folder if each == "EXPORT" else each for each in arguments)) == 2
    error = capsys.readouterr().err
    assert says in error
    assert error.count("\n") == 1
