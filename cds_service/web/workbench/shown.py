"""A body as the page shows it."""

import msgspec


def shown_json(body: bytes) -> str:
    """Indented, with members and numbers exactly as sent; a body that is no JSON as the text it is."""
    try:
        return msgspec.json.format(body, indent=2).decode("utf-8", "replace")
    except (msgspec.DecodeError, RecursionError):
        return body.decode("utf-8", "replace")
