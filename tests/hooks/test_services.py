"""What the three services ask for, and what discovery says about them."""

import dataclasses
import json

import pytest

from cds_service.codes import prefetch_keys
from cds_service.codes.labs import BY_LOINC, NEVER, PANELS, READ_BY_NO_RULE
from cds_service.errors import ContentError
from cds_service.hooks.services import SERVICES, TEMPLATES, discovery, lint_services
from tests.empties import empty_members

VIEW = SERVICES["anakinra-neutropenia-view"]


def asked_codes(key):
    (code,) = (part.removeprefix("code=") for part in TEMPLATES[key].split("&") if part.startswith("code="))
    return code.split(",")


def test_three_services_one_for_each_hook():
    assert {service.id: service.hook for service in SERVICES.values()} == {
        "anakinra-neutropenia-view": "patient-view",
        "anakinra-neutropenia-select": "order-select",
        "anakinra-neutropenia-sign": "order-sign",
    }


def test_the_templates_pass_their_own_lint():
    lint_services()


def test_discovery_lists_what_the_specification_requires():
    body = discovery(SERVICES.values())

    listed = json.loads(body)["services"]
    assert [service["id"] for service in listed] == list(SERVICES)
    for service in listed:
        assert all(isinstance(service[name], str) for name in ("hook", "title", "description", "usageRequirements"))
        assert service["prefetch"] == dict(TEMPLATES)
    assert empty_members(body, "discovery") == []


def test_every_code_that_a_rule_reads_is_asked_for_once_and_no_other():
    asked = [code for key in prefetch_keys.WITH_OBSERVATIONS for code in asked_codes(key)]

    read = [code for code, analyte in BY_LOINC.items() if analyte not in READ_BY_NO_RULE]
    assert sorted(asked) == sorted([*read, *PANELS])
    assert NEVER.isdisjoint(asked)


def test_white_cells_come_with_the_percentages_they_belong_to():
    assert {"751-8", "770-8", "6690-2"} <= set(asked_codes(prefetch_keys.NEUTROPHILS))


def test_no_search_leaves_out_a_status():
    assert not any("status" in template for template in TEMPLATES.values())


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"hook": "appointment-book"}, "service anakinra-neutropenia-view: hook appointment-book"),
        (
            {"prefetch": {"labs": TEMPLATES["labs"]}},
            "service anakinra-neutropenia-view: prefetch keys are not patient,",
        ),
        ({"prefetch": {**TEMPLATES, "labs": "Observation"}}, "service anakinra-neutropenia-view, prefetch key labs:"),
    ],
)
def test_a_service_that_could_not_work_stops_the_start(changes, fault):
    with pytest.raises(ContentError, match=fault):
        lint_services({VIEW.id: dataclasses.replace(VIEW, **changes)})
