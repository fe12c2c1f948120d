"""What accepting a suggestion would do, action by action, in the stories where it matters."""

from typing import Any

import pytest
import time_machine

from cds_service import stories
from cds_service.ehr.fhir_store import FhirStore
from tests.stories.ehr import call_with_prefetch

CBC = "create ServiceRequest 57021-8"
HEPATIC_PANEL = "create ServiceRequest 24325-3"
FERRITIN, TRIGLYCERIDES = "create ServiceRequest 2276-4", "create ServiceRequest 2571-8"
FIBRINOGEN, AST = "create ServiceRequest 3255-7", "create ServiceRequest 1920-8"
TOCILIZUMAB, ANAKINRA = "create MedicationRequest 612865", "create MedicationRequest 72435"

# story, suggestion, its actions in any order
ACTIONS = [
    (
        "child-1-view", "Hold anakinra and repeat the count",
        ["update MedicationRequest/child1a-anakinra on-hold", CBC],
    ),
    ("child-1-view", "Repeat the count only", [CBC]),
    (
        "child-1-order-anakinra", "Hold anakinra and repeat the count",
        ["update MedicationRequest/child1b-anakinra on-hold", CBC, "delete MedicationRequest/child1b-renewal"],
    ),
    ("child-1-order-anakinra", "Repeat the count only", [CBC]),
    ("child-1-order-anakinra", "Remove this order", ["delete MedicationRequest/child1b-renewal", CBC]),
    ("child-1-order-tocilizumab", "Remove this order", ["delete MedicationRequest/child1c-order", CBC]),
    ("row-oa04-below-label", "Remove this order", ["delete MedicationRequest/oa04-order", CBC]),
    ("row-pv15-recovered", "Switch to tocilizumab", [TOCILIZUMAB, CBC, HEPATIC_PANEL]),
    ("row-pv15-recovered", "Plan a rechallenge", [ANAKINRA, CBC, CBC]),
    ("case-1-c-recovered", "Order the labs tocilizumab needs", [CBC, HEPATIC_PANEL]),
    ("case-2-d-reintroduction", "Add early counts", [CBC, CBC]),
    ("row-oa05-failed", "Add early counts", [CBC, CBC]),
    ("row-pt03-labs-due", "Order CBC with differential and hepatic panel", [CBC, HEPATIC_PANEL]),
    ("row-ot02-needs-labs", "Order CBC with differential and hepatic panel", [CBC, HEPATIC_PANEL]),
    ("row-pv15a-recovered-unwell", "Repeat the count and MAS labs", [CBC, FERRITIN, TRIGLYCERIDES, FIBRINOGEN, AST]),
    ("row-oa03m-in-mas", "Repeat the count and MAS labs", [CBC, FERRITIN, TRIGLYCERIDES, FIBRINOGEN, AST]),
    ("overlay-m1-mas-pattern", "Order MAS labs", [TRIGLYCERIDES, FIBRINOGEN]),
    ("overlay-m2-labs-incomplete", "Order MAS labs", [FERRITIN, TRIGLYCERIDES, FIBRINOGEN]),
]  # fmt: skip


@pytest.fixture
def suggestions_of(client_for):
    """A function: the suggestions of a story by label."""

    def find(name: str) -> dict[str, Any]:
        story = stories.read(name)
        with time_machine.travel(story.today, tick=False):
            response = call_with_prefetch(client_for(story.expected["profile"]), story, FhirStore(story.resources))
        return {each["label"]: each for card in response["cards"] for each in card.get("suggestions", [])}

    return find


@pytest.mark.parametrize(("name", "label", "actions"), ACTIONS)
def test_actions(name, label, actions, suggestions_of):
    done = [_in_words(action) for action in suggestions_of(name)[label]["actions"]]
    assert sorted(done) == sorted(actions)


def test_a_hold_says_why_and_who_proposed_it(suggestions_of):
    held = _resource(suggestions_of("child-1-view")["Hold anakinra and repeat the count"], "MedicationRequest")
    assert "neutropenia" in str(held["statusReason"]).lower()
    assert "proposed by decision support" in held["note"][-1]["authorString"].lower()
    assert held["note"][-1]["time"].startswith("2026-11-22T08:14:00")
    assert held["note"][0]["text"].startswith("inferred: S2 gives no dose"), "the order's own notes stay"


def test_counts_after_a_hold_are_repeated_every_one_to_two_days(suggestions_of):
    repeat = _resource(suggestions_of("child-1-view")["Repeat the count only"], "ServiceRequest")["occurrenceTiming"][
        "repeat"
    ]
    assert (repeat["period"], repeat["periodMax"], repeat["periodUnit"]) == (1, 2, "d")


@pytest.mark.parametrize(
    ("name", "dose"),
    [("row-pv15-recovered", "12 mg/kg"), ("row-pv16-failed-rechallenge", "8 mg/kg")],
    ids=["24 kg", "52 kg"],
)
def test_a_tocilizumab_draft_follows_the_label_by_weight(name, dose, suggestions_of):
    order = _resource(suggestions_of(name)["Switch to tocilizumab"], "MedicationRequest")
    assert dose in order["dosageInstruction"][0]["text"]
    assert order["medicationCodeableConcept"]["text"]


def test_a_rechallenge_has_no_dose_but_names_the_proposal_and_the_order_it_follows(suggestions_of):
    order = _resource(suggestions_of("row-pv15-recovered")["Plan a rechallenge"], "MedicationRequest")
    assert order["priorPrescription"] == {"reference": "MedicationRequest/pv15-anakinra"}
    assert "doseAndRate" not in str(order.get("dosageInstruction"))
    assert "proposes 50 % of the previous dose (24 mg)" in order["note"][0]["text"]


def _resource(suggestion: dict[str, Any], kind: str) -> dict[str, Any]:
    """The one resource of a kind that a suggestion carries."""
    (found,) = [
        each["resource"] for each in suggestion["actions"] if each.get("resource", {}).get("resourceType") == kind
    ]
    return found


def _in_words(action: dict[str, Any]) -> str:
    if action["type"] == "delete":
        return f"delete {action['resourceId']}"
    resource = action["resource"]
    if action["type"] == "update":
        return f"update {resource['resourceType']}/{resource['id']} {resource['status']}"
    assert resource["status"] == "draft"
    coded = resource.get("code") or resource["medicationCodeableConcept"]
    return f"create {resource['resourceType']} {coded['coding'][0]['code']}"
