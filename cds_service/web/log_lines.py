"""What a log line may hold: the members of a closed list, each short and printable; and how it is written.

Never logged: bodies, patients, tokens, hookInstance, URLs and their queries, and the text of foreign exceptions, which
may quote any of these.
"""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

KEYS = (
    "service",
    "client",
    "status",
    "ms",
    "mode",
    "codes",
    "withheld",
    "feedback",
    "repeated",
    "id",
    "fault",
    "message",
)
"""All that a line may hold beside its time, level and logger; what is not listed is dropped."""
LONGEST = 2000
"""Characters of one value."""
TEXT = "%(asctime)s %(levelname)s %(name)s %(message)s"

_FIELDS = "cds_fields"
_URL_QUOTED = ("Invalid request from ip=", "Error handling request")


def write(logger: logging.Logger, level: int, text: str, fields: Mapping[str, Any]) -> None:
    """One line: ``text`` where lines are text, ``fields`` where they are JSON. Both are cleaned."""
    if logger.isEnabledFor(level):
        logger.log(level, "%s", _clean(text), extra={_FIELDS: allowed(fields)})


def allowed(fields: Mapping[str, Any]) -> dict[str, Any]:
    """``fields`` without what is on no list or holds nothing, in the order of ``KEYS``."""
    found = ((key, fields.get(key)) for key in KEYS)
    return {key: _bounded(value) for key, value in found if value is not None and value != ""}


def _bounded(value: Any) -> Any:
    if isinstance(value, int | float):
        return value
    return [_clean(str(each)) for each in value[:50]] if isinstance(value, list | tuple) else _clean(str(value))


def _clean(text: str) -> str:
    """Of one line, whatever reads it: no control characters, nothing but ASCII, and no end to wait for."""
    kept = text if text.isascii() and text.isprintable() else "".join(map(_printable, text[:LONGEST]))
    return kept if len(kept) <= LONGEST else f"{kept[:LONGEST]}..."


def _printable(character: str) -> str:
    return character if " " <= character <= "~" else "?"


class JsonLines(logging.Formatter):
    """A JSON object a line; a traceback, which quotes values, is never one of its members."""

    def format(self, record: logging.LogRecord) -> str:
        fields = getattr(record, _FIELDS, None) or allowed({"message": record.getMessage()})
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        head = {"at": at, "level": record.levelname.lower(), "logger": record.name.removeprefix("cds_service.")}
        return msgspec.json.encode(head | fields).decode()


def quote_no_urls(record: logging.LogRecord) -> bool:
    """A logging filter for gunicorn, which quotes what it cannot read: the request line, and a query in it.

    gunicorn/workers/base.py, handle_error. Other lines pass as they are.
    """
    begin = next((each for each in _URL_QUOTED if str(record.msg).startswith(each)), "")
    if begin:
        failed = record.exc_info[0] if record.exc_info else None
        record.msg = f"{begin.removesuffix(' from ip=')} ({failed.__name__ if failed else 'not HTTP as it should be'})"
        record.args, record.exc_info, record.exc_text = (), None, None
    return True
