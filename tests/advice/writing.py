"""Cards for the tests of their writing: from a patient in the notation of the clinical tables, or from a story."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from cds_service.advice.library import Library, load_library
from cds_service.advice.occasion import CardContext
from cds_service.advice.write import write_cards
from cds_service.clinical.assess import assess
from cds_service.clinical.findings import Assessment, Finding
from cds_service.clinical.picture import Picture
from cds_service.clinical.record import Medication, Record, Result
from cds_service.clinical.scene import Hook
from tests.clinical.moments import NOW
from tests.clinical.notation import patient
from tests.thresholds import us_thresholds

CARDS = Path(__file__).parents[2] / "cards"
CONTEXT = CardContext("588af03f-879b-4321-a503-9af457dba9e4")
Card = dict[str, Any]


@cache
def library() -> Library:
    return load_library(CARDS)


def assessed(record: Record, hook: Hook | None = None) -> Assessment:
    """By default at order-select where something is drafted, else at patient-view."""
    return assess(record, hook or (Hook.SELECT if record.drafts else Hook.VIEW), NOW, us_thresholds())


def written(assessment: Assessment, context: CardContext = CONTEXT) -> list[Card]:
    return write_cards(assessment, library(), context)


def cards_of(record: Record, hook: Hook | None = None, context: CardContext = CONTEXT) -> list[Card]:
    return written(assessed(record, hook), context)


def patient_on_file(**cells: str) -> Record:
    """A patient in the notation, whose requests also have the JSON an EHR would hold."""
    record = patient(**cells)
    return replace(record, medications=tuple(replace(each, original=original(each)) for each in record.medications))


def original(order: Medication, **members: Any) -> bytes:
    """A request as an EHR would hold it, with decimals whose digits matter."""
    resource = {
        "resourceType": order.source.partition("/")[0],
        "id": order.source.partition("/")[2],
        "status": order.status,
        "intent": "order",
        "medicationCodeableConcept": {"text": order.drug.name},
        "subject": {"reference": "Patient/test-patient"},
        **members,
    }
    return json.dumps(resource).encode()


def card_of(code: str, record: Record, hook: Hook | None = None) -> Card:
    """The one card with that advice."""
    (found,) = [card for card in cards_of(record, hook) if card["source"]["topic"]["code"] == code]
    return found


def card_in(record: Record, code: str) -> Card:
    """The first card with that advice, whatever else is said."""
    return next(card for card in cards_of(record) if card["source"]["topic"]["code"] == code)


def card_about(finding: Finding, record: Record, hook: Hook = Hook.VIEW) -> Card:
    """The card of a finding that no rule made."""
    picture = Picture(record, NOW, us_thresholds())
    (card,) = written(Assessment(picture, hook, (finding,), ()))
    return card


def changed(results: tuple[Result, ...], **members: Any) -> tuple[Result, ...]:
    """The same results with some members different."""
    return tuple(each._replace(**members) for each in results)


def labels(card: Card) -> list[str]:
    return [each["label"] for each in card.get("suggestions", [])]


def taken(code: str, label: str, record: Record) -> list[dict[str, Any]]:
    """The resources one suggestion of a card would create or update."""
    (found,) = [each for each in card_in(record, code)["suggestions"] if each["label"] == label]
    return [action["resource"] for action in found["actions"] if "resource" in action]


def extension(card: Card) -> dict[str, Any]:
    return dict(card["extension"]["org.anakinra-cds"])
