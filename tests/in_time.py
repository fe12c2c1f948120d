"""Is it in time? Asked so that a busy machine fails no test, and a line of ours that waits or dawdles still does.

What computes and waits for nothing is measured in ``processor_seconds``, whatever else the machine does meanwhile. What
has to be in time by the clock on the wall is tried up to ``TRIES`` times: we would be late each time. Beside each try a
computation shows how much slower this machine is just now than one that does nothing else.
"""

import gc
import time
from collections.abc import Callable
from typing import TypeVar

import pytest

T = TypeVar("T")
TRIES = 5
_SAMPLE_S = 0.02
AT_ONCE_S = 1.0
"""Less than any deadline or pause that a test with this limit would wait for, if it waited."""


def in_time(seconds: float, attempt: Callable[[], tuple[T, float]], deadline: float = 0.0) -> T:
    """What the first attempt gave that ended less than ``seconds`` after its ``deadline``; fails if none did.

    The seconds are those of a machine that does nothing else; the deadline is by the clock on the wall. ``attempt``
    gives its answer and the seconds that count, and makes anew whatever one attempt would spoil for the next (a server
    that failed so often is not asked again).
    """
    taken = []
    for _ in range(TRIES):
        answer, took = attempt()
        allowed = deadline + seconds * slowness()
        if took < allowed:
            return answer
        taken.append((took, allowed))
    pytest.fail(f"late in each try; seconds, and how many were allowed: {taken}")


def slowness() -> float:
    """How many times longer a computation takes here and now than on a machine that does nothing else."""
    began, computed = time.monotonic(), time.thread_time()
    while time.thread_time() - computed < _SAMPLE_S:
        pass
    return max(1.0, (time.monotonic() - began) / _SAMPLE_S)


def wait_for(happened: Callable[[], bool], seconds: float = 20) -> None:
    """Until it has happened; fails if it did not, after far longer than it takes."""
    ends = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.01)


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What ``work`` gives, and its seconds by the clock on the wall."""
    began = time.monotonic()
    answer = work()
    return answer, time.monotonic() - began


def processor_seconds(work: Callable[[], T]) -> tuple[T, float]:
    """What ``work`` gives, and what this process computed meanwhile, without searching what other tests left behind."""
    gc.collect()
    gc.freeze()
    try:
        began = time.process_time()
        answer = work()
        return answer, time.process_time() - began
    finally:
        gc.unfreeze()
