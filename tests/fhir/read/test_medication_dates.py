"""When an order began, ended and changed, and what stands for a date that is missing."""

from typing import Any

import pytest

from cds_service.clinical.record import Kind
from cds_service.codes.systems import STATUS_CHANGED
from tests.fhir.read.sheet import bundle, only, record_of, request


@pytest.mark.parametrize(("authored", "believed"), [("2026-11-23", True), ("2026-11-24", False), ("2096-11-22", False)])
def test_an_order_written_in_the_future_is_doubted(authored: str, believed: bool) -> None:
    record = record_of(medications=bundle(request(authoredOn=authored)))
    assert len(record.medications) == 1
    reason = "" if believed else "1 order or dose dated in the future"
    assert record.completeness["medications"].reason == reason


def test_an_order_may_be_planned_for_the_future() -> None:
    assert record_of(medications=bundle(request(**bounds("2026-12-24", None)))).completeness["medications"].complete


def test_an_order_says_when_it_began_ended_and_changed() -> None:
    medication = only(
        status="stopped",
        authoredOn="2026-10-12T08:00:00Z",
        meta={"lastUpdated": "2026-11-01T09:00:00Z"},
        dosageInstruction=[{"timing": {"repeat": {"boundsPeriod": {"start": "2026-10-13", "end": "2026-10-31"}}}}],
        dispenseRequest={"validityPeriod": {"end": "2027-01-01"}},
        extension=[
            {"url": "urn:other", "valueString": "x"},
            {"url": STATUS_CHANGED, "valueDateTime": "2026-10-30T10:00:00Z"},
        ],
    )
    told = {
        name: getattr(medication, name).at.isoformat()[:16]
        for name in ("authored", "bounds_start", "bounds_end", "validity_end", "status_changed", "last_updated")
    }
    assert told == {
        "authored": "2026-10-12T08:00",
        "bounds_start": "2026-10-13T00:00",
        "bounds_end": "2026-10-31T00:00",
        "validity_end": "2027-01-01T00:00",
        "status_changed": "2026-10-30T10:00",
        "last_updated": "2026-11-01T09:00",
    }
    assert (medication.kind, medication.status, medication.source) == (
        Kind.REQUEST,
        "stopped",
        "MedicationRequest/mr-1",
    )


def test_dates_that_are_missing_or_malformed_are_none_and_noted() -> None:
    record = record_of(medications=bundle(request(authoredOn="soon", meta={"lastUpdated": "?"})))
    (medication,) = record.medications
    assert medication.authored is None
    assert medication.last_updated is None
    assert "dates that could not be read: 2" in record.notes


@pytest.mark.parametrize(("sent", "day"), [("2026-10", "2026-10-01"), ("2026", "2026-01-01")])
def test_an_order_dated_by_month_or_year_begins_on_its_first_day(sent: str, day: str) -> None:
    authored = only(authoredOn=sent).authored
    assert authored is not None
    assert (authored.day.isoformat(), authored.exact) == (day, False)


def bounds(start: str | None, end: str | None) -> dict[str, Any]:
    period = {name: value for name, value in (("start", start), ("end", end)) if value}
    return {"timing": {"repeat": {"boundsPeriod": period}}}


@pytest.mark.parametrize(
    ("dosages", "start", "end"),
    [
        ([bounds("2026-10-01", "2026-10-10"), bounds("2026-10-11", "2026-10-20")], "2026-10-01", "2026-10-20"),
        ([bounds("2026-10-01", "2026-10-10"), bounds("2026-10-11", None)], "2026-10-01", None),
        ([bounds("2026-10-01", "2026-10-10"), {}], "2026-10-01", None),
        ([{"timing": {"repeat": {"frequency": 1}}}], None, None),
        ([bounds(None, "2026-10")], None, "2026-10-31"),
        ([], None, None),
        (None, None, None),
    ],
)
def test_the_bounds_of_a_taper_are_those_of_the_whole(
    dosages: list[dict[str, Any]] | None, start: str | None, end: str | None
) -> None:
    medication = only(dosageInstruction=dosages)
    told = [each and each.day.isoformat() for each in (medication.bounds_start, medication.bounds_end)]
    assert told == [start, end]
