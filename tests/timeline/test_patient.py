"""One patient's timeline read from a FHIR server, with the service's own reader, and from a story without one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cds_service import stories
from cds_service.errors import BadRequest
from cds_service.patient import Unreachable, Whereabouts
from cds_service.timeline.chart import Chart
from cds_service.timeline.look import Look
from cds_service.timeline.patient import chart_at, chart_of_story, timeline_of
from tests.fault_server import FaultServer
from tests.fhir_records import Records
from tests.timeline.charts import CASE_1, CASE_2, as_drawn, site

STORY = stories.read(CASE_2)
PATIENT = STORY.patient_id


def read(records: Records, patient: str = PATIENT, fault: str = "none", only: str = "") -> Chart:
    with FaultServer(records.respond, fault, only=lambda asked: asked.startswith(only)) as server:
        return chart_at(site(), Whereabouts(server.base_url, patient), STORY.today)


@pytest.mark.parametrize("name", [CASE_1, CASE_2])
@pytest.mark.parametrize("page_size", [2, 1000])
def test_a_server_and_a_story_give_the_same_chart(name: str, page_size: int) -> None:
    story = stories.read(name)
    with FaultServer(Records(story.resources, page_size).respond) as server:
        fetched = chart_at(site(), Whereabouts(server.base_url, f"Patient/{story.patient_id}"), story.today)
    assert fetched == chart_of_story(site(), story)


def test_the_door_gives_a_drawing_and_its_rows() -> None:
    with FaultServer(Records(STORY.resources).respond) as server:
        svg, rows = timeline_of(site(), server.base_url, PATIENT, now=STORY.today, look=Look(axis="linear"))
        assert timeline_of(site(), server.base_url, PATIENT).rows
    assert as_drawn(svg).get("class") == "tl tl-light"
    assert [row.value for row in rows if row.unit and row.what.startswith("neutrophils")] == ["0.32", "2.13", "9.6"]


def test_only_what_is_drawn_is_asked_for_with_the_token() -> None:
    with FaultServer(Records(STORY.resources).respond) as server:
        chart_at(site(), Whereabouts(server.base_url, PATIENT, "t0ken"), STORY.today)
        asked = sorted(request.asked.partition("?")[0] for request in server.requests)
        assert {request.headers["authorization"] for request in server.requests} == {"Bearer t0ken"}
    assert asked == ["MedicationRequest", "Observation", f"Patient/{PATIENT}"]


@pytest.mark.parametrize(("search", "key"), [("MedicationRequest", "medications"), ("Observation", "neutrophils")])
def test_a_search_that_fails_is_an_error_and_no_empty_drawing(search: str, key: str) -> None:
    with pytest.raises(Unreachable, match=f"{key} could not be read from the FHIR server"):
        read(Records(STORY.resources), fault="500", only=search)


def test_a_patient_whom_the_server_does_not_know_is_an_error() -> None:
    with pytest.raises(Unreachable, match="the FHIR server knows no Patient of this id"):
        read(Records([]), "nobody", "404", only="Patient")


def test_another_patients_resources_are_left_out_and_named() -> None:
    stranger: dict[str, Any] = {"reference": "Patient/stranger"}
    resources = [r | {"subject": stranger} if r["id"] == "case2e-anc-12" else r for r in STORY.resources]

    def respond(asked: str) -> Any:
        found = Records(resources).respond(asked)
        if asked.startswith("Observation"):
            found["entry"].append({"resource": next(r for r in resources if r["id"] == "case2e-anc-12")})
        return found

    with FaultServer(respond) as server:
        drawn = chart_at(site(), Whereabouts(server.base_url, PATIENT), STORY.today)
    assert [point.text for point in drawn.points] == ["0.32", "9.6"]
    assert drawn.gaps == ("neutrophils: resources of another patient were left out (1)",)


@pytest.mark.parametrize(
    ("base", "patient", "says"),
    [
        ("ftp://127.0.0.1/fhir", "p1", "fhirServer does not begin with https://"),
        ("http://169.254.169.254/fhir", "p1", "fhirServer names"),
        ("http://127.0.0.1:9/fhir", "p1?_count=1", "patient is not an id"),
    ],
)
def test_what_is_never_asked_for(base: str, patient: str, says: str) -> None:
    with pytest.raises(BadRequest, match=says.replace("?", r"\?")):
        timeline_of(site(), base, patient)


def test_a_story_can_be_drawn_as_of_an_earlier_day() -> None:
    early = chart_of_story(site(), STORY, datetime(2026, 11, 6, tzinfo=UTC))
    assert [point.text for point in early.points] == ["0.32"]
    assert {each.reason for each in early.unread} == {"dated in the future"}
    late = chart_of_story(site(), STORY, STORY.today + timedelta(days=100))
    assert (late.points, late.unread) == (chart_of_story(site(), STORY).points, ())
