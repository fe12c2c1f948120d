"""A small searchset, and the access to a fault server, for the tests of fetching."""

import time
from typing import Any

import pytest

from cds_service.fhir.access import Access, Deadline
from cds_service.fhir.client import FhirClient
from cds_service.fhir.failures import TimedOut
from cds_service.fhir.targets import plan_target
from cds_service.fhir.urls import SANDBOX, UrlRules, check_base

SEARCH = "Observation?patient=1&code=http://loinc.org|751-8"
TOKEN = "t0ken-that-must-stay-home"


def observations(_: str = "") -> dict[str, Any]:
    entries = [{"resource": {"resourceType": "Observation", "id": f"anc-{n}"}} for n in range(4)]
    return {"resourceType": "Bundle", "type": "searchset", "total": 4, "entry": entries}


def access_to(base_url: str, milliseconds: int = 10_000, token: str = TOKEN, rules: UrlRules = SANDBOX) -> Access:
    return Access(check_base(base_url, rules), Deadline.after_ms(milliseconds), token, rules)


def fetch(client: FhirClient, access: Access, filled: str = SEARCH) -> bytes:
    return client.fetch(plan_target(access.base, filled), access)


def given_up(client: FhirClient, base_url: str) -> tuple[None, float]:
    """A search that has to be given up at its deadline, and the seconds by which that came late."""
    access = access_to(base_url, 200)
    with pytest.raises(TimedOut):
        fetch(client, access)
    return None, time.monotonic() - access.deadline.at
