"""From when on a resource is shown: what an export says of when it was known."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cds_service.retrospective.known import dates_of, known_at

TAKEN, ISSUED = "2026-11-20T08:00:00Z", "2026-11-20T11:30:00+01:00"
TABLE = [
    ("Observation", {"effectiveDateTime": TAKEN}, "2026-11-20T08:00", "when it was taken, if that is all"),
    ("Observation", {"effectiveDateTime": TAKEN, "issued": ISSUED}, "2026-11-20T10:30", "when it was issued"),
    ("Observation", {"effectiveDateTime": ISSUED, "issued": TAKEN}, "2026-11-20T10:30", "not before it was taken"),
    ("Observation", {"effectiveInstant": TAKEN}, "2026-11-20T08:00", "an instant"),
    (
        "Observation",
        {"effectivePeriod": {"start": "2026-11-19", "end": TAKEN}},
        "2026-11-20T08:00",
        "the end of a period",
    ),
    ("Observation", {"effectivePeriod": {"start": TAKEN}}, "2026-11-20T08:00", "a period without an end"),
    ("Observation", {"effectiveDateTime": "2026-11-20"}, "2026-11-20T00:00", "a day begins at midnight"),
    ("Observation", {"effectiveDateTime": "2026-11"}, "2026-11-01T00:00", "a month with its first day"),
    ("Observation", {"effectiveDateTime": "last week", "issued": ISSUED}, "2026-11-20T10:30", "one of two can be read"),
    ("Observation", {"effectiveDateTime": "last week"}, None, "no date that can be read"),
    ("Observation", {"effectiveDateTime": 7}, None, "no date at all"),
    ("Observation", {}, None, "no date"),
    ("Observation", {"effectiveDateTime": "2031-01-01T00:00:00Z"}, "2031-01-01T00:00", "the future is no fault here"),
    ("MedicationRequest", {"authoredOn": TAKEN}, "2026-11-20T08:00", "when it was written"),
    ("MedicationRequest", {"meta": {"lastUpdated": TAKEN}}, None, "a change is not the writing"),
    (
        "MedicationRequest",
        {"dosageInstruction": [{"timing": {"repeat": {"boundsPeriod": {"start": TAKEN}}}}]},
        None,
        "an order is written before it starts, nobody can tell when",
    ),
    ("Condition", {"recordedDate": TAKEN, "onsetDateTime": "2020-01-01"}, "2026-11-20T08:00", "when it was recorded"),
    ("Condition", {"onsetDateTime": "2020-01-01"}, "2020-01-01T00:00", "not before its onset"),
    ("Condition", {"onsetPeriod": {"start": "2020-01-01"}}, "2020-01-01T00:00", "or the beginning of its onset"),
    ("Condition", {"onsetString": "in childhood"}, None, "no date"),
]


@pytest.mark.parametrize(("kind", "dated", "known", "why"), TABLE, ids=[f"{row[0]}: {row[3]}" for row in TABLE])
def test_when_it_was_known(kind: str, dated: dict[str, Any], known: str | None, why: str) -> None:
    line = json.dumps({"resourceType": kind} | dated).encode()
    found = known_at(kind, line, dates_of(UTC))
    assert found == (datetime.fromisoformat(known).replace(tzinfo=UTC) if known else None)


def test_a_day_begins_in_the_sites_zone() -> None:
    line = b'{"resourceType":"MedicationRequest","authoredOn":"2026-11-20"}'
    found = known_at("MedicationRequest", line, dates_of(ZoneInfo("Europe/Berlin")))
    assert found == datetime(2026, 11, 19, 23, tzinfo=UTC)
