"""What is kept of a patient's record that was judged for a reviewer (POST /causality): who, when, on what, no value."""

from collections.abc import Iterator, Mapping
from secrets import token_hex
from typing import Any

from cds_service.audit.account import Account, Call, inputs_of, states_of, who_of
from cds_service.hooks.services import Service
from cds_service.patient import Patient

CAUSALITY = Service("causality", "", "Causality", "Proposed inputs for a reviewer.", "", {})
"""As a service in the audit, the log and the metrics. It is none of CDS Hooks: it has no hook."""

EPISODES, NO_EPISODES = "episodes", "no-episodes"
"""What became of it: there was something to judge, or there was not."""


def account_of_review(call: Call, patient: Patient, report: Mapping[str, Any]) -> Account:
    """The account of a report (``cds_service.causality``)."""
    return Account(
        token_hex(16),
        call._replace(patient=""),
        who_of(call),
        EPISODES if report["episodes"] else NO_EPISODES,
        data=states_of(patient.keys, patient.picture.record.completeness),
        inputs=inputs_of(patient.picture, set(_sources(report))),
    )


def _sources(report: object) -> Iterator[str]:
    """Every resource that any part of a report names."""
    if isinstance(report, Mapping):
        yield from report.get("sources", ())
        for part in report.values():
            yield from _sources(part)
    elif isinstance(report, list):
        for part in report:
            yield from _sources(part)
