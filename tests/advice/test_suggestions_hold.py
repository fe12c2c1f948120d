"""A hold is the whole original order with its status, reason and note changed, and nothing else."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from cds_service.advice.occasion import Occasion
from cds_service.advice.resources_hold import put_on_hold
from cds_service.codes.systems import STATUS_CHANGED
from cds_service.hooks.response import encode
from tests.advice.writing import CONTEXT, assessed, library, patient_on_file

AS_ON_FILE = b"""{"resourceType": "MedicationRequest", "id": "a1", "meta": {"versionId": "7"}, "status": "active",
 "intent": "order", "note": [{"text": "with food"}], "unknownMember": {"x": [1, null, "\\u00e9"]},
 "contained": [{"resourceType": "Medication", "id": "m"}], "medicationReference": {"reference": "#m"},
 "subject": {"reference": "Patient/test-patient"},
 "dosageInstruction": [{"doseAndRate": [{"doseQuantity": {"value": 1.10, "unit": "mg"}}]}],
 "dispenseRequest": {"quantity": {"value": 28.000}, "numberOfRepeatsAllowed": 12345678901234567890}}"""


def held(body: bytes) -> dict[str, Any] | None:
    record = patient_on_file(orders="anakinra active from day -41", counts="0.9 @ day -1")
    occasion = Occasion(assessed(record), library(), CONTEXT)
    return put_on_hold(replace(record.medications[0], original=body), occasion)


def test_a_hold_changes_status_reason_and_note_and_nothing_else() -> None:
    exact = msgspec.json.Decoder(float_hook=Decimal)
    before = exact.decode(AS_ON_FILE)
    after = exact.decode(encode(held(AS_ON_FILE)))
    assert {name for name in before | after if before.get(name) != after.get(name)} == {
        "status",
        "statusReason",
        "note",
    }
    assert after["status"] == "on-hold"
    assert after["statusReason"]["coding"][0]["code"] == "165517008"
    assert after["note"] == [
        {"text": "with food"},
        {
            "authorString": "Proposed by decision support (anakinra-cds)",
            "time": "2026-11-22T08:14:00Z",
            "text": "Hold proposed for a low neutrophil count; repeat counts until recovery.",
        },
    ]


def test_a_hold_keeps_every_digit() -> None:
    body = encode(held(AS_ON_FILE))
    assert b'"value":1.10' in body
    assert b'"value":28.000' in body
    assert b"12345678901234567890" in body


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b'{"resourceType": "MedicationRequest"}',
        b'{"resourceType": "Patient", "id": "1"}',
        b"\xff",
    ],
)
def test_what_is_no_request_on_file_is_not_held(body: bytes) -> None:
    assert held(body) is None


def test_an_order_without_notes_gets_its_first() -> None:
    found = held(b'{"resourceType": "MedicationRequest", "id": "a1", "status": "active"}')
    assert found is not None
    assert len(found["note"]) == 1


def test_a_hold_redates_the_status_where_the_order_dates_it() -> None:
    """Otherwise the hold would be read as begun at the order's last change of status."""
    other = {"url": "https://example.org/other", "valueDateTime": "2026-10-12"}
    changed = {"url": STATUS_CHANGED, "valueDateTime": "2026-10-12T08:00:00Z"}
    order = {"resourceType": "MedicationRequest", "id": "a1", "status": "active", "extension": [other, changed, None]}
    after = held(msgspec.json.encode(order))
    assert after is not None
    assert after["extension"] == [other, changed | {"valueDateTime": "2026-11-22T08:14:00Z"}, None]


@pytest.mark.parametrize("extension", [b"null", b"[]", b'{"url": "x"}', b'"x"'])
def test_a_hold_leaves_other_extensions_as_they_are(extension: bytes) -> None:
    body = b'{"resourceType": "MedicationRequest", "id": "a1", "extension": ' + extension + b"}"
    after = held(body)
    assert after is not None
    assert after["extension"] == msgspec.json.decode(extension)
