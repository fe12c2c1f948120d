"""What Prometheus is told, to whom, and under which labels."""

import os
import re
import subprocess
import sys

import pytest

from cds_service import create_app
from cds_service.records.recorder import Lost
from cds_service.settings import Settings
from tests.fault_server import FaultServer
from tests.hook_call.calls import LOW, PATIENT, bundle, call, chart, count, order
from tests.hook_call.test_faults import CHART

VIEW = "/cds-services/anakinra-neutropenia-view"
REPORT = {"card": "a", "outcome": "overridden", "outcomeTimestamp": "2026-11-22T08:16:02Z"}


@pytest.fixture
def counted():
    """A client of the whole service, with metrics; and a function that reads them, as {line: value}."""
    client = create_app(Settings(metrics="on", deadline_ms=400)).test_client()

    def read():
        lines = client.get("/metrics").get_data(as_text=True).splitlines()
        return dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))

    return client, read


def test_a_hook_call_is_counted_with_its_cards_and_time(counted):
    client, read = counted

    assert call(client, "patient-view", chart(neutrophils=LOW)).rows == ["PV10"]

    metrics = read()
    assert metrics['cds_calls_total{client="-",service="anakinra-neutropenia-view",status="200"}'] == "1.0"
    assert metrics['cds_answers_total{mode="active",outcome="cards",service="anakinra-neutropenia-view"}'] == "1.0"
    assert metrics['cds_cards_total{code="hold-anakinra",indicator="critical"}'] == "1.0"
    assert metrics["cds_calls_not_recorded"] == "0.0"
    assert metrics['cds_call_seconds_count{service="anakinra-neutropenia-view"}'] == "1.0"


def test_no_cards_and_no_assessment_are_told_apart(counted):
    client, read = counted

    call(client, "patient-view", chart())
    call(client, "patient-view", chart(neutrophils="not FHIR"))

    metrics = read()
    assert metrics['cds_answers_total{mode="active",outcome="none",service="anakinra-neutropenia-view"}'] == "1.0"
    assert (
        metrics['cds_answers_total{mode="active",outcome="not-assessed",service="anakinra-neutropenia-view"}'] == "1.0"
    )
    assert metrics['cds_data_faults_total{key="neutrophils",source="prefetch",why="not-fhir"}'] == "1.0"
    assert any(line.startswith("cds_not_evaluated_total") and 'why="neutrophil counts"' in line for line in metrics)


def test_a_fault_of_the_fhir_server_is_counted_by_its_kind(counted):
    client, read = counted
    with FaultServer(CHART.respond, "503", only=lambda asked: asked.startswith("Observation")) as server:
        call(client, "patient-view", None, fhir=server.base_url)

    assert read()['cds_data_faults_total{key="neutrophils",source="server",why="http-5xx"}'] == "1.0"


def test_what_is_found_while_reading_is_counted_by_its_kind(counted):
    client, read = counted
    again = count(4.3, "anc-1", days=1)

    call(client, "patient-view", chart(neutrophils=bundle(count(4.2, "anc-1", days=2), again)))
    call(client, "patient-view", chart(neutrophils=bundle(count(4.2, patient="somebody-else"))))
    call(client, "patient-view", chart(medications=bundle(order() | {"status": "Active"})))
    call(client, "order-sign", chart(), order("anakinra", "d", "draft") | {"medicationCodeableConcept": {}})

    metrics = read()
    faults = {
        ("neutrophils", "came-twice"): "1.0",
        ("neutrophils", "another-patient"): "1.0",
        ("medications", "unreadable"): "1.0",
        ("draftOrders", "unidentified"): "1.0",
    }
    told = {line: value for line, value in metrics.items() if line.startswith("cds_data_faults_total")}
    assert told == {
        f'cds_data_faults_total{{key="{key}",source="prefetch",why="{why}"}}': value
        for (key, why), value in faults.items()
    }


def test_what_a_rule_lacked_is_counted(counted):
    client, read = counted

    call(client, "patient-view", chart(labs="not FHIR"))
    call(client, "order-sign", chart(patient=None), order("tocilizumab", "d", "draft"))

    metrics = read()
    assert metrics['cds_not_evaluated_total{rule="L3",why="laboratory results"}'] == "1.0"
    assert metrics['cds_not_evaluated_total{rule="M1",why="no usable result"}'] == "1.0"


def test_refusals_and_feedback_are_counted(counted):
    client, read = counted
    client.post(VIEW)
    client.get(f"/{PATIENT}")
    client.post(f"{VIEW}/feedback", json={"feedback": [REPORT, REPORT]})

    metrics = read()
    assert metrics['cds_calls_total{client="-",service="anakinra-neutropenia-view",status="400"}'] == "1.0"
    assert metrics['cds_calls_total{client="-",service="-",status="404"}'] == "1.0"
    assert metrics['cds_feedback_total{outcome="overridden"}'] == "2.0"
    assert not any(PATIENT in line for line in metrics)


def test_calls_over_the_limit_and_lost_records_are_counted(client_with):
    client = client_with(metrics="on", rate_per_minute=1)
    client.application.extensions["clerk"].recorder.lost = Lost(7, 9)
    for _ in range(3):
        client.get("/cds-services")

    metrics = client.get("/metrics").get_data(as_text=True)

    assert re.search(r'cds_rate_limited_total\{client="-"\} [12]\.0', metrics)
    assert "cds_calls_not_recorded 7.0" in metrics


@pytest.mark.parametrize(
    ("settings", "environ", "headers", "status"),
    [
        ({}, {}, {}, 404),
        ({"metrics": "on"}, {}, {}, 200),
        ({"metrics": "on"}, {"REMOTE_ADDR": "10.1.2.3"}, {}, 403),
        ({"metrics": "on", "sandbox_public": True}, {"REMOTE_ADDR": "10.1.2.3"}, {}, 403),
        ({"metrics": "on", "metrics_token": "t"}, {}, {}, 403),
        ({"metrics": "on", "metrics_token": "t"}, {}, {"Authorization": "Bearer x"}, 403),
        ({"metrics": "on", "metrics_token": "t"}, {}, {"Authorization": "Bearer \u00e9"}, 403),
        ({"metrics": "on", "metrics_token": "t"}, {"REMOTE_ADDR": "10.1.2.3"}, {"Authorization": "Bearer t"}, 200),
    ],
)
def test_who_may_read_them(client_with, settings, environ, headers, status):
    response = client_with(**settings).get("/metrics", environ_overrides=environ, headers=headers)

    assert response.status_code == status


def test_two_processes_add_up_in_one_folder(tmp_path):
    script = (
        "from cds_service import create_app; from cds_service.settings import Settings; "
        "client = create_app(Settings(metrics='on')).test_client(); client.get('/nowhere'); "
        "print(client.get('/metrics').get_data(as_text=True))"
    )
    environ = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    said = [
        subprocess.run([sys.executable, "-c", script], env=environ, capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]

    assert [re.search(r'cds_calls_total\{.*status="404"\} (\S+)', each)[1] for each in said] == ["1.0", "2.0"]


def test_they_cost_nothing_where_they_are_off():
    script = (
        "import sys; from cds_service import create_app; from cds_service.settings import Settings; "
        "create_app(Settings()); print(sorted({'prometheus_client', 'redis'} & set(sys.modules)))"
    )

    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout.strip() == "[]"
