"""Fewer repeats, through the door of a service in production mode: what was had when, and what is shown now.

One patient on anakinra with a count of 0.8 (a warning) unless a line says otherwise; the same doctor.
"""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select, update

from cds_service.audit.tables import evaluation, evaluation_card
from cds_service.records.database import open_engine
from cds_service.records.migrate import upgrade
from tests.hook_call.calls import bundle, order
from tests.in_time import slowness
from tests.postgresql import Postgresql, running
from tests.trust.ward import BOTH, DAYS_7, HOURS_8, Json, Ward, d, h, temperature


class Case(NamedTuple):
    """One line of the table. ``earlier`` and ``now``: how a call differs from the usual one."""

    setting: Json
    shown: timedelta
    overridden: timedelta | None
    now: Json
    why: str | None
    earlier: Mapping[str, Any] = {}


SELECT, SIGN = {"hook": "order-select", "value": 1.2}, {"hook": "order-sign", "value": 1.2}

# The setting; shown and overridden so long ago; what differs now; why it is left out (None: it is shown).
TABLE: dict[str, Case] = {
    "nothing is set": Case({}, h(0.1), h(0.1), {}, None),
    "shown an hour ago": Case(HOURS_8, h(1), None, {}, "shown-before"),
    "shown just within the hours": Case(HOURS_8, h(7.9), None, {}, "shown-before"),
    "shown just before them": Case(HOURS_8, h(8.1), None, {}, None),
    "only overrides count": Case(DAYS_7, h(1), None, {}, None),
    "overridden a day ago": Case(DAYS_7, d(1), d(1), {}, "overridden-before"),
    "overridden just within the days": Case(DAYS_7, d(6.9), d(6.9), {}, "overridden-before"),
    "overridden just before them": Case(DAYS_7, d(7.1), d(7.1), {}, None),
    "overridden longer ago than the hours": Case(BOTH, d(2), d(2), {}, "overridden-before"),
    "an override says more than a showing": Case(BOTH, h(1), h(1), {}, "overridden-before"),
    "an override without days counts as shown": Case(HOURS_8, h(1), h(1), {}, "shown-before"),
    "another value in the same bin": Case(BOTH, h(1), h(1), {"value": 0.7}, None),
    "another bin": Case(BOTH, h(1), h(1), {"value": 1.2}, None),
    "fever since": Case(BOTH, h(1), h(1), {"vitals": bundle(temperature(39.0))}, None),
    "fever since, the same row": Case(BOTH, h(1), h(1), SELECT | {"vitals": bundle(temperature(39.0))}, None, SELECT),
    "critical": Case(BOTH, h(1), h(1), {"value": 0.4}, None, {"value": 0.4}),
    "not assessed": Case(BOTH, h(1), h(1), {"neutrophils": "no FHIR"}, None, {"neutrophils": "no FHIR"}),
    "another user": Case(BOTH, h(1), h(1), {"user": "Practitioner/p2"}, None),
    "another patient": Case(BOTH, h(1), h(1), {"patient": "neutropenic-2"}, None),
    "the same order, while it is made": Case(BOTH, h(0.01), None, SELECT, "shown-before", SELECT),
    "at the signature, shown while it was made": Case(BOTH, h(0.01), None, SIGN, None, SELECT),
    "at the signature, shown at the last one": Case(BOTH, h(1), None, SIGN, None, SIGN),
    "at the signature, overridden while it was made": Case(BOTH, h(1), h(1), SIGN, "overridden-before", SELECT),
}


@pytest.fixture
def ward(tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Ward]]:
    """A function: a ward on a database of each kind, which is waited for as long as it takes."""
    monkeypatch.setattr("cds_service.audit.repeats.SECONDS", 10.0)
    (tmp_path / "state").mkdir(exist_ok=True)
    upgrade(open_engine(url))
    made: list[Ward] = []

    def make(setting: Json, **more: Any) -> Ward:
        made.append(Ward(tmp_path, url, setting, **more))
        return made[-1]

    yield make
    for each in made:
        each.written()


@pytest.mark.parametrize("case", TABLE.values(), ids=TABLE)
def test_shown_or_left_out(ward: Callable[..., Ward], case: Case) -> None:
    here = ward(case.setting)
    before = here.fire(**case.earlier)
    (first,) = before.body["cards"]
    if case.overridden is not None:
        here.override(case.earlier.get("hook", "patient-view"), first["uuid"])
    here.so_long_ago(case.shown, case.overridden)

    now = here.fire(**case.now)

    assert [each["why"] for each in now.trace.get("withheld", ())] == ([case.why] if case.why else [])
    assert len(now.body["cards"]) == (0 if case.why else 1)
    if case.why:
        assert [each["answer"] for each in now.trace["rules"] if each["rule"] == before.rows[0]] == ["FINDING"]
        here.written()
        with here.engine.connect() as connection:
            kept = connection.execute(select(evaluation_card).where(~evaluation_card.c.shown)).one()
            outcome = connection.scalar(select(evaluation.c.outcome).where(evaluation.c.id == kept.evaluation_id))
        assert (kept.withheld, kept.advice_code, outcome) == (case.why, first["source"]["topic"]["code"], "withheld")


def test_what_was_left_out_does_not_count_as_shown(ward: Callable[..., Ward]) -> None:
    """Shown nine hours ago, left out two hours ago: the eight hours count from when it was shown."""
    here = ward(HOURS_8)
    assert here.fire().body["cards"]
    here.written()
    assert here.fire().body["cards"] == []
    here.written()
    with here.engine.begin() as connection:
        unseen = select(evaluation_card.c.evaluation_id).where(~evaluation_card.c.shown)
        for hours, rows in ((9, evaluation.c.id.not_in(unseen)), (2, evaluation.c.id.in_(unseen))):
            connection.execute(update(evaluation).where(rows).values(at=datetime.now(UTC) - h(hours)))
    assert here.fire().body["cards"]


def test_a_silent_time_does_not_count_as_shown(ward: Callable[..., Ward], tmp_path: Path) -> None:
    silent = ward(HOURS_8, mode="silent")
    assert silent.fire().body["cards"] == []
    silent.written()
    assert ward(HOURS_8).fire().body["cards"]


def test_of_two_cards_only_the_repeat_is_left_out(ward: Callable[..., Ward]) -> None:
    here = ward(HOURS_8)
    here.fire()
    here.written()
    taken = bundle(here._order, order("etanercept", "order-2"))
    now = here.fire(medications=taken)

    assert [card["source"]["topic"]["code"] for card in now.body["cards"]] == ["tnf-combination"]
    assert now.trace["withheld"] == [{"code": "hold-anakinra", "why": "shown-before"}]


def test_a_call_without_cards_asks_nobody(ward: Callable[..., Ward], monkeypatch: pytest.MonkeyPatch) -> None:
    here = ward(BOTH)
    monkeypatch.setattr("cds_service.audit.repeats.Repeats.earlier", None)
    assert here.fire(value=4.2).status == 200
    assert here.fire(value=0.4).rows == ["PV10"]


@pytest.fixture
def own_server() -> Iterator[Postgresql]:
    with running() as server:
        yield server


@pytest.mark.servers
@pytest.mark.parametrize("trouble", ["end", "freeze"])
def test_a_database_that_dies_under_load_shows_every_card_in_time(
    tmp_path: Path, own_server: Postgresql, trouble: str
) -> None:
    url = own_server.new_database()
    upgrade(open_engine(url))
    here = Ward(tmp_path, url, BOTH)

    def timed(_: int) -> tuple[float, int]:
        began = time.perf_counter()
        cards = here.fire().body["cards"]
        return time.perf_counter() - began, len(cards)

    with ThreadPoolExecutor(4) as pool:
        healthy = [took for took, _ in pool.map(timed, range(60))]
        here.written()
        assert timed(0)[1] == 0
        getattr(own_server, trouble)()
        ailing = list(pool.map(timed, range(60)))
        if trouble == "freeze":
            own_server.thaw()

    assert {cards for _, cards in ailing[8:]} == {1}
    assert statistics.median(took for took, _ in ailing) < (statistics.median(healthy) + 0.05) * slowness()
    assert max(took for took, _ in ailing) < max(1.0, 2 * max(healthy)) * slowness()
    here.app.application.extensions["clerk"].recorder.close(0.1)
