"""What is late each time fails, however busy the machine; what is in time once does not."""

import time

import pytest

from tests.in_time import TRIES, in_time, processor_seconds, timed


def test_what_is_late_in_each_try_fails() -> None:
    tried = []
    with pytest.raises(pytest.fail.Exception, match="late in each try"):
        in_time(0.001, lambda: (tried.append(1), 3600.0), deadline=0.3)
    assert len(tried) == TRIES


def test_what_is_in_time_once_is_in_time() -> None:
    taken = [3600.0, 0.3, 7.0]

    assert in_time(0.1, lambda: (len(taken), taken.pop(0)), deadline=0.3) == 2


def test_waiting_takes_no_processor() -> None:
    (_, computed), waited = timed(lambda: processor_seconds(lambda: time.sleep(0.2)))

    assert computed < 0.1 < waited
