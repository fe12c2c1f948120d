"""No false all-clear: a neutropenic patient, and a FHIR server with every fault. The answer is never empty.

It comes within the deadline and 100 ms, and names the reason. What each fault does: ``tests/faults/faults.md``.
Each fault is tried on one hook with the counts spoiled, on another with the orders spoiled; the other combinations are
slow tests.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service.fhir.breaker import FAILURES
from tests.clinical.tables import Line
from tests.fault_server import NO_CONNECTION, Canary, faulty
from tests.faults.table import HANGING, ODDITIES, SEARCHES
from tests.fhir_records import Records
from tests.hook_call.calls import ORDER_HOOKS, PATIENT, Answer, call, count, order
from tests.in_time import AT_ONCE_S, in_time, timed

HOOKS = ("patient-view", *ORDER_HOOKS)
ANAKINRA = {"resourceType": "Medication", "id": "anakinra", "code": order()["medicationCodeableConcept"]}
CHART = Records(
    [{"resourceType": "Patient", "id": PATIENT}, ANAKINRA, order(), count(0.4), count(3.9, "anc-2", days=20)]
)
DRAFT = order("methotrexate", "draft-1", "draft")
DEADLINE_S, LATE_S = 0.4, 0.1
"""Of the service that is hurried."""
LOW_COUNT_ROWS = {"PV10", "OU1b"}
KEYS = {"Observation": "neutrophils", "MedicationRequest": "medications"}

# A searchset without entries is no fault: it says that there is nothing, and nothing else could tell.
SPOILING = [line for line in SEARCHES if line["fault"] not in ("none", "no-entry")]


def _combinations() -> Iterator[Any]:
    for number, line in enumerate(SPOILING):
        for place, (hook, broken) in enumerate((hook, broken) for broken in KEYS for hook in HOOKS):
            quick = place in (number % 3, 3 + (number + 1) % 3)
            marks = () if quick else (pytest.mark.slow,)
            yield pytest.param(line, hook, broken, id=f"{line['fault']}-{hook}-{broken}", marks=marks)


def _ask(client: FlaskClient, hook: str, base_url: str) -> Answer:
    return call(client, hook, None, *(() if hook == "patient-view" else (DRAFT,)), fhir=base_url)


Services = tuple[FlaskClient, FlaskClient]


@pytest.fixture
def services(client: FlaskClient, hurried: FlaskClient) -> Services:
    return client, hurried


def _answer(services: Services, hook: str, fault: str, canary: Canary, broken: str = "") -> Answer:
    """The answer in spite of the fault. Where that hangs, it comes in time; each try has a server of its own."""
    unhurried, hurried = services

    def attempt(client: FlaskClient) -> tuple[Answer, float]:
        with faulty(CHART.respond, fault, only=lambda asked: asked.startswith(broken), canary=canary) as server:
            return timed(lambda: _ask(client, hook, server.base_url))

    if fault in HANGING:
        return in_time(LATE_S, lambda: attempt(hurried), DEADLINE_S)
    return attempt(unhurried)[0]


@pytest.mark.parametrize(("line", "hook", "broken"), tuple(_combinations()))
def test_a_neutropenic_patient_is_never_answered_with_silence(
    services: Services, line: Line, hook: str, broken: str, canary: Canary
) -> None:
    answer = _answer(services, hook, line["fault"], canary, broken)
    assert canary.received == []
    key = "medications" if line["fault"] in NO_CONNECTION else KEYS[broken]
    if answer.status == 412:
        assert "prefetch.medications" in answer.diagnostics
        assert line["reason"] in answer.diagnostics
        return
    assert answer.status == 200
    if line["reason"]:
        assert line["reason"] in answer.trace["prefetch"][key]["reason"]
    if not LOW_COUNT_ROWS & set(answer.rows):
        assert answer.rows == ["NA"]
        assert line["reason"] in answer.body["cards"][0]["detail"].replace("\\", "")


def _spoiled_resources() -> Iterator[Any]:
    for line in ODDITIES:
        for hook in HOOKS:
            marks = (pytest.mark.slow,) if hook == "order-select" else ()
            yield pytest.param(line, hook, id=f"{line['fault']}-{hook}", marks=marks)


@pytest.mark.parametrize(("line", "hook"), tuple(_spoiled_resources()))
def test_odd_resources_get_the_answer_of_the_table(services: Services, line: Line, hook: str, canary: Canary) -> None:
    answer = _answer(services, hook, line["fault"], canary)
    assert canary.received == []
    expected = line["view" if hook == "patient-view" else "order"]
    assert (answer.rows or [str(answer.status)]) == [expected]
    said = answer.diagnostics if answer.status == 412 else str(answer.trace)
    assert line["why"] in said or (answer.status == 412 and "could not be identified" in said)


@pytest.mark.parametrize("hook", HOOKS)
def test_a_server_that_failed_five_times_is_answered_for_at_once_and_never_with_silence(
    client: FlaskClient, hook: str
) -> None:
    with faulty(CHART.respond, "503") as server:
        for _ in range(FAILURES):
            _ask(client, hook, server.base_url)
        asked = len(server.requests)
        answer, seconds = timed(lambda: _ask(client, hook, server.base_url))
        assert seconds < AT_ONCE_S
        assert len(server.requests) == asked
    said = answer.diagnostics if hook == "patient-view" else answer.body["cards"][0]["detail"]
    assert (answer.status, answer.rows) == ((412, []) if hook == "patient-view" else (200, ["NA"]))
    assert "the FHIR server failed several times; not asked again until" in said


def _at_once(client: FlaskClient, fault: str) -> list[float]:
    """The seconds taken by as many calls at once as one process answers."""

    def seconds(hook: str) -> float:
        answer, seconds = timed(lambda: _ask(client, hook, server.base_url))
        assert answer.status == 412 or answer.rows
        return seconds

    with faulty(CHART.respond, fault) as server, ThreadPoolExecutor(8) as callers:
        return list(callers.map(seconds, [HOOKS[number % 3] for number in range(8)]))


@pytest.mark.slow
@pytest.mark.parametrize("fault", HANGING)
def test_calls_at_once_to_a_server_that_hangs_are_all_answered_in_time(hurried: FlaskClient, fault: str) -> None:
    in_time(LATE_S, lambda: (None, max(_at_once(hurried, fault))), DEADLINE_S)
