"""One card of this service with example facts, as an EHR would show it: for whoever edits ``cards/``."""

from typing import Any

import msgspec
from flask import render_template

from cds_service import stories
from cds_service.preview import preview
from cds_service.web.workbench.cards import shown_cards
from cds_service.web.workbench.here import Here


class Asked(msgspec.Struct):
    code: str


def answer(asked: Asked, here: Here) -> dict[str, Any]:
    """The card as HTML and the story its facts are from. BadRequest for a code that no story shows."""
    story, card = preview(asked.code, here.site)
    html = render_template("workbench/preview.html", cards=shown_cards({"cards": [card]}))
    return {"html": html, "story": story.name, "title": stories.title(story.name)}
