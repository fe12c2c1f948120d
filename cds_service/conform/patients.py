"""Whom a run calls about: patient stories that fit the hook, and generated patients that stretch what is valid."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from cds_service import stories
from cds_service.ehr.orders import draft_orders, selections
from cds_service.hooks.context import HOOKS, ORDER_SELECT, PATIENT_VIEW

Json = dict[str, Any]

USER = "Practitioner/conform-clinician"
PLAIN = "conform-plain"
LONG_ID = "conform-patient.with-an-id-of-64-characters-as-FHIR-R4-allows-00"
_DRUGS = ("anakinra", "6851")


class Case(NamedTuple):
    """One valid call: ``body`` has hook, hookInstance and context; prefetch and fhirServer are added when it is made.

    ``unusual`` marks a call that is valid and that few clients make.
    """

    name: str
    body: Json
    unusual: bool = False


def story_cases(number: int, now: datetime) -> tuple[list[Case], list[Json]]:
    """At most ``number`` stories a hook, moved to ``now``, with every resource they need."""
    everything = list(stories.read_all())
    cases, resources = [], []
    for hook in HOOKS:
        for story in _spread([each for each in everything if each.hook_name == hook], number):
            moved = stories.shifted(story, now)
            cases.append(Case(f"the story {story.name}", moved.hook))
            resources += moved.resources
    return cases, resources


def generated_cases(now: datetime) -> list[Case]:
    """Calls about the generated patients, for each hook that this tool plays."""
    return [
        case
        for hook in HOOKS
        for case in (
            Case("a generated patient", body(hook, PLAIN, USER, _drafts(hook, PLAIN, now))),
            Case(
                "a patient with a long id, without name and date of birth, seen in an encounter by a role",
                body(hook, LONG_ID, "PractitionerRole/conform-role", _drafts(hook, LONG_ID, now), "conform-encounter"),
                unusual=True,
            ),
            *_without_drug(hook, now),
        )
    ]


def patient_cases(patients: Iterable[str], now: datetime) -> list[Case]:
    """Calls about patients of somebody else's FHIR server, by their ids."""
    return [
        Case(f"patient {number} of the FHIR server", body(hook, each, USER, _drafts(hook, each, now)))
        for number, each in enumerate(patients, 1)
        for hook in HOOKS
    ]


def generated_resources() -> list[Json]:
    """What the FHIR server holds of the generated patients and of those around every patient."""
    name = [{"family": "\u5c71\u7530 O'Brien-M\u00fcller", "given": ["Zo\u00eb <3"]}]
    return [
        {"resourceType": "Patient", "id": PLAIN, "name": name, "gender": "female", "birthDate": "1957"},
        {"resourceType": "Patient", "id": LONG_ID},
        *({"resourceType": "Practitioner", "id": each} for each in ("conform-clinician", "story-clinician")),
        {"resourceType": "PractitionerRole", "id": "conform-role"},
        {
            "resourceType": "Encounter",
            "id": "conform-encounter",
            "status": "in-progress",
            "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
            "subject": {"reference": f"Patient/{LONG_ID}"},
        },
    ]


def body(hook: str, patient: str, user: str, drafts: Json | None, encounter: str = "") -> Json:
    """The members of a call that every hook has; ``drafts`` for the order hooks."""
    context: Json = {"userId": user, "patientId": patient}
    if encounter:
        context["encounterId"] = encounter
    if drafts is not None and hook == ORDER_SELECT:
        context["selections"] = selections(drafts)
    if drafts is not None:
        context["draftOrders"] = drafts
    return fresh({"hook": hook, "context": context})


def fresh(call: Json) -> Json:
    """The same call as another hook instance."""
    return call | {"hookInstance": str(uuid.uuid4())}


def _drafts(hook: str, patient: str, now: datetime) -> Json | None:
    return None if hook == PATIENT_VIEW else draft_orders(_DRUGS, patient, USER, now)


def _without_drug(hook: str, now: datetime) -> Iterable[Case]:
    """The order hooks are for every kind of order: a laboratory order is none of a drug."""
    if hook == PATIENT_VIEW:
        return
    order = {
        "resourceType": "ServiceRequest",
        "id": "draft-1",
        "status": "draft",
        "intent": "order",
        "code": {"coding": [{"system": "http://loinc.org", "code": "57021-8"}], "text": "Blood count"},
        "subject": {"reference": f"Patient/{PLAIN}"},
        "authoredOn": now.isoformat(timespec="seconds"),
    }
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": order}]}
    yield Case("a draft that is no medication", body(hook, PLAIN, USER, bundle), unusual=True)


def _spread(found: list[stories.Story], number: int) -> list[stories.Story]:
    """``number`` stories from all over the list: one where a clinician expects no card, the others with cards."""
    quiet = [each for each in found if not each.expected.get("cards")][: 1 if number > 1 else 0]
    loud = [each for each in found if each.expected.get("cards")]
    wanted = max(0, number - len(quiet))
    step = max(1, len(loud) // wanted) if wanted else 1
    return loud[::step][:wanted] + quiet
