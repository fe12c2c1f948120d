"""Responses and cards: what is broken, and what the validator says of it."""

import pytest

from tests.validate.payloads import (
    ACTION,
    ACTION_0,
    CARD,
    CARD_0,
    DELETE,
    OFFER,
    OFFERING,
    ORDER,
    RESOURCE,
    SUGGESTION,
    UUID,
    action,
    card,
    found,
    suggested,
    without,
)

GOOD = {
    "no advice": {"cards": []},
    "a card": card(),
    "a card with suggestions": {"cards": [OFFERING]},
    "under any, all may be recommended": {
        "cards": [
            OFFERING
            | {
                "selectionBehavior": "any",
                "suggestions": [OFFER | {"isRecommended": True, "uuid": UUID.format(n)} for n in (2, 3)],
            }
        ]
    },
    "139 characters, whatever they take in bytes": card(summary="🩺" * 139),
    "members of one's own": card(vendorColour="red", extension={"org.example.a": {"b": 1}}),
    "null with an extension that says why": suggested(
        priority=None, _priority={"extension": [{"url": "urn:x", "valueCode": "unknown"}]}
    ),
    "an own member with a long name": card(**{"overrideReason" * 9: 1}),
    "an address that no parser takes": card(links=[{"label": "x", "type": "absolute", "url": "https://[x"}]),
    "a delete": action(**DELETE, resourceId="MedicationRequest/m1"),
    "a joiner in a word": card(summary="\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"),
}

BAD = {
    "no object": (["x"], [("error", "", "anakinra-cds_1@kind")]),
    "a card that is none": ({"cards": ["x"]}, [("error", "/cards/0", "cds-hooks_2.0@74")]),
    "140 characters": (card(summary="x" * 140), [("error", "/cards/0/summary", "cds-hooks_2.0@83")]),
    "no summary": ({"cards": [without(CARD, "summary")]}, [("error", CARD_0, "cds-hooks_2.0@83")]),
    "summary null: required, so as good as missing": (
        card(summary=None),
        [("error", "/cards/0/summary", "cds-hooks_2.0@83")],
    ),
    "detail null": (card(detail=None), [("error", "/cards/0/detail", "cds-hooks_2.0@3")]),
    "links empty": (card(links=[]), [("error", "/cards/0/links", "cds-hooks_2.0@3")]),
    "an empty source lacks its members": (
        card(source={}),
        [("error", "/cards/0/source", "cds-hooks_2.0@105"), ("hint", "/cards/0/source", "anakinra-cds_1@source-topic")],
    ),
    "null in an extension": (
        card(extension={"org.example.a": None}),
        [("hint", "/cards/0/extension/org.example.a", "cds-hooks_2.0@3")],
    ),
    "indicator in capitals": (card(indicator="INFO"), [("error", "/cards/0/indicator", "cds-hooks_2.0@88")]),
    "suggestions without behaviour": (
        {"cards": [without(OFFERING, "selectionBehavior")]},
        [("error", CARD_0, "cds-hooks_2.0@93")],
    ),
    "behaviour without suggestions": (
        card(selectionBehavior="any"),
        [("warning", "/cards/0/selectionBehavior", "cds-hooks_2.0@96")],
    ),
    "two recommended of which one may be chosen": (
        card(
            selectionBehavior="at-most-one",
            suggestions=[OFFER | {"isRecommended": True, "uuid": UUID.format(n)} for n in (2, 3)],
        ),
        [("error", "/cards/0/suggestions", "cds-hooks_2.0@122")],
    ),
    "two cards of one uuid": (
        {"cards": [CARD, CARD | {"uuid": CARD["uuid"].upper()}]},
        [("error", "/cards/1/uuid", "anakinra-cds_1@uuid-unique")],
    ),
    "a suggestion with its card's uuid": (
        {"cards": [OFFERING | {"suggestions": [OFFER | {"uuid": CARD["uuid"]}]}]},
        [("error", f"{SUGGESTION}/uuid", "anakinra-cds_1@uuid-unique")],
    ),
    "no uuid": ({"cards": [without(CARD, "uuid")]}, [("hint", CARD_0, "anakinra-cds_1@card-uuid")]),
    "no topic": (card(source={"label": "x"}), [("hint", "/cards/0/source", "anakinra-cds_1@source-topic")]),
    "a summary that turns around": (
        card(summary="safe \u202eesrever"),
        [("warning", "/cards/0/summary", "anakinra-cds_1@plain-text")],
    ),
    "a line break in a label": (
        card(source=CARD["source"] | {"label": "a\nb"}),
        [("warning", "/cards/0/source/label", "anakinra-cds_1@plain-text")],
    ),
    "white space around": (card(summary=" x"), [("hint", "/cards/0/summary", "anakinra-cds_1@plain-text")]),
    "http": (
        card(source=CARD["source"] | {"url": "http://example.org"}),
        [("warning", "/cards/0/source/url", "anakinra-cds_1@https")],
    ),
    "localhost": (
        card(links=[{"label": "x", "type": "absolute", "url": "https://localhost:8000/x"}]),
        [("warning", "/cards/0/links/0/url", "anakinra-cds_1@https")],
    ),
    "the sender's own address": (
        card(source=CARD["source"] | {"icon": "https://127.0.0.1/x.png"}),
        [("warning", "/cards/0/source/icon", "anakinra-cds_1@https")],
    ),
    "a relative link": (
        card(links=[{"label": "x", "type": "absolute", "url": "/x"}]),
        [("error", "/cards/0/links/0/url", "cds-hooks_2.0@139")],
    ),
    "a token in a link": (
        card(
            links=[{"label": "x", "type": "smart", "url": "https://a.example/?t=eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."}]
        ),
        [("warning", "/cards/0/links/0/url", "anakinra-cds_1@token-place")],
    ),
    "system actions": (
        {"cards": [], "systemActions": [ACTION]},
        [("hint", "/systemActions", "anakinra-cds_1@system-actions")],
    ),
    # actions
    "an action without a type": (
        action(**without(ACTION, "type")),
        [("error", ACTION_0, "cds-hooks_2.0@127")],
    ),
    "a create without a resource": (
        action(type="create", description="x"),
        [("error", ACTION_0, "cds-hooks_2.0@131")],
    ),
    "a create with a resourceId": (
        action(**ACTION, resourceId="MedicationRequest/m1"),
        [("warning", f"{ACTION_0}/resourceId", "cds-hooks_2.0@134")],
    ),
    "an update without an id": (
        action(**ACTION | {"type": "update", "resource": without(ORDER, "id")}),
        [("error", RESOURCE, "cds-hooks_2.0@132")],
    ),
    "a delete that names nothing": (action(**DELETE), [("error", ACTION_0, "cds-hooks_2.0@134")]),
    "a delete as version 1 had it": (
        action(**DELETE, resource="MedicationRequest/m1"),
        [("error", RESOURCE, "cds-hooks_2.0@133")],
    ),
    "a delete with the resource beside": (
        action(**DELETE, resourceId="MedicationRequest/m1", resource=ORDER),
        [("warning", RESOURCE, "cds-hooks_2.0@134")],
    ),
    "a delete without a type": (
        action(**DELETE, resourceId="m1"),
        [("error", f"{ACTION_0}/resourceId", "cds-hooks_2.0@135")],
    ),
    "a resource that is no FHIR": (
        suggested(status="bogus"),
        [("error", f"{RESOURCE}/status", "fhir_r4@MedicationRequest.status")],
    ),
    # names
    "a misspelt required member is one fault": (
        {"cards": [without(CARD, "summary") | {"sumary": "x"}]},
        [("error", CARD_0, "cds-hooks_2.0@83")],
    ),
    "a misspelt optional member": (
        {"cards": [card()["cards"][0] | {"overrideReason": [{"code": "a"}]}]},
        [("hint", "/cards/0/overrideReason", "anakinra-cds_1@member-names")],
    ),
}


@pytest.mark.parametrize("name", GOOD)
def test_nothing_is_said_of_what_is_good(name: str) -> None:
    assert found(GOOD[name]) == []


@pytest.mark.parametrize("name", BAD)
def test_each_fault_is_said_once_and_in_its_place(name: str) -> None:
    payload, expected = BAD[name]
    assert found(payload, "auto") == expected


def test_a_card_by_itself_is_a_payload() -> None:
    assert found(CARD) == []
    assert found(CARD | {"summary": "x" * 140}) == [("error", "/summary", "cds-hooks_2.0@83")]


def test_the_crd_profile_requires_a_topic() -> None:
    severities = [severity for severity, _, _ in found(card(source={"label": "x"}), profile="crd")]
    assert severities == ["error"]
