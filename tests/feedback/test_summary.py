"""Numbers by advice code, from a small clinic: what was shown, and what was reported of it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from cds_service.feedback import store
from cds_service.feedback.entry import Entry, Reason
from cds_service.feedback.summary import Advice, Scope, Summary, summarise
from cds_service.records.recorder import Lost
from tests.databases import NOW, SERVICE, Answers, save_shown

SIGN = "anakinra-neutropenia-sign"
DAY = timedelta(days=1)
BASELINE = Reason("known-baseline", "urn:anakinra-cds:override-reason")


@pytest.fixture
def clinic(engine: Engine, answered: Answers) -> Engine:
    """Five hold cards (one of yesterday, one of another service), one liver card, and their reports."""
    hold = "hold-anakinra"
    today = answered(("h1", hold), ("h2", hold), ("h3", hold), ("l1", "anakinra-liver"))
    elsewhere = answered(("h4", hold), service=SIGN)
    yesterday = answered(("h0", hold), at=NOW - DAY)
    save_shown(engine, [today, elsewhere, yesterday], 3, NOW)

    def report(card: str, *suggestions: str, minute: int = 0, reason: Reason | None = None) -> Entry:
        at = datetime(2026, 11, 22, 9, minute, tzinfo=UTC)
        return Entry(card, "accepted" if suggestions else "overridden", at, suggestions, reason)

    reports = [
        report("h1", "h1-hold"),
        report("h1", "h1-hold", minute=1),  # the same card, clicked again: it counts once
        report("h2", reason=BASELINE),
        report("h2", "h2-count", minute=5),  # first set aside, then accepted
        report("h3"),
        report("l1", "not-offered"),
        report("h0", reason=BASELINE),
        report("made-up"),
    ]
    store.save(engine, SERVICE, reports, NOW + DAY, comments=False)
    store.save(engine, SIGN, [report("h4", reason=BASELINE), report("h1", "h1-hold")], NOW + DAY, comments=False)
    return engine


def test_everything(clinic: Engine) -> None:
    hold = Advice(
        "hold-anakinra",
        shown=5,
        accepted=2,
        overridden=4,
        unreported=0,
        suggestions={"Hold anakinra": 1, "Repeat the count only": 1},
        reasons={BASELINE: 3, None: 1},
    )
    liver = Advice("anakinra-liver", 1, accepted=1, suggestions={"": 1})
    assert summarise(clinic, Scope()) == Summary((hold, liver), unknown=2, lost=Lost(1, 3))


def test_one_service(clinic: Engine) -> None:
    (hold,) = summarise(clinic, Scope(SIGN)).advice
    assert (hold.shown, hold.overridden, hold.reasons) == (1, 1, {BASELINE: 1})
    assert summarise(clinic, Scope(SIGN)).unknown == 1


def test_cards_since_a_date_whenever_their_reports_came(clinic: Engine) -> None:
    hold = summarise(clinic, Scope(SERVICE, NOW)).advice[0]
    assert (hold.shown, hold.accepted, hold.overridden, hold.reasons) == (3, 2, 2, {BASELINE: 1, None: 1})
    later = summarise(clinic, Scope(since=NOW + 2 * DAY))
    assert later == Summary((), 0, Lost())
    assert later.empty


def test_cards_without_a_report(engine: Engine, answered: Answers) -> None:
    save_shown(engine, [answered(("a", "recovering"), ("b", "recovering"))], 0, NOW)
    assert summarise(engine, Scope()) == Summary((Advice("recovering", 2, unreported=2),), 0, Lost())
    assert not summarise(engine, Scope()).empty
