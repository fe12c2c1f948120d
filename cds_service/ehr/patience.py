"""No longer than this, whatever the other side does."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

Result = TypeVar("Result")


def within(seconds: float, work: Callable[[], Result]) -> Result:
    """What ``work`` gives or raises; TimeoutError if that takes longer.

    Timeouts of an HTTP library are per receive, and a server that drips a header is never late. ``work`` runs in a
    thread of its own, which then is left behind: it keeps no process alive and ends with its connection.
    """
    future: Future[Result] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as fault:  # noqa: BLE001  raised again where it was asked for
            future.set_exception(fault)

    threading.Thread(target=run, daemon=True).start()
    return future.result(seconds)
