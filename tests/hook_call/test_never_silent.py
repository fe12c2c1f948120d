"""The property behind the fault table: whoever is known to be neutropenic is never answered with an empty list.

Any low count, on either drug, with or without older normal counts; any fault on any of the searches; any hook.
"""

from functools import cache
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cds_service import create_app
from cds_service.settings import Settings
from tests.fault_server import FaultServer
from tests.faults.table import HANGING, SEARCHES
from tests.fhir_records import Records
from tests.hook_call.calls import PATIENT, call, count, order

# The slow ones are in test_faults.py; a searchset without entries is no fault of the server that anyone could see.
QUICK = sorted(
    line["fault"]
    for line in SEARCHES
    if line["fault"] not in {"connection-refused", "no-entry", "too-large", "too-large-undeclared", *HANGING}
)
SEARCHED = ("Patient", "MedicationRequest", "Observation", "Condition", "")


@st.composite
def charts(draw: st.DrawFn) -> tuple[str, list[dict[str, Any]]]:
    """The drug that the patient is on, and the chart: the latest count is below 1.0, and a few days old at most."""
    drug = draw(st.sampled_from(["anakinra", "tocilizumab"]))
    low = count(draw(st.integers(0, 99)) / 100, "low", days=draw(st.integers(0, 5)) + 0.1)
    older = [
        count(draw(st.integers(150, 900)) / 100, f"old-{n}", days=20 + 10 * n) for n in range(draw(st.integers(0, 3)))
    ]
    return drug, [{"resourceType": "Patient", "id": PATIENT, "birthDate": "1990-04-01"}, order(drug), low, *older]


@cache
def _client() -> Any:
    return create_app(Settings(deadline_ms=1000, max_pages=4)).test_client()


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    chart=charts(),
    fault=st.sampled_from(QUICK),
    broken=st.sampled_from(SEARCHED),
    hook=st.sampled_from(["patient-view", "order-select", "order-sign"]),
)
def test_a_neutropenic_patient_is_never_answered_with_an_empty_list(
    chart: tuple[str, list[dict[str, Any]]], fault: str, broken: str, hook: str
) -> None:
    drug, resources = chart
    drafts = () if hook == "patient-view" else (order(drug, "draft-1", "draft"),)
    with FaultServer(Records(resources).respond, fault, only=lambda asked: asked.startswith(broken)) as server:
        answer = call(_client(), hook, None, *drafts, fhir=server.base_url)
    assert answer.status == 412 or (answer.status == 200 and answer.rows)
