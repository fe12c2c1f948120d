"""One log line a call, and one for a fault. Neither holds anything that came from a request (``log_lines``)."""

import logging
import sys
import traceback
from collections.abc import Iterator, Sequence

from flask import g, has_app_context

from cds_service.audit.account import Call
from cds_service.feedback.entry import Saved
from cds_service.feedback.kept import KeptCard
from cds_service.switches.discretion import ACTIVE
from cds_service.web.log_lines import TEXT, JsonLines, quote_no_urls, write

package = logging.getLogger("cds_service")
calls = logging.getLogger("cds_service.calls")
faults = logging.getLogger("cds_service.faults")
gunicorn = logging.getLogger("gunicorn.error")


def switch_on(logger: logging.Logger = package, *, json: bool = False) -> None:
    """Send the lines to standard error, unless whoever runs the service has set up logging already."""
    gunicorn.addFilter(quote_no_urls)  # the same one is added once
    if not logger.hasHandlers():
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JsonLines() if json else logging.Formatter(TEXT))
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)


def log_answer(call: Call, cards: Sequence[KeptCard]) -> None:
    """The line of a hook call's 200: which service, how long, and the advice codes of its cards ("-" for none).

    ``withheld`` and ``mode`` only where cards were not sent, or the call was not active.
    """
    if calls.isEnabledFor(logging.INFO):
        service, took, correlation_id = call.service.id, call.milliseconds, call.correlation_id
        codes = [card.code for card in cards if not card.withheld]
        withheld = [card.code for card in cards if card.withheld]
        text = f"service={service} status=200 ms={took:.1f} codes={','.join(codes) or '-'}"
        more: dict[str, object] = {"codes": codes}
        if withheld:
            text += f" withheld={','.join(withheld)}"
            more["withheld"] = withheld
        if call.mode != ACTIVE:
            text += f" mode={call.mode}"
            more["mode"] = call.mode
        _write(f"{text} id={correlation_id}", service, 200, took, correlation_id, **more)


def log_feedback(service: str, saved: Saved, milliseconds: float, correlation_id: str) -> None:
    """The line of a feedback call's 200: how many reports were new, and how many had come before."""
    took = f"service={service} status=200 ms={milliseconds:.1f}"
    text = f"{took} feedback={saved.stored} repeated={saved.repeated} id={correlation_id}"
    _write(text, service, 200, milliseconds, correlation_id, feedback=saved.stored, repeated=saved.repeated)


def log_refusal(service: str, status: int, milliseconds: float, correlation_id: str) -> None:
    """The line of any other answer."""
    text = f"service={service} status={status} ms={milliseconds:.1f} codes=- id={correlation_id}"
    _write(text, service, status, milliseconds, correlation_id)


def log_fault(error: BaseException, correlation_id: str) -> None:
    """Type and place of a fault and of its causes, without any of their messages."""
    places = " <- ".join(_places(error))
    write(faults, logging.ERROR, f"id={correlation_id} {places}", {"id": correlation_id, "fault": places})


def _write(text: str, service: str, status: int, milliseconds: float, correlation_id: str, **more: object) -> None:
    client = g.get("client", "") if has_app_context() else ""
    fields = {"service": service, "client": client, "status": status, "ms": round(milliseconds, 1)}
    write(calls, logging.INFO, text, fields | more | {"id": correlation_id})


def _places(error: BaseException | None) -> Iterator[str]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        frames = traceback.extract_tb(error.__traceback__)[-6:]
        trail = " > ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames)
        yield f"{type(error).__name__} at {trail or 'nowhere'}"
        error = error.__cause__ or error.__context__
