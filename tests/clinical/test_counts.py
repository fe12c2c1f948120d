"""The state and trend of the latest count, and which counts there are, against the tables."""

import pytest

from cds_service.clinical.questions import answer_of, questions
from cds_service.clinical.record import Record
from cds_service.clinical.scene import Hook
from cds_service.clinical.series import FROM_PARTS, FROM_PERCENT, MANUAL, MEASURED
from cds_service.clinical.state import Basis, state_of

from . import notation
from .answers import picture_of
from .tables import Line, lines, name_of

HOW = {MEASURED: "measured", MANUAL: "manual", FROM_PARTS: "segmented + bands", FROM_PERCENT: "percent x WBC"}
ON_ANAKINRA = "anakinra active from day -200"


@pytest.mark.parametrize("line", lines("anc-state"), ids=name_of)
def test_state_of_the_latest_count(line: Line) -> None:
    record = notation.patient(orders=ON_ANAKINRA, counts=line["counts"])
    assert state_of(picture_of(record), Basis.ON).anc == line["state"]


def state_asked(record: Record, profile: str) -> str:
    """The count's state for the first question that is asked: of the order if there is one, else of the chart."""
    picture = picture_of(record, profile)
    hook = Hook.SELECT if record.drafts else Hook.VIEW
    chosen, _ = answer_of(picture, next(questions(picture, hook, record.drafts)))
    return chosen.state.anc


@pytest.mark.parametrize("line", lines("staleness"), ids=name_of)
def test_age_at_which_a_count_is_stale(line: Line) -> None:
    assert state_asked(line.record, line.section[:2].lower()) == line["state"]


@pytest.mark.parametrize("line", lines("trend"), ids=name_of)
def test_trend_of_the_last_two_counts(line: Line) -> None:
    picture = picture_of(line.record)
    assert (picture.trend, "yes" if picture.steep_fall else "no") == (line["trend"], line["steep fall"])


@pytest.mark.parametrize("line", lines("calculated-counts"), ids=name_of)
def test_series_of_measured_and_calculated_counts(line: Line) -> None:
    counts = picture_of(line.record).counts
    series = [f"{each.value} {HOW[each.how]}{', others differ' if each.rivals else ''}" for each in counts]
    expected = [item.strip() for item in line["series"].split(";") if item]
    assert [_number(each) for each in series] == [_number(each) for each in expected]


def _number(text: str) -> tuple[notation.Decimal, str]:
    value, _, how = text.partition(" ")
    return notation.Decimal(value), how
