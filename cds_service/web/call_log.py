"""One log line a hook call, and one for a fault. Neither holds anything that came from a request.

Not logged: bodies, patients, tokens, hookInstance, URLs and their queries, and the text of foreign exceptions, which
may quote any of these.
"""

import logging
import sys
import traceback
from collections.abc import Iterable, Iterator

from cds_service.feedback.entry import Saved

package = logging.getLogger("cds_service")
calls = logging.getLogger("cds_service.calls")
faults = logging.getLogger("cds_service.faults")


def switch_on(logger: logging.Logger = package) -> None:
    """Send the lines to standard error, unless whoever runs the service has set up logging already."""
    if not logger.hasHandlers():
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)


def listening() -> bool:
    """Whether anybody reads the lines: what only they need is not worked out for nobody."""
    return calls.isEnabledFor(logging.INFO)


def log_answer(service: str, codes: Iterable[str], milliseconds: float, correlation_id: str) -> None:
    """The line of a hook call's 200: which service, how long, and the advice codes of its cards ("-" for none)."""
    if listening():
        named = ",".join(codes) or "-"
        calls.info("service=%s status=200 ms=%.1f codes=%s id=%s", service, milliseconds, named, correlation_id)


def log_feedback(service: str, saved: Saved, milliseconds: float, correlation_id: str) -> None:
    """The line of a feedback call's 200: how many reports were new, and how many had come before."""
    line = "service=%s status=200 ms=%.1f feedback=%d repeated=%d id=%s"
    calls.info(line, service, milliseconds, saved.stored, saved.repeated, correlation_id)


def log_refusal(service: str, status: int, milliseconds: float, correlation_id: str) -> None:
    """The line of any other answer."""
    calls.info("service=%s status=%d ms=%.1f codes=- id=%s", service, status, milliseconds, correlation_id)


def log_fault(error: BaseException, correlation_id: str) -> None:
    """Type and place of a fault and of its causes, without any of their messages."""
    faults.error("id=%s %s", correlation_id, " <- ".join(_places(error)))


def _places(error: BaseException | None) -> Iterator[str]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        frames = traceback.extract_tb(error.__traceback__)[-6:]
        trail = " > ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames)
        yield f"{type(error).__name__} at {trail or 'nowhere'}"
        error = error.__cause__ or error.__context__
