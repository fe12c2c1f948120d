"""One real call of each service for the OpenAPI document: a patient story, and what this service answers to it."""

import json
from collections.abc import Sequence
from typing import Any

from cds_service import stories
from cds_service.contract.openapi_paths import Offer
from cds_service.hook_call import answer
from cds_service.hooks.context import ORDER_SELECT, ORDER_SIGN, PATIENT_VIEW
from cds_service.hooks.request import parse
from cds_service.hooks.response import encode
from cds_service.hooks.services import SERVICES, Service, discovery
from cds_service.site import Site

STORIES = {
    PATIENT_VIEW: "case-1-b-day-4",
    ORDER_SELECT: "row-oa03-below-half",
    ORDER_SIGN: "row-oa04-below-label",
}


def offers(site: Site) -> list[Offer]:
    """Every service with its example. The answers are made now, so that they are what this site says."""
    listed = json.loads(discovery(SERVICES.values()))["services"]
    return [_offer(service, each, site) for service, each in zip(SERVICES.values(), listed, strict=True)]


def _offer(service: Service, listed: dict[str, Any], site: Site) -> Offer:
    story = stories.read(STORIES[service.hook])
    prefetch = {key: prefetched(template, story.resources) for key, template in service.prefetch.items()}
    request = story.hook | {"prefetch": prefetch}
    reply = answer(parse(encode(request), hook=service.hook), service, site, story.today)
    response = json.loads(reply.body)
    # The trace tells how many milliseconds it took: no two answers would be the same.
    return Offer(listed, request, {"cards": response["cards"]})


def prefetched(template: str, resources: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """What an EHR with these resources, all of one patient, sends for a template; None for nothing found.

    Good for the templates of this service, which search by patient and code, or read the patient.
    """
    path, _, query = template.partition("?")
    kind = path.partition("/")[0]
    found = [resource for resource in resources if resource["resourceType"] == kind]
    if not query:
        return found[0] if found else None
    wanted = next(
        (part.removeprefix("code=").split(",") for part in query.split("&") if part.startswith("code=")), None
    )
    if wanted is not None:
        found = [each for each in found if any(coding["code"] in wanted for coding in each["code"]["coding"])]
    entry = [{"resource": resource} for resource in found]
    return {"resourceType": "Bundle", "type": "searchset", "total": len(entry), "entry": entry} if entry else None
