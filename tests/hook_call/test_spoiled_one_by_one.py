"""Every part of what tells a neutropenia, spoiled in every way, one at a time: the answer is never an empty list.

A patient on anakinra has a count of 0.4 today beside a normal one of three weeks ago; what is silent all the same is
listed with the reason, and the clinical specification (sections 3 and 7) prescribes it.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.hook_call.calls import (
    Answer,
    Json,
    ago,
    bundle,
    call,
    chart,
    count,
    order,
)

Path = tuple[str | int, ...]
GONE = object()
ANYTHING: list[Any] = [GONE, None, "", " ", [], {}, [None], [{}], 0, 7, True, "x"]
DATES = ["2026-11-26T10:00", "2099-01-01", "2026-11-26T25:00:00Z", "yesterday", "26.11.2026", "2026-W48-4", "20261126"]


def paths(value: Any, at: Path = ()) -> Iterator[Path]:
    if at:
        yield at
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in members:
        yield from paths(member, (*at, name))


def odd_values(old: Any, name: str | int) -> Iterator[Any]:
    """What may stand in the place of ``old``: anything, and what is nearly the same."""
    yield from ANYTHING
    yield from ([old], {"value": old})
    if isinstance(old, str):
        yield from (f" {old}", f"{old} ", f"{old}\n", f"\u00a0{old}", f"{old}\u200b", old.upper(), old.lower())
        yield from (f"{old}/", f"{old}|2.0", f"urn:oid:{old}", f"urn:uuid:{old}", old.replace("http:", "https:"))
    elif isinstance(old, int | float):
        yield from (-old, str(old), old * 1000, 1e30)
    if str(name).endswith(("DateTime", "On")):
        yield from DATES


def spoiled(whole: Json, path: Path, value: Any) -> Json:
    changed = deepcopy(whole)
    holder: Any = changed
    for name in path[:-1]:
        holder = holder[name]
    if value is GONE:
        del holder[path[-1]]
    else:
        holder[path[-1]] = value
    return changed


def silent_ones(whole: Json, path: Path, fire: Callable[[Json], Answer]) -> list[Any]:
    """The values in the place of ``path`` that are answered with an empty list."""
    old: Any = whole
    for name in path:
        old = old[name]
    values = odd_values(old, path[-1])
    return [
        value for value in values if (answer := fire(spoiled(whole, path, value))).status == 200 and not answer.rows
    ]


LOW = count(0.4, "low", days=0.5) | {"issued": ago(days=0.4), "specimen": {"reference": "Specimen/1"}}
OLDER = count(4.4, "older", days=20)
DRAFT = order("anakinra", "draft-1", "draft")
PRESCRIBED: dict[Path, list[Any]] = {
    ("valueQuantity", "value"): [7],  # a normal count
}


@pytest.mark.parametrize("hook", ["patient-view", "order-select", "order-sign"])
@pytest.mark.parametrize("path", list(paths(LOW)), ids=str)
def test_a_low_count(client: FlaskClient, path: Path, hook: str) -> None:
    drafts = () if hook == "patient-view" else (DRAFT,)

    def fire(low: Json) -> Answer:
        return call(client, hook, chart(neutrophils=bundle(low, OLDER)), *drafts)

    assert fire(LOW).rows == ["PV10"]
    assert silent_ones(LOW, path, fire) == PRESCRIBED.get(path, [])


@pytest.mark.parametrize("status", ["preliminary", "registered", "entered-in-error", "cancelled", "unknown"])
def test_statuses_that_are_prescribed_not_to_count(client: FlaskClient, status: str) -> None:
    answer = call(client, "patient-view", chart(neutrophils=bundle(LOW | {"status": status}, OLDER)))
    assert (answer.status, answer.rows) == (200, [])


@pytest.mark.parametrize("taken", [{}, {"effectiveDateTime": "2026-11"}, {"effectiveDateTime": "yesterday"}])
def test_an_undated_count_is_newer_only_by_its_issue_or_last_change(client: FlaskClient, taken: Json) -> None:
    undated = {name: LOW[name] for name in LOW if name not in ("effectiveDateTime", "issued")} | taken
    for changes, rows in (
        ({}, []),
        ({"issued": ago(days=0.4)}, [...]),
        ({"meta": {"lastUpdated": ago(days=0.4)}}, [...]),
    ):
        answer = call(client, "patient-view", chart(neutrophils=bundle(undated | changes, OLDER)))
        assert bool(answer.rows) is bool(rows)


PANEL = LOW | {"code": {"coding": [{"system": "http://loinc.org", "code": "58410-2"}]}}
PANEL |= {"component": [{"code": LOW["code"], "valueQuantity": PANEL.pop("valueQuantity")}]}


@pytest.mark.parametrize("path", [each for each in paths(PANEL) if each[0] == "component" and len(each) > 1], ids=str)
def test_a_low_count_that_is_part_of_a_panel(client: FlaskClient, path: Path) -> None:
    def fire(panel: Json) -> Answer:
        return call(client, "patient-view", chart(neutrophils=bundle(panel, OLDER)))

    assert fire(PANEL).rows == ["PV10"]
    no_low_count = {("component", 0): [GONE], ("component", 0, "valueQuantity", "value"): [7]}
    assert silent_ones(PANEL, path, fire) == no_low_count.get(path, [])


@pytest.mark.parametrize("path", list(paths(order())), ids=str)
def test_the_order_of_anakinra_on_file(client: FlaskClient, path: Path) -> None:
    """Where it cannot be read, patient-view is refused: nobody knows what to look for."""

    def fire(on_file: Json) -> Answer:
        return call(client, "patient-view", chart(neutrophils=bundle(LOW), medications=bundle(on_file)))

    assert silent_ones(order(), path, fire) == []


@pytest.mark.parametrize("hook", ["order-select", "order-sign"])
@pytest.mark.parametrize("path", list(paths(DRAFT)), ids=str)
def test_a_draft_of_anakinra(client: FlaskClient, path: Path, hook: str) -> None:
    selections = {"selections": ["MedicationRequest/draft-1"]} if hook == "order-select" else {}

    def fire(draft: Json) -> Answer:
        drafts = {"resourceType": "Bundle", "entry": [{"resource": draft}]}
        return call(client, hook, chart(medications=None, neutrophils=bundle(LOW)), draftOrders=drafts, **selections)

    # a draft without any medication orders nothing yet: the first call of the public sandbox is one
    assert silent_ones(DRAFT, path, fire) == ([GONE] if path == ("medicationCodeableConcept",) else [])


DRAFTS = {"resourceType": "Bundle", "entry": [{"fullUrl": "urn:uuid:1", "resource": DRAFT}]}


@pytest.mark.parametrize("path", [("entry",), ("entry", 0), ("entry", 0, "resource"), ("entry", 0, "fullUrl")], ids=str)
def test_the_bundle_of_drafts(client: FlaskClient, path: Path) -> None:
    def fire(drafts: Json) -> Answer:
        return call(client, "order-sign", chart(medications=None, neutrophils=bundle(LOW)), draftOrders=drafts)

    nothing_ordered = {("entry",): [GONE, None, []], ("entry", 0): [GONE]}
    assert silent_ones(DRAFTS, path, fire) == nothing_ordered.get(path, [])


PAGE = bundle(LOW, OLDER, total=2, link=[{"relation": "self", "url": "Observation?patient=1"}])


@pytest.mark.parametrize("path", [each for each in paths(PAGE) if "resource" not in each[:-1]], ids=str)
def test_the_page_of_counts(client: FlaskClient, path: Path) -> None:
    def fire(page: Json) -> Answer:
        return call(client, "patient-view", chart(neutrophils=page))

    assert silent_ones(PAGE, path, fire) == []
