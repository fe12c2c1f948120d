"""Read a request body, up to a limit, in one go.

Flask's own stream wrapper is general and slower; hook calls need the whole body, once, and nothing else.
"""

from typing import Any

from gunicorn.http.errors import ParseException

from cds_service.errors import BadRequest, TooLarge

_CUT_SHORT = "The body could not be read to its end: send it whole, with its Content-Length or in well-formed chunks."


def read_body(environ: dict[str, Any], limit: int) -> bytes:
    """The whole body, whether its length was declared or it came in chunks.

    Raises TooLarge beyond ``limit`` bytes, and BadRequest if it ended early.
    """
    declared = _declared_length(environ)
    if declared is not None and declared > limit:
        raise _too_large(limit)
    if declared is None and not environ.get("wsgi.input_terminated"):
        # Without a length, only a stream that the server itself ends may be read (PEP 3333 promises no end).
        return b""
    body = _read(environ, limit + 1 if declared is None else declared)
    if len(body) > limit:
        raise _too_large(limit)
    if declared is not None and len(body) < declared:
        raise BadRequest(_CUT_SHORT)
    return body


def _read(environ: dict[str, Any], length: int) -> bytes:
    try:
        body: bytes = environ["wsgi.input"].read(length)
    except (OSError, ParseException) as error:
        # A client that went away, a malformed chunk: gunicorn notices only while the body is read.
        raise BadRequest(_CUT_SHORT) from error
    return body


def _declared_length(environ: dict[str, Any]) -> int | None:
    text = environ.get("CONTENT_LENGTH") or ""
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        raise BadRequest("Content-Length is not a number: send the length of the body in bytes.")
    return int(text)


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"The body is longer than {limit} bytes: send less, or raise CDS_MAX_BODY_BYTES.")
