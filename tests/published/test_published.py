"""What is published says what the service does, and is valid FHIR R4."""

import json
import re
from pathlib import Path

import pytest
from fhir.resources.R4B.valueset import ValueSet
from flask.testing import FlaskClient

from cds_service import create_app
from cds_service.advice.library import Library, load_library
from cds_service.cli.main import run
from cds_service.clinical.assess import emitted_rows
from cds_service.codes.catalogue import coded
from cds_service.data_files import cards_folder
from cds_service.published.about import about
from cds_service.published.decision_table import decision_table
from cds_service.published.value_sets import value_sets
from cds_service.settings import Settings

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(cards_folder())


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return create_app(Settings()).test_client()


def test_the_table_in_the_documents_is_up_to_date(library: Library) -> None:
    written = (DOCS / "decision-table.md").read_text("utf-8")
    assert written == decision_table(library), "run: cds-service export decision-table -o docs/decision-table.md"


def test_every_row_a_card_can_come_from_is_in_the_table(library: Library) -> None:
    table = decision_table(library)
    for row, variant, code in emitted_rows():
        name = f"{row} ({variant})" if variant else row
        line = re.search(rf"^\| {re.escape(name)} \| .+ \| (info|warning|critical) \| {code} \| .+ \|$", table, re.M)
        assert line, name


def test_a_row_reads_as_it_is_tested(library: Library) -> None:
    assert "| PV9 | anakinra on and ANC from 0.5 to below 1.0 | warning | hold-anakinra | ANC {anc} on" in (
        decision_table(library)
    )


def test_every_code_is_in_one_value_set(library: Library) -> None:
    sets = value_sets(library)
    found = set()
    for each in sets.values():
        ValueSet.model_validate(each)
        for how in ("include", "exclude"):
            for part in each["compose"].get(how, ()):
                codes = [concept["code"] for concept in part.get("concept", ())]
                codes += [one["value"] for one in part.get("filter", ())]
                found |= {(part["system"], code, how) for code in codes}
    assert found == {(each.uri, each.code, "exclude" if each.never else "include") for each in coded()}


def test_what_is_never_accepted_is_excluded(library: Library) -> None:
    anc = value_sets(library)["lab-anc"]["compose"]
    assert [each["code"] for each in anc["include"][0]["concept"]] == ["751-8", "26499-4", "753-4"]
    assert "35039-7" in [each["code"] for each in anc["exclude"][0]["concept"]]


def test_the_13_source_attributes_are_all_filled(library: Library) -> None:
    attributes = about(library, "us")["sourceAttributes"]
    assert [each["number"] for each in attributes] == list(range(1, 14))
    assert all(each["value"] for each in attributes)
    assert "Presse Med 2014" in attributes[0]["value"]
    assert attributes[2]["value"] == "None"
    assert attributes[9]["value"] == "Not used"


def test_about_says_who_approved_it(client: FlaskClient, library: Library) -> None:
    found = client.get("/about").get_json()
    assert found["approvedBy"].startswith("Nobody")
    assert found["contentHash"] == library.content_hash


def test_the_page_and_its_markdown(client: FlaskClient) -> None:
    page = client.get("/decision-table", headers={"Accept": "text/html"})
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "<td>PV9</td>" in page.get_data(as_text=True)
    text = client.get("/decision-table", headers={"Accept": "text/markdown"}).get_data(as_text=True)
    assert text.startswith("# Decision table")


def test_value_sets_are_served(client: FlaskClient) -> None:
    listed = client.get("/fhir/ValueSet").get_json()
    assert listed["total"] == len(listed["entry"]) > 30
    one = client.get("/fhir/ValueSet/anakinra")
    assert one.mimetype == "application/fhir+json"
    assert one.get_json() in [each["resource"] for each in listed["entry"]]
    missing = client.get("/fhir/ValueSet/aspirin")
    assert missing.status_code == 404
    assert "lab-anc" in missing.get_json()["issue"][0]["diagnostics"]


def test_export_writes_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", "value-sets", "-o", str(tmp_path / "sets")]) == 0
    for path in (tmp_path / "sets").iterdir():
        ValueSet.model_validate_json(path.read_text("utf-8"))
    assert run(["export", "about", "-o", str(tmp_path / "about.json")]) == 0
    assert json.loads((tmp_path / "about.json").read_text("utf-8"))["sourceAttributes"]
    capsys.readouterr()
    assert run(["export", "value-sets"]) == 0
    assert json.loads(capsys.readouterr().out)["type"] == "collection"
    assert run(["export", "about", "-o", str(tmp_path / "no" / "where.json")]) == 2
    assert capsys.readouterr().err.startswith("Error: Cannot write ")
