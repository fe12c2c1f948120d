"""What an answer of this project's service says it kept back: then few cards, or none, are no all-clear."""

from typing import Any

from cds_service.codes.systems import EXTENSION
from cds_service.switches.discretion import SILENT

_SILENT = "The service is in silent mode: it evaluates, and shows no cards. This is no all-clear."


def held_back(response: Any) -> str:
    """A sentence; "" where nothing was kept back, or another service answered."""
    extension = _dict(_dict(_dict(response).get("extension")).get(EXTENSION))
    if extension.get("mode") == SILENT:
        return _SILENT
    withheld = extension.get("withheld")
    told = [_words(each) for each in withheld if isinstance(each, dict)] if isinstance(withheld, list) else []
    return f"Kept back by the service: {', '.join(told)}. This is no all-clear." if told else ""


def _words(withheld: dict[str, Any]) -> str:
    return f"{withheld.get('code', '?')} ({str(withheld.get('why', '?')).replace('-', ' ')})"


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
