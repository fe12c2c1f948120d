"""Fires one hook as an EHR would, and gives everything there is to see about it."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec
from flask import render_template

from cds_service.ehr.call import Call, Outcome, fire_hook, service_path
from cds_service.ehr.client import Place
from cds_service.ehr.held_back import held_back
from cds_service.ehr.orders import bundle, draft_order, selections
from cds_service.ehr.patients import check_patient
from cds_service.ehr.problems import CannotStart
from cds_service.errors import BadRequest
from cds_service.web.workbench.cards import error_of, shown_cards, shown_system_actions
from cds_service.web.workbench.findings import findings_of
from cds_service.web.workbench.here import Here
from cds_service.web.workbench.page import HOOKS
from cds_service.web.workbench.places import fhir_place, service_place_of
from cds_service.web.workbench.shown import plain, shown_json
from cds_service.web.workbench.trace import shown_trace

PLACEHOLDER = "ACCESS_TOKEN"


class Order(msgspec.Struct):
    """One order on the page: its ``resource`` once there is one, until then the ``drug`` it is for."""

    drug: str = ""
    resource: dict[str, Any] | None = None
    selected: bool = True


class Asked(msgspec.Struct):
    fhir: str
    patient: str
    hook: str
    token: str = ""
    service: str = ""
    service_token: str = ""
    service_id: str = ""
    user: str = "Practitioner/example"
    encounter: str = ""
    orders: list[Order] = []
    prefetch: bool = True
    profile: str = "2.0"


def answer(asked: Asked, here: Here) -> dict[str, Any]:
    """Request, response, cards, trace and findings. CannotStart or WrongAnswer, one line each, if no call is made."""
    fhir = fhir_place(asked.fhir, asked.token)
    service = service_place_of(asked.service, asked.service_token, here)
    context = context_of(asked, datetime.now(UTC))
    check_patient(fhir, asked.patient, "Give one under Access token.")
    outcome = fire_hook(Call(asked.hook, context, asked.prefetch, asked.service_id), service, fhir)
    return {"service": str(outcome.service["id"]), **shown(outcome, service, asked.profile)}


def context_of(asked: Asked, now: datetime) -> dict[str, Any]:
    """The hook's context. CannotStart, one line, where something is missing."""
    if asked.hook not in HOOKS:
        raise BadRequest(f"hook must be one of {', '.join(HOOKS)}.")
    if not asked.patient:
        raise CannotStart("Choose a patient first.")
    context: dict[str, Any] = {"userId": asked.user, "patientId": asked.patient}
    if asked.encounter:
        context["encounterId"] = asked.encounter
    if asked.hook == "patient-view":
        return context
    drafts = _drafts(asked, now)
    chosen = [each for each, order in zip(drafts, asked.orders, strict=True) if order.selected]
    if asked.hook == "order-select":
        if not chosen:
            raise CannotStart("order-select is about the orders being picked: add an order, and tick it as selected.")
        context["selections"] = selections(bundle(chosen))
    elif not drafts:
        raise CannotStart("order-sign is about orders: add one first.")
    return context | {"draftOrders": bundle(drafts)}


def _drafts(asked: Asked, now: datetime) -> list[dict[str, Any]]:
    """Each order as a resource with a type and an id of its own, so that ``selections`` can name it."""
    drafts, taken = [], set()
    for number, order in enumerate(asked.orders, 1):
        draft = order.resource or draft_order(order.drug, f"draft-{number}", asked.patient, asked.user, now)
        kind, identifier = draft.get("resourceType"), draft.get("id")
        if not (isinstance(kind, str) and isinstance(identifier, str)) or (kind, identifier) in taken:
            raise BadRequest(f"orders[{number - 1}] needs a resourceType and an id that no other order has.")
        taken.add((kind, identifier))
        drafts.append(draft)
    return drafts


def shown(outcome: Outcome, service: Place, profile: str) -> dict[str, Any]:
    """One call as the page shows it; a token is never given back."""
    request = shown_json(json.dumps(_without_token(outcome.request)).encode())
    response = shown_json(outcome.answer.body)
    told = plain(outcome.answer.json)
    error = error_of(replace(outcome.answer, json=told))
    cards = [] if error else shown_cards(told)
    trace = shown_trace(told)
    kept = "" if error else held_back(told)
    # What a service says with an error is no response of the specification: the page quotes it.
    judged = outcome.answer.ok and bool(outcome.answer.body)
    return {
        "url": f"{service.base}/{service_path(outcome.service['id'])}",
        "status": outcome.answer.status,
        "milliseconds": round(outcome.answer.milliseconds),
        "error": error,
        "says": error or ". ".join(filter(None, (said(cards), kept))),
        "request": request,
        "response": response,
        "findings": {
            "request": findings_of(request, "request", profile=profile),
            "response": findings_of(response, "response", request=request, profile=profile) if judged else [],
        },
        "cards": render_template(
            "workbench/cards.html",
            error=error,
            cards=cards,
            systemactions=shown_system_actions(told),
            counted=trace and trace["counted"],
            kept=kept,
        ),
        "trace": render_template("workbench/trace.html", trace=trace, troubles=outcome.troubles),
    }


def said(cards: list[dict[str, Any]]) -> str:
    """What came, for a line: "2 cards: 1 critical, 1 info"."""
    if not cards:
        return "No cards"
    counted = Counter(card["word"].lower() for card in cards)
    return f"{len(cards)} card{'s' if len(cards) > 1 else ''}: " + ", ".join(
        f"{n} {word}" for word, n in counted.items()
    )


def _without_token(request: dict[str, Any]) -> dict[str, Any]:
    if "fhirAuthorization" not in request:
        return request
    return request | {"fhirAuthorization": request["fhirAuthorization"] | {"access_token": PLACEHOLDER}}
