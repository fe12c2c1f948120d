"""``cds-service timeline``: the files it writes, the table it prints, and one line for whatever goes wrong."""

from pathlib import Path

import pytest

from cds_service import stories
from cds_service.cli.child_server import free_port
from cds_service.cli.main import run
from tests.fault_server import FaultServer
from tests.fhir_records import Records
from tests.timeline.charts import CASE_1, CASE_2, as_drawn, marks

Captured = pytest.CaptureFixture[str]
NOBODY = f"http://127.0.0.1:{free_port()}"


def timeline(*arguments: str) -> int:
    return run(["timeline", *arguments])


@pytest.mark.parametrize(("ending", "begins"), [("svg", b"<svg "), ("png", b"\x89PNG"), ("html", b"<!doctype html>")])
def test_a_story_becomes_a_figure_without_any_server(
    ending: str, begins: bytes, tmp_path: Path, capsys: Captured
) -> None:
    file = tmp_path / f"figure.{ending}"
    assert timeline("--story", CASE_1, "-o", str(file)) == 0
    assert file.read_bytes().startswith(begins)
    assert capsys.readouterr().out == f"{file}: Neutrophils and anakinra: Patient/case1g, 9 counts\n"


def test_a_patient_of_a_server_becomes_a_figure(tmp_path: Path) -> None:
    story, file = stories.read(CASE_2), tmp_path / "figure.svg"
    with FaultServer(Records(story.resources).respond) as server:
        asked = ["--fhir", server.base_url, "--patient", f"Patient/{story.patient_id}", "--now", "2026-11-22"]
        assert (
            timeline(*asked, "-o", str(file), "--days", "--axis", "linear", "--theme", "dark", "--size", "800x600") == 0
        )
    root = as_drawn(file.read_text("utf-8"))
    assert (root.get("class"), root.get("width"), root.get("height")) == ("tl tl-dark", "800", "600")
    assert len(marks(file.read_text("utf-8"), "point")) == 3


def test_without_a_file_the_facts_are_printed(capsys: Captured) -> None:
    assert timeline("--story", CASE_2) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("Neutrophils and anakinra: Patient/case2e\n")
    for line in (
        "neutrophils, measured: 0.32 10*9/L  severe; CTCAE v5 grade 4, v6 grade 3",
        "on anakinra, day 10 | inferred: the count is stated, the day is taken to be day 10 | Observation/case2e-anc",
        "5 Nov 2026 11:00  anakinra stopped: the order's reason names neutropenia",
    ):
        assert line in printed


def test_as_of_an_earlier_day(capsys: Captured) -> None:
    assert timeline("--story", CASE_2, "--now", "2026-11-06") == 0
    assert "anakinra started\n" not in capsys.readouterr().out
    assert timeline("--story", CASE_2, "--now", "2026-11-06T10:00:00+01:00") == 0


def test_an_incomplete_record_is_said(tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "figure.svg"
    for output in ([], ["-o", str(file)]):
        resources = stories.read(CASE_2).resources
        broken = [each | {"effectiveDateTime": 7} if each["id"] == "case2e-anc-12" else each for each in resources]
        with FaultServer(Records(broken).respond) as server:
            assert timeline("--fhir", server.base_url, "--patient", "case2e", *output) == 0
        assert capsys.readouterr().err.startswith("Incomplete: neutrophils: partial")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "Whose timeline? Give --fhir URL and --patient ID, or --story NAME."),
        (["--fhir", NOBODY], "Whose timeline?"),
        (["--story", CASE_1, "--patient", "1"], "Whose timeline?"),
        (["--story", "nobody"], "There is no story nobody. There are: case-1-a-before,"),
        (["--fhir", NOBODY, "--patient", "1"], f"Nobody answers at {NOBODY}. Is it running? Check --fhir."),
        (["--fhir", "here", "--patient", "1"], "--fhir must be a URL such as"),
        (["--story", CASE_1, "-o", "figure.pdf"], "-o figure.pdf: name a file that ends in .svg, .png or .html."),
        (["--story", CASE_1, "-o", "no/such/folder/figure.svg"], "figure.svg: No such file or directory."),
        (["--story", CASE_1, "--now", "tomorrow"], "--now must be a date such as 2026-11-22"),
        (["--story", CASE_1, "--now", "9999-12-31"], "--now must be a date such as 2026-11-22"),
        (["--story", CASE_1, "--size", "wide"], "--size must be a width, or WIDTHxHEIGHT, of 280 to 10000 pixels"),
        (["--story", CASE_1, "--size", "960x1"], "--size must be a width"),
        (["--story", CASE_1, "--axis", "square"], "'square' is not one of 'log', 'linear'"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(arguments: list[str], says: str, capsys: Captured) -> None:
    assert timeline(*arguments) == 2
    error = capsys.readouterr().err
    assert says in error
    assert error.count("\n") == 1


def test_a_server_that_fails_is_one_line(capsys: Captured) -> None:
    story = stories.read(CASE_2)
    with FaultServer(Records(story.resources).respond, "500", only=lambda asked: asked.startswith("Obs")) as server:
        assert timeline("--fhir", server.base_url, "--patient", story.patient_id) == 2
    assert "neutrophils could not be read from the FHIR server" in capsys.readouterr().err
