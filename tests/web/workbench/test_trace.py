"""The trace as tables."""

import pytest
from flask import render_template

from cds_service.codes.systems import EXTENSION
from cds_service.web.workbench.trace import shown_trace

TRACE = {
    "prefetch": {"labs": {"state": "null", "extent": "complete"}, "vitals": {"state": "failed", "reason": "<slow>"}},
    "rules": [
        {"rule": "PV10", "about": "anakinra", "answer": "FINDING", "reason": "latest count: <0.5"},
        {"rule": "M1", "answer": "NOT EVALUATED", "reason": "no ferritin"},
    ],
    "facts": {
        "trend": "fall",
        "fever": "not known",
        "counts": [
            {"value": 0.38, "unit": "10*9/L", "date": "2026-11-27", "how": "measured", "sources": ["Observation/1"]}
        ],
        "anakinra": {"use": "on", "cause": "", "intervals": [{"start": "2026-10-27", "approximate": False}]},
        "active": {"anakinra": ["MedicationRequest/1"]},
        "foreign": 0,
    },
    "rulesVersion": "0.3.0",
}


def response(trace):
    return {"cards": [], "extension": {EXTENSION: trace}}


def test_tables_of_texts_without_empty_columns():
    shown = shown_trace(response(TRACE))
    assert shown["counted"] == {"FINDING": 1, "CLEAR": 0, "NOT EVALUATED": 1}
    assert shown["prefetch"]["columns"] == ["key", "state", "extent", "reason"]
    assert shown["prefetch"]["rows"][1] == ["vitals", "failed", "", "<slow>"]
    assert shown["single"] == [
        ("trend", "fall"),
        ("fever", "not known"),
        ("anakinra", "on"),
        ("active drugs", "anakinra (MedicationRequest/1)"),
    ]
    tables = {table["title"]: table for table in shown["tables"] if table["rows"]}
    assert tables["Neutrophil counts"]["columns"] == ["date", "value", "unit", "how", "sources"]
    assert tables["anakinra over time"]["rows"] == [["2026-10-27", "no"]]
    assert shown["about"] == [("rules version", "0.3.0")]


@pytest.mark.parametrize(
    "answer",
    [None, [], {}, {"extension": None}, {"extension": {EXTENSION: "x"}}, response({})],
)
def test_without_a_trace(answer):
    assert shown_trace(answer) is None


def test_a_trace_of_other_shapes_breaks_nothing():
    assert shown_trace(response({"rules": [1], "facts": [], "prefetch": {"a": 1}, "notes": "x"}))["rules"] == []


def test_the_page_shows_rules_and_the_prefetch_that_failed(bench):
    with bench.application.test_request_context():
        html = render_template(
            "workbench/trace.html", trace=shown_trace(response(TRACE)), troubles={"labs": "HTTP 500, left out"}
        )
    assert "1 found something, 0 are clear, 1 could not be evaluated." in html
    assert "latest count: &lt;0.5" in html
    assert "HTTP 500, left out" in html
    assert "&lt;slow&gt;" in html
