"""One card with example facts: what a clinician who edits ``cards/`` wants to see. Asks no server.

The facts are those of the patient stories: the first one whose expected answer has the card, at its own "today".
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from cds_service import stories
from cds_service.ehr.fhir_store import FhirStore
from cds_service.ehr.prefetch import filled
from cds_service.errors import BadRequest
from cds_service.hook_call import answer
from cds_service.hooks.request import parse
from cds_service.hooks.services import SERVICES, Service
from cds_service.site import Site
from cds_service.stories import Story


def examples(code: str, row: str = "") -> Iterator[Story]:
    """The stories whose answer has the card (of that row, where one is named), in the order of their names."""
    for story in stories.read_all():
        cards = story.expected.get("cards", ())
        if any(each["code"] == code and row in ("", each["row"]) for each in cards):
            yield story


def codes() -> list[str]:
    """The advice codes that some story shows."""
    return sorted({each["code"] for story in stories.read_all() for each in story.expected.get("cards", ())})


def preview(code: str, site: Site, row: str = "") -> tuple[Story, dict[str, Any]]:
    """The first example and its card, with the cards and the profile of ``site``.

    Raises BadRequest for a code or row that no story shows.
    """
    for story in examples(code, row):
        for card in cards_of(story, site):
            if card["source"]["topic"]["code"] == code:
                return story, card
    known = sorted(
        {each["row"] for story in examples(code) for each in story.expected["cards"] if each["code"] == code}
    )
    if known:
        raise BadRequest(f"No story shows {code} for row {row}: use one of {', '.join(known)}.")
    raise BadRequest(f"No story shows the card {code}: use one of {', '.join(codes())}.")


def cards_of(story: Story, site: Site) -> list[dict[str, Any]]:
    """The cards of a story's hook call, everything prefetched."""
    service = next(each for each in SERVICES.values() if each.hook == story.hook_name)
    body = story.hook | {"prefetch": _prefetched(story, service) | story.hook.get("prefetch", {})}
    request = parse(msgspec.json.encode(body), hook=service.hook)
    cards: list[dict[str, Any]] = msgspec.json.decode(answer(request, service, site, story.today).body)["cards"]
    return cards


def _prefetched(story: Story, service: Service) -> dict[str, Any]:
    """What an EHR that has the story's resources prefetches; Medications come with the requests that name them."""
    store = FhirStore(story.resources, strict=False)
    values = {}
    for key, template in service.prefetch.items():
        status, resource = store.get(filled(template, story.hook["context"]) or "")
        values[key] = resource if status == 200 else None
    medications = [each for each in story.resources if each["resourceType"] == "Medication"]
    if medications and values["medications"] and "entry" in values["medications"]:
        values["medications"]["entry"] += [{"resource": each} for each in medications]
    return values
