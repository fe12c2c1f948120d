"""Whatever an EHR sends, reading it raises nothing, and no number gets in that was not a plausible one."""

import json
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cds_service.fhir.read import read_drafts, unresolved_references
from tests.fhir.read.sheet import Json, anc, bundle, coded, keys, quantity, record_of, request, results_of

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)
CODES = st.sampled_from(["751-8", "753-4", "770-8", "6690-2", "35039-7", "1742-6", "8310-5"]).map(coded)
NUMBERS = st.floats() | st.integers() | st.sampled_from([1e308, -0.0, 5e-324]) | st.text(max_size=5)
UNITS = st.sampled_from(["10*9/L", "/uL", "%", "K/uL", "Cel", "[degF]", "U/L", "", "  ", "\u00b5"])
OBSERVATIONS = st.fixed_dictionaries(
    {},
    optional={
        "id": ANY_JSON | st.text(max_size=5),
        "status": st.sampled_from(["final", "preliminary", "cancelled"]) | ANY_JSON,
        "code": CODES | ANY_JSON,
        "subject": ANY_JSON,
        "meta": ANY_JSON,
        "effectiveDateTime": ANY_JSON | st.sampled_from(["2026-11-22", "2026-11-22T08:00:00Z", "9999-12-31T24:00:00Z"]),
        "effectivePeriod": ANY_JSON,
        "effectiveTiming": ANY_JSON,
        "issued": ANY_JSON,
        "valueQuantity": ANY_JSON | st.builds(quantity, NUMBERS, UNITS, comparator=ANY_JSON | st.sampled_from("<>")),
        "valueString": ANY_JSON,
        "dataAbsentReason": ANY_JSON,
        "component": ANY_JSON | st.lists(st.fixed_dictionaries({"code": CODES, "valueQuantity": ANY_JSON}), max_size=2),
        "referenceRange": ANY_JSON,
    },
)


@given(OBSERVATIONS)
@settings(max_examples=400, deadline=None)
def test_any_observation(changes: Json) -> None:
    for result in results_of(anc() | changes):
        if result.usable:
            assert isinstance(result.value, Decimal)
            assert 0 <= result.value < 10**13
            assert result.when is not None


@given(ANY_JSON, st.sampled_from(["status", "medicationCodeableConcept", "medicationReference", "contained", "meta"]))
@settings(max_examples=200, deadline=None)
def test_any_order(sent: Any, field: str) -> None:
    page = bundle(request() | {"medicationCodeableConcept": None, "medicationReference": {}} | {field: sent})
    record_of(medications=page)
    read_drafts(page, ["x"], "p1")
    unresolved_references(keys(medications=page), page)


@given(ANY_JSON)
@settings(deadline=None)
def test_any_entry_and_any_page(sent: Any) -> None:
    entry = json.dumps({"resourceType": "Bundle", "entry": [sent, {"resource": sent}]}).encode()
    page = json.dumps(sent).encode()
    for each in (entry, page):
        record_of(patient=each, medications=each, neutrophils=each, labs=each, vitals=each, conditions=each)
        read_drafts(each, None, "p1")


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_any_bytes(page: bytes) -> None:
    record_of(patient=page, medications=page, neutrophils=page, conditions=page)
    read_drafts(page, None, "p1")
    unresolved_references(keys(medications=page + b'"medicationReference"'), page)
