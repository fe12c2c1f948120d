"""A body as the page shows it."""

from typing import Any

import msgspec


def shown_json(body: bytes) -> str:
    """Indented, with members and numbers exactly as sent; a body that is no JSON as the text it is."""
    try:
        return msgspec.json.format(body, indent=2).decode("utf-8", "replace")
    except (msgspec.DecodeError, RecursionError):
        return body.decode("utf-8", "replace")


def plain(value: Any) -> Any:
    """A JSON value whose texts can be written down: JSON may hold half of a surrogate pair, and UTF-8 may not.

    None for a value nested deeper than anything that a card, or a FHIR resource, is.
    """
    try:
        return _plain(value)
    except RecursionError:
        return None


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_plain(key): _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value
