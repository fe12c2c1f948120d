"""What becomes of one moment: the outcome, and how sure it is."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cds_service import stories
from cds_service.retrospective.evaluate import Evaluation
from cds_service.retrospective.files import find
from cds_service.retrospective.moments import Choice
from cds_service.retrospective.run import Plan, Report, replay
from cds_service.settings import Settings
from cds_service.site import Site
from tests.canary import MARK
from tests.retrospective.exports import NOW, VIEW, Json, by_type, condition, count, in_one_file, order, patient

AT_NOW = Plan(VIEW, Choice(NOW, (NOW,)))
ALL = Plan(VIEW, Choice(NOW))
LOW = count(0.96, "2026-11-20T08:00:00Z")
WHOLE = [patient(), order(), LOW, condition()]


@pytest.fixture(scope="module")
def site() -> Site:
    return Site.open(Settings(trace="off"))


def evaluate(folder: Path, plan: Plan, site: Site) -> tuple[Report, list[Evaluation]]:
    found: list[Evaluation] = []
    return replay(find([folder]), plan, site, found.append), found


def codes(evaluation: Evaluation) -> list[str]:
    return [card.code for card in evaluation.cards]


def test_a_low_count_on_anakinra(tmp_path: Path, site: Site) -> None:
    report, (one,) = evaluate(by_type(tmp_path, WHOLE), AT_NOW, site)
    assert (one.patient, one.at, one.outcome, codes(one)) == ("p1", NOW, "cards", ["hold-anakinra"])
    assert (one.undated, one.ended_since, one.incomplete) == (0, 0, False)
    assert (report.patients, report.concerned, report.not_exported) == (1, 1, [])


def test_the_future_is_not_shown(tmp_path: Path, site: Site) -> None:
    plan = Plan(VIEW, Choice(NOW, (datetime(2026, 11, 19, tzinfo=UTC),)))
    assert codes(evaluate(by_type(tmp_path, WHOLE), plan, site)[1][0]) == ["baseline-anc"]


@pytest.mark.parametrize(
    ("lacking", "outcome", "why"),
    [
        ("Observation", "refused", "prefetch.neutrophils is missing; not in prefetch; no fhirServer was given"),
        ("Condition", "cards", ""),
        ("Patient", "cards", ""),
    ],
)
def test_a_type_that_was_not_exported_was_not_asked_for(
    lacking: str, outcome: str, why: str, tmp_path: Path, site: Site
) -> None:
    folder = by_type(tmp_path, [each for each in WHOLE if each["resourceType"] != lacking])
    report, (one,) = evaluate(folder, AT_NOW, site)
    assert (list(report.not_exported), one.outcome) == ([lacking], outcome)
    assert [each.why for each in one.not_evaluated if not each.rule] == ([why] if why else [])


def test_a_type_that_was_exported_and_holds_nothing_of_the_patient(tmp_path: Path, site: Site) -> None:
    other = count(4, "2026-11-20T08:00:00Z", whose="p2")
    _, (one,) = evaluate(by_type(tmp_path, [patient(), order(), other]), AT_NOW, site)
    assert codes(one) == ["baseline-anc"]


def test_an_answer_without_cards_is_not_given_where_a_line_of_the_patient_was_lost(tmp_path: Path, site: Site) -> None:
    steady = [patient(), order(authoredOn="2025-01-01"), condition()]
    steady += [count(4.4, f"2026-{month}-20T08:00:00Z", f"anc-{month}") for month in ("08", "09", "10", "11")]
    _, (whole,) = evaluate(in_one_file(tmp_path / "whole", *steady), AT_NOW, site)
    broken = b'{"resourceType":"Observation","subject":{"reference":"Patient/p1"},'
    _, (cut,) = evaluate(in_one_file(tmp_path / "cut", *steady, broken), AT_NOW, site)
    nobodys = in_one_file(tmp_path / "nobodys", *steady, b"{")
    _, (doubtful,) = evaluate(nobodys, AT_NOW, site)
    assert (whole.outcome, whole.incomplete) == ("none", False)
    assert (cut.outcome, cut.incomplete) == ("not-assessed", True)
    assert (doubtful.outcome, doubtful.incomplete) == ("none", True)


def test_a_resource_without_a_date_is_shown_and_counted(tmp_path: Path, site: Site) -> None:
    undated = count(0.4, "2026-11-20T08:00:00Z", "anc-2", effectiveDateTime=None)
    report, (one,) = evaluate(by_type(tmp_path, [*WHOLE, undated]), AT_NOW, site)
    assert (one.undated, report.tally.undated) == (1, 1)


LOW_RUN, STOPPED = datetime(2026, 11, 5, 5, tzinfo=UTC), datetime(2026, 11, 5, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("as_then", "at", "says", "doubts"),
    [
        (False, LOW_RUN, False, 1),
        (True, LOW_RUN, True, 0),
        (False, STOPPED, True, 0),
        (True, STOPPED, True, 0),
    ],
)
def test_an_order_that_has_ended_since(
    as_then: bool, at: datetime, says: bool, doubts: int, tmp_path: Path, site: Site
) -> None:
    """Case 2: 0.32 on day 10; the order was stopped six hours later, and so it stands in the export."""
    folder = by_type(tmp_path, stories.read("case-2-e-after").resources)
    plan = Plan(VIEW, Choice(NOW, (at,)), as_then)
    report, (one,) = evaluate(folder, plan, site)
    assert bool(one.cards) is says
    assert (one.ended_since, report.tally.ended_since) == (doubts, doubts)


def test_an_order_is_judged_as_it_was_signed(tmp_path: Path, site: Site) -> None:
    stopped: Json = {"status": "stopped", "statusReason": {"text": "neutropenia"}, "authoredOn": "2026-11-21T08:00:00Z"}
    folder = by_type(tmp_path, [patient(), order(**stopped), LOW, condition()])
    _, (one,) = evaluate(folder, Plan("order-sign", Choice(NOW)), site)
    assert codes(one) == ["do-not-start-anakinra"]
    assert one.ended_since == 0


def test_orders_that_do_not_say_when_they_were_written(tmp_path: Path, site: Site) -> None:
    folder = by_type(tmp_path, [*WHOLE, order(id_="2", authoredOn=None)])
    report, _ = evaluate(folder, Plan("order-sign", Choice(NOW)), site)
    assert report.undated_orders == 1


def test_an_id_that_no_ehr_could_send(tmp_path: Path, site: Site) -> None:
    _, (one,) = evaluate(by_type(tmp_path, [order(whose="a&b"), LOW]), AT_NOW, site)
    assert (one.outcome, [each.why for each in one.not_evaluated]) == ("refused", ["context.patientId is not an id"])


def test_a_fault_of_the_service_costs_no_other_evaluation(
    tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise KeyError(MARK)

    monkeypatch.setattr("cds_service.retrospective.evaluate.answer", fail)
    _, (first, second) = evaluate(by_type(tmp_path, WHOLE), ALL, site)
    assert first.outcome == second.outcome == "refused"
    assert first.not_evaluated == [("", "a fault of this service (KeyError)")]


def test_the_sum(tmp_path: Path, site: Site) -> None:
    more = [order(whose="p2", id_="2"), count(0.4, "2026-11-19T08:00:00Z", "a", "p2"), patient("p2")]
    report, found = evaluate(by_type(tmp_path, [*WHOLE, *more]), ALL, site)
    tally = report.tally
    assert (tally.evaluations, len(found), len(tally.patients)) == (4, 4, 2)
    assert tally.outcomes == {"cards": 4}
    (baseline, hold) = tally.advice()
    assert baseline == ("baseline-anc", 2, 2, 50.0, {"info": 2})
    assert (hold.code, hold.evaluations, hold.patients, hold.per_100) == ("hold-anakinra", 2, 2, 50.0)
    assert sum(hold.indicators.values()) == 2
    assert tally.milliseconds > 0
