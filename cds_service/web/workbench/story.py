"""The hook call that belongs to a patient story: its hook and its draft orders, dates moved to now."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from cds_service import stories
from cds_service.errors import BadRequest
from cds_service.web.workbench.here import Here


class Asked(msgspec.Struct):
    story: str


def answer(asked: Asked, here: Here) -> dict[str, Any]:
    """``orders``: each with whether the story selects it. BadRequest for a name that is no story's."""
    if asked.story not in stories.names():
        raise BadRequest("There is no such story.")
    story = stories.shifted(stories.read(asked.story), datetime.now(UTC))
    context = story.hook["context"]
    resources = [entry["resource"] for entry in context.get("draftOrders", {}).get("entry", [])]
    selected = context.get("selections")
    orders = [
        {"resource": each, "selected": selected is None or f"{each['resourceType']}/{each['id']}" in selected}
        for each in resources
    ]
    return {"hook": story.hook_name, "user": context["userId"], "orders": orders}
