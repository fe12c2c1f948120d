"""Whatever a service sends, a run ends with its lines: never with an exception, never with a fault of this tool."""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cds_service.conform.run import Run
from cds_service.conform.verdicts import Outcome
from cds_service.ehr.problems import CannotStart
from tests.conform.conftest import quick, told
from tests.conform.good_service import CARD, SERVICE, Call, GoodService, Reply
from tests.fault_server import FaultServer
from tests.faults import FAULTS

Serve = Callable[..., GoodService]


def no_fault_of_ours(run: Run) -> bool:
    verdicts = [result.verdict for line in run.told for result in line.results]
    return bool(verdicts) and not any("fault of this tool" in each.message for each in verdicts)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_server_with_every_fault_of_the_book(fault: str) -> None:
    started = time.monotonic()
    with FaultServer(lambda _: {"services": [SERVICE]}, fault) as server:
        ran = None
        with suppress(CannotStart):
            ran = quick(server.base_url, timeout=0.2, patients=1)
    assert ran is None or no_fault_of_ours(ran)
    assert time.monotonic() - started < 60


ODD_CARDS = [
    [1],
    [None],
    [[]],
    ["card"],
    [{}],
    [CARD | {"uuid": 7}],
    [CARD | {"source": "label"}],
    [CARD | {"suggestions": 7}],
    [CARD | {"suggestions": [7, None, {}]}],
    [CARD | {"suggestions": [{"uuid": [], "actions": 7}]}],
    [CARD | {"suggestions": [{"actions": [7, {"type": [], "resource": 7}]}]}],
    [CARD | {"links": {"url": "x"}}],
    [CARD | {"overrideReasons": [7]}],
    [CARD | {"summary": "\ud800" * 200, "uuid": "\ud800"}],
    [CARD | {"uuid": "x", "overrideReasons": [{}]}],
]


@pytest.mark.parametrize("cards", ODD_CARDS, ids=range(len(ODD_CARDS)))
def test_odd_cards(cards: list[Any], serve: Serve) -> None:
    def changed(_: Call, reply: Reply) -> Reply:
        has_cards = isinstance(reply.body, dict) and "cards" in reply.body
        return reply._replace(body={"cards": cards}) if has_cards else reply

    run = quick(serve(changed).url, patients=1)

    assert no_fault_of_ours(run)
    assert run.count(Outcome.FAIL)


ODD_LISTINGS = [
    [None, 7, "x", []],
    [{"id": 7, "hook": "patient-view"}],
    [{"id": "", "hook": "patient-view"}],
    [SERVICE | {"prefetch": []}],
    [SERVICE | {"prefetch": {"a": None, "b": 7, "c": "", "d": "}}{{", "e": "http://[", "f": "Patient/{{context.x}}"}}],
    [SERVICE | {"prefetch": {"a": "//", "b": "?", "c": "Patient?_count=x&_offset=-1", "d": "\x00"}}],
    [SERVICE | {"id": "../up"}, SERVICE | {"id": "a b?c#d"}, SERVICE | {"id": "\ud800"}],
    [SERVICE, SERVICE],
    [SERVICE | {"hook": "order-sign"}, SERVICE],
]


@pytest.mark.parametrize("services", ODD_LISTINGS, ids=range(len(ODD_LISTINGS)))
def test_odd_listings(services: list[Any], serve: Serve) -> None:
    def changed(call: Call, reply: Reply) -> Reply:
        return reply._replace(body={"services": services}) if call.method == "GET" else reply

    assert no_fault_of_ours(quick(serve(changed).url, patients=1))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(CARD)), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.fixed_dictionaries({"cards": JSON | st.lists(JSON, max_size=2)}) | JSON)
def test_any_json_at_all(body: Any, serve: Serve) -> None:
    def changed(call: Call, reply: Reply) -> Reply:
        return reply if call.method == "GET" else Reply(200, json.dumps(body).encode())

    assert no_fault_of_ours(quick(serve(changed).url, patients=1))


def test_a_service_that_hangs_costs_no_more_than_its_first_calls(serve: Serve) -> None:
    def hang(call: Call, reply: Reply) -> Reply:
        if call.method == "POST":
            time.sleep(2)
        return reply

    service = serve(hang)
    run = quick(service.url, timeout=0.5)

    assert told(run, Outcome.FAIL)["cds-hooks_2.0@74"].endswith("no answer in 0.5 s")
    assert "No valid call to neutrophils" in told(run, Outcome.NOT_TESTED)["anakinra-cds_1@refuse-no-json"]
    assert sum(call.method == "POST" for call in service.asked) < 10
