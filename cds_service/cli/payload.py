"""Read what a user names on the command line: a file, a URL, or - for standard input; never more than a limit."""

import os
import select
import stat
import sys
from urllib.parse import urlsplit

from cds_service.ehr.client import Sign
from cds_service.ehr.download import download
from cds_service.ehr.problems import CannotStart
from cds_service.validate.words import shown

STDIN = "-"
_WRITER_SECONDS = 10
_PIECE = 1 << 16


def read_payload(named: str, limit: int, sign: Sign | None = None) -> bytes:
    """The bytes; CannotStart, in one line, if they cannot be had or are more than ``limit``. ``sign``: for a URL."""
    if named == STDIN:
        body = _stdin(limit)
    elif _scheme(named) in ("http", "https"):
        body = download("The URL", named, limit, sign=sign)
    elif _scheme(named):
        raise CannotStart(f"{title(named)} is no http or https URL, and no file.")
    else:
        body = _file(named, limit)
    if len(body) > limit:
        raise CannotStart(f"{title(named)} is larger than {limit} bytes: raise --max-bytes, or send less.")
    return body


def title(named: str) -> str:
    """What to call it in messages."""
    return "stdin" if named == STDIN else shown(named)


def _scheme(named: str) -> str:
    """The scheme of a URL; "" for what is none."""
    try:
        return urlsplit(named).scheme.lower() if "://" in named else ""
    except ValueError:
        return ""


def _stdin(limit: int) -> bytes:
    if sys.stdin is None:
        raise CannotStart("Standard input is closed: give a file or a URL instead of -.")
    try:
        return sys.stdin.buffer.read(limit + 1)
    except (OSError, ValueError) as fault:
        raise CannotStart(f"Standard input cannot be read ({_reason(fault)}).") from None


def _file(named: str, limit: int) -> bytes:
    try:
        # Without blocking, as a named pipe nobody writes to would hold the command for ever.
        descriptor = os.open(named, os.O_RDONLY | os.O_NONBLOCK)
    except (OSError, ValueError) as fault:
        raise CannotStart(f"{title(named)} cannot be opened ({_reason(fault)}).") from None
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise CannotStart(f"{title(named)} is a directory: name a file.")
        return _piped(descriptor, named, limit) if stat.S_ISFIFO(mode) else _all(descriptor, limit)
    except OSError as fault:
        raise CannotStart(f"{title(named)} cannot be read ({_reason(fault)}).") from None
    finally:
        os.close(descriptor)


def _all(descriptor: int, limit: int) -> bytes:
    os.set_blocking(descriptor, True)
    body = bytearray()
    while len(body) <= limit and (piece := os.read(descriptor, min(_PIECE, limit + 1 - len(body)))):
        body += piece
    return bytes(body)


def _piped(descriptor: int, named: str, limit: int) -> bytes:
    """What is written into a pipe until its writer closes it."""
    written = select.poll()
    written.register(descriptor, select.POLLIN)
    body = bytearray()
    while len(body) <= limit:
        if not written.poll(_WRITER_SECONDS * 1000):
            raise CannotStart(f"{title(named)} is a pipe into which nobody wrote for {_WRITER_SECONDS} seconds.")
        piece = os.read(descriptor, _PIECE)
        if not piece:
            break
        body += piece
    return bytes(body)


def _reason(fault: Exception) -> str:
    return (getattr(fault, "strerror", None) or str(fault)).lower()
