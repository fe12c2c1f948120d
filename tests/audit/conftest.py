"""Calls to note, as the service has them: a real answer, and a refusal."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from cds_service.audit.account import Account, Call, account_of, account_of_refusal
from cds_service.audit.keyed import Keyed
from cds_service.audit.write import Kept, Versions, Writer
from cds_service.errors import CdsError
from cds_service.feedback.kept import kept_cards
from cds_service.hook_call import Reply, answer
from cds_service.hooks.request import parse
from cds_service.hooks.response import encode
from cds_service.hooks.services import SERVICES
from cds_service.settings import Settings
from cds_service.site import Site
from cds_service.switches.discretion import ACTIVE, Discretion
from tests.hook_call.calls import LOW, PATIENT, chart

VIEW = SERVICES["anakinra-neutropenia-view"]
KEYED = Keyed("k" * 32)
USER = "Practitioner/dr-1"

Accounts = Callable[..., Account]


@pytest.fixture(scope="session")
def site() -> Site:
    return Site.open(Settings(deadline_ms=400))


@pytest.fixture
def account(site: Site) -> Accounts:
    """A function: the account of a real answer about a patient on anakinra with a low count."""

    def make(instance: str = "instance-1", patient: str = PATIENT, user: str = USER, **given: Any) -> Account:
        at = given.pop("at", datetime.now(UTC))
        prefetch = given.pop("prefetch", None) or chart(neutrophils=LOW)
        context = {"userId": user, "patientId": patient}
        body = {"hook": "patient-view", "hookInstance": instance, "context": context, "prefetch": prefetch}
        request = parse(encode(body), hook="patient-view")
        discretion = Discretion(given.get("mode", ACTIVE))
        reply: Reply = answer(request, VIEW, site, datetime.now(UTC), discretion)
        call = Call(VIEW, at, "us", request, **given).ended(3.21, "abcd")
        return account_of(call, reply, kept_cards(reply.cards, reply.withheld))

    return make


def refused(error: CdsError, at: datetime | None = None) -> Account:
    return account_of_refusal(Call(VIEW, at or datetime.now(UTC), "us").ended(0.5, "ef01"), error)


def writer(*, feedback: bool = True, audit: bool = True, keyed: Keyed = KEYED) -> Writer:
    return Writer(Versions("0.3.0", "c0ffee" * 10), keyed, Kept(feedback, audit))
