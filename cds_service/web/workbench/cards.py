"""An answer's cards as the page shows them: whatever a service sent, only texts and lists of texts come out."""

from typing import Any

import msgspec

from cds_service.ehr.client import Answer
from cds_service.web.workbench.markdown import rendered

_WORDS = {"critical": "Critical", "warning": "Warning", "info": "Info"}


def error_of(answer: Answer) -> str:
    """Why this answer is no list of cards, in one line; empty for a good one."""
    if not answer.ok:
        return f"The service answered {answer.in_a_line()}"
    if not isinstance(answer.json, dict) or not isinstance(answer.json.get("cards"), list):
        return f"The service answered HTTP {answer.status} without a JSON list of cards"
    return ""


def shown_cards(response: dict[str, Any]) -> list[dict[str, Any]]:
    """Every card; what is no JSON object is shown as a card without an indicator."""
    return [_card(each if isinstance(each, dict) else {}) for each in response["cards"]]


def shown_system_actions(response: Any) -> list[dict[str, str]]:
    """What the service would have the EHR do without asking."""
    return [_action(each) for each in _objects(response if isinstance(response, dict) else {}, "systemActions")]


def _card(card: dict[str, Any]) -> dict[str, Any]:
    indicator = _text(card, "indicator")
    source = _object(card, "source")
    return {
        "uuid": _text(card, "uuid"),
        "indicator": indicator if indicator in _WORDS else "unknown",
        "word": _WORDS.get(indicator, "No valid indicator"),
        "summary": _text(card, "summary"),
        "detail": rendered(_text(card, "detail")),
        "source": _link(source) | {"topic": _coding(_object(source, "topic"))},
        "links": [_link(each) | {"app": each.get("type") == "smart"} for each in _objects(card, "links")],
        "suggestions": [_suggestion(each) for each in _objects(card, "suggestions")],
        "choose": "at most one" if _text(card, "selectionBehavior") == "at-most-one" else "any",
        "reasons": [{"label": _coding(each), "json": _json(each)} for each in _objects(card, "overrideReasons")],
    }


def _suggestion(suggestion: dict[str, Any]) -> dict[str, Any]:
    return {
        "uuid": _text(suggestion, "uuid"),
        "label": _text(suggestion, "label"),
        "recommended": suggestion.get("isRecommended") is True,
        "actions": [_action(each) for each in _objects(suggestion, "actions")],
        "json": _json(_objects(suggestion, "actions")),
    }


def _action(action: dict[str, Any]) -> dict[str, str]:
    resource = _object(action, "resource")
    named = "/".join(filter(None, (_text(resource, "resourceType"), _text(resource, "id"))))
    return {
        "type": _text(action, "type"),
        "description": _text(action, "description"),
        "target": _text(action, "resourceId") or named,
    }


def _link(link: dict[str, Any]) -> dict[str, Any]:
    """``href`` only for http and https: anything else is shown as text."""
    url = _text(link, "url")
    return {"label": _text(link, "label"), "url": url, "href": url if url.startswith(("https://", "http://")) else ""}


def _coding(coding: dict[str, Any]) -> str:
    return _text(coding, "display") or _text(coding, "code")


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _text(holder: dict[str, Any], key: str) -> str:
    value = holder.get(key)
    return value if isinstance(value, str) else ""


def _object(holder: dict[str, Any], key: str) -> dict[str, Any]:
    value = holder.get(key)
    return value if isinstance(value, dict) else {}


def _objects(holder: dict[str, Any], key: str) -> list[dict[str, Any]]:
    value = holder.get(key)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
