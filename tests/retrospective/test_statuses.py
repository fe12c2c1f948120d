"""What is made of the status of an order, of which an export has only today's."""

import json
from datetime import UTC, datetime

import pytest

from cds_service.codes.systems import STATUS_CHANGED
from cds_service.retrospective.known import dates_of
from cds_service.retrospective.statuses import Ending, ending_of, with_status
from tests.retrospective.exports import Json, order

CHANGED: Json = {"extension": [{"url": STATUS_CHANGED, "valueDateTime": "2026-11-10T08:00:00Z"}]}
BOUNDS: Json = {"dosageInstruction": [{"timing": {"repeat": {"boundsPeriod": {"end": "2026-11-12"}}}}]}
SUPPLY: Json = {"dispenseRequest": {"validityPeriod": {"end": "2026-11-14"}}}
WRITTEN: Json = {"meta": {"lastUpdated": "2026-11-16T08:00:00Z"}}
TENTH, TWELFTH = datetime(2026, 11, 10, 8, tzinfo=UTC), datetime(2026, 11, 12, tzinfo=UTC)
FOURTEENTH, SIXTEENTH = datetime(2026, 11, 14, tzinfo=UTC), datetime(2026, 11, 16, 8, tzinfo=UTC)

TABLE: list[tuple[str, Json, Ending | None, str]] = [
    ("active", CHANGED, None, "it runs"),
    ("stopped", CHANGED, Ending(TENTH, True), "when its status changed"),
    ("on-hold", CHANGED, Ending(TENTH, True), "a hold is an end, too"),
    ("stopped", CHANGED | BOUNDS, Ending(TENTH, True), "the change before the bounds"),
    ("stopped", BOUNDS | WRITTEN, Ending(TWELFTH, True), "the end of its bounds"),
    ("completed", SUPPLY | WRITTEN, Ending(FOURTEENTH, True), "the end of its supply"),
    ("stopped", SUPPLY | WRITTEN, Ending(SIXTEENTH, False), "a supply may be stopped: at its last change, perhaps"),
    ("stopped", {}, Ending(None, True), "nothing tells"),
    ("entered-in-error", CHANGED, None, "it never counts"),
    ("bogus", CHANGED, None, "nobody can tell what that is"),
]


@pytest.mark.parametrize(("status", "more", "ending", "why"), TABLE, ids=[row[3] for row in TABLE])
def test_when_an_order_ended(status: str, more: Json, ending: Ending | None, why: str) -> None:
    line = json.dumps(order(status=status) | more).encode()
    found = ending_of(line, dates_of(UTC))
    assert (found and found.at) == (ending and ending.at)
    if found and ending and ending.at:
        assert found.stated == ending.stated


def test_an_order_that_cannot_be_read_has_no_end() -> None:
    assert ending_of(b'{"resourceType":"MedicationRequest","status":7}', dates_of(UTC)) is None


def test_in_an_earlier_status_all_else_is_byte_for_byte_the_same() -> None:
    line = b'{"id":"1","status":"stopped","statusReason":{"text":"low"},"dose":1.50,"text":"\\u00e9","a":[1, 2]}'
    assert with_status(line, "draft") == b'{"id":"1","status":"draft","dose":1.50,"text":"\\u00e9","a":[1, 2]}'


def test_of_the_extensions_only_the_change_of_status_goes() -> None:
    kept = {"url": "urn:other", "valueString": "x"}
    line = json.dumps(order(status="stopped", extension=[*CHANGED["extension"], kept])).encode()
    assert json.loads(with_status(line, "active")) == order(extension=[kept])
    only = json.dumps(order(status="stopped") | CHANGED).encode()
    assert json.loads(with_status(only, "active")) == order()


@pytest.mark.parametrize(
    "line",
    [
        b'{"status":"stopped","status":"active"}',
        b'{"status":"stopped","a":{"b":1,"b":2}}',
        b'{"status":"stopped","extension":{}}',
        b'{"status":"stopped","extension":[7]}',
        b"[]",
    ],
)
def test_what_cannot_be_taken_apart_stays_for_the_service_to_judge(line: bytes) -> None:
    assert with_status(line, "active") == line
