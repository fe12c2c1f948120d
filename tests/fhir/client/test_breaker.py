"""A server that fails is left alone for a while; then one call tries it."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from cds_service.fhir.breaker import FAILURES, MAX_HOSTS, PAUSE_S, WITHIN_S, Breaker, Signs
from cds_service.fhir.failures import (
    BrokenOff,
    FetchFailure,
    HttpStatus,
    NotAllowed,
    NotAsked,
    NotFhir,
    TimedOut,
    TooLarge,
    Unreachable,
)
from tests.clock import Clock

EHR = "https://ehr.example.org:443"
LABS = "https://labs.example.org:443"


@pytest.fixture
def clock() -> Clock:
    return Clock(1000.0)


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(clock)


def _round(breaker: Breaker, answered: bool | None, origin: str = EHR) -> None:
    breaker.enter(origin)
    breaker.leave(origin, answered)


def _closed(breaker: Breaker, origin: str = EHR) -> str:
    """Why a round may not begin; empty if it may (it is then over at once, and says nothing about the server)."""
    try:
        _round(breaker, None, origin)
    except NotAsked as refused:
        return refused.reason
    return ""


def _fail(breaker: Breaker, times: int = FAILURES) -> None:
    for _ in range(times):
        _round(breaker, False)


def test_five_failures_in_thirty_seconds_close_the_way(breaker: Breaker) -> None:
    assert (FAILURES, WITHIN_S) == (5, 30)
    _fail(breaker, 4)
    assert not _closed(breaker)
    _fail(breaker, 1)
    assert re.fullmatch(
        r"the FHIR server failed several times; not asked again until \d\d:\d\d:\d\d UTC", _closed(breaker)
    )


def test_other_servers_are_asked_as_before(breaker: Breaker) -> None:
    _fail(breaker)
    assert not _closed(breaker, LABS)


def test_failures_spread_over_more_than_thirty_seconds_do_not(breaker: Breaker, clock: Clock) -> None:
    for _ in range(3 * FAILURES):
        _fail(breaker, 1)
        clock.now += WITHIN_S / 4 + 0.1
    assert not _closed(breaker)


def test_an_answer_in_between_begins_the_count_anew(breaker: Breaker) -> None:
    _fail(breaker, 4)
    _round(breaker, True)
    _fail(breaker, 4)
    assert not _closed(breaker)


def test_after_the_pause_one_round_tries_and_the_others_still_wait(breaker: Breaker, clock: Clock) -> None:
    _fail(breaker)
    clock.now += PAUSE_S - 0.1
    assert _closed(breaker)
    clock.now += 0.2
    breaker.enter(EHR)
    assert _closed(breaker).endswith("until it has answered a first call")
    breaker.leave(EHR, True)
    assert not _closed(breaker)
    _fail(breaker, 4)
    assert not _closed(breaker), "the old failures are forgotten"


def test_a_trial_that_fails_begins_a_new_pause(breaker: Breaker, clock: Clock) -> None:
    _fail(breaker)
    clock.now += PAUSE_S
    _fail(breaker, 1)
    assert _closed(breaker)
    clock.now += PAUSE_S
    assert not _closed(breaker)


def test_a_trial_that_asked_nothing_leaves_the_trial_to_the_next(breaker: Breaker, clock: Clock) -> None:
    _fail(breaker)
    clock.now += PAUSE_S
    _round(breaker, None)
    breaker.enter(EHR)
    assert _closed(breaker)


def test_one_of_many_threads_is_the_trial(breaker: Breaker, clock: Clock) -> None:
    _fail(breaker)
    clock.now += PAUSE_S
    together = threading.Barrier(20)

    def enter(_: int) -> bool:
        together.wait()
        try:
            breaker.enter(EHR)
        except NotAsked:
            return False
        return True

    with ThreadPoolExecutor(20) as threads:
        assert sum(threads.map(enter, range(20))) == 1


def test_only_so_many_servers_are_remembered(breaker: Breaker) -> None:
    _fail(breaker)
    for number in range(MAX_HOSTS):
        _round(breaker, False, f"https://{number}.example.org:443")
    assert not _closed(breaker)


SAYS = (
    (TimedOut(), False),
    (Unreachable("refused"), False),
    (BrokenOff(), False),
    *((HttpStatus(status), False) for status in (500, 502, 503, 504, 429)),
    *((HttpStatus(status), True) for status in (204, 301, 302, 400, 401, 403, 404, 410, 412)),
    (NotFhir("HTML or XML"), True),
    (TooLarge(1), True),
    (NotAllowed("elsewhere"), None),
)


@pytest.mark.parametrize(("failure", "answered"), SAYS, ids=lambda each: getattr(each, "reason", ""))
def test_only_faults_of_the_server_itself_count(failure: FetchFailure, answered: bool | None) -> None:
    signs = Signs()
    signs.failed(failure)
    assert signs.take() is answered


def test_one_answer_in_a_round_outweighs_its_failures() -> None:
    signs = Signs()
    signs.failed(TimedOut())
    signs.answered()
    signs.failed()
    assert signs.take() is True
    assert signs.take() is None, "the next round begins blank"
