"""Proposed causality of each low run, against the tables."""

import pytest

from cds_service.clinical.causality.challenge import Again, Dechallenge, Rechallenge
from cds_service.clinical.causality.courses import Delay, unrelated_runs
from cds_service.clinical.causality.french import chronology
from cds_service.clinical.causality.naranjo import Naranjo, Said, naranjo
from cds_service.clinical.causality.propose import proposals

from . import notation
from .answers import picture_of
from .tables import Line, lines, name_of


def _again(again: Again) -> str:
    return f"{again.answer}{' inferred' if again.inferred else ''}"


@pytest.mark.parametrize("line", lines("causality"), ids=name_of)
def test_proposals(line: Line) -> None:
    found = proposals(picture_of(line.record))
    answers = {
        "delay": [each.course.delay for each in found],
        "stopping": [each.stopping.answer for each in found],
        "again": [_again(each.again) for each in found],
        "score": [each.french.score for each in found],
        "naranjo": [str(each.naranjo.score) for each in found],
        "later": [alternative.french.score for each in found for alternative in each.alternatives],
        "causes": [cause.name for each in found for cause in each.causes],
    }
    for column, answer in answers.items():
        if column in line.cells:
            assert "; ".join(answer) == line[column], column


@pytest.mark.parametrize("line", lines("causality"), ids=name_of)
def test_the_latest_runs_only(line: Line) -> None:
    picture = picture_of(line.record)
    found = proposals(picture)
    assert proposals(picture, 1) == found[-1:]
    assert proposals(picture, len(found) + 1) == found


CASE_1 = lines("causality", "The two published cases")[0]


def test_case_1_judged_on_its_second_reintroduction_alone() -> None:
    first, _ = proposals(picture_of(CASE_1.record))
    (second,) = first.alternatives
    assert (second.french.c, second.french.score) == ("C1", "C1S2B3")
    assert second.again.reason == "tolerated over 3 days or more, none below 1.5"


def test_the_course_of_a_run() -> None:
    first, again = (each.course for each in proposals(picture_of(CASE_1.record)))
    assert (first.onset_delay, first.days_to_recovery, str(first.nadir.value)) == (4, 2, "0.75")
    assert (again.onset_delay, again.days_to_recovery) == (5, 149)
    before = notation.patient(orders="anakinra active from day -40", counts="0.9 @ day -41; 2.0 @ day -39")
    (course,) = (each.course for each in proposals(picture_of(before)))
    assert (course.onset_delay, course.stopped, course.days_to_recovery) == (None, None, None)


def test_what_only_a_verified_table_gives() -> None:
    case_1, again = (each.french for each in proposals(picture_of(CASE_1.record)))
    assert case_1.i == ""
    assert again.i == "I1"


def test_a_run_that_is_not_judged_is_not_lost() -> None:
    picture = picture_of(notation.patient(orders="anakinra stopped from day -60 until day -30", counts="0.9 @ day -10"))
    assert proposals(picture) == ()
    assert [run[0].sources for run in unrelated_runs(picture)] == [("Observation/1",)]


def test_a_proposal_on_part_of_the_data_says_so() -> None:
    cells = {"orders": "anakinra active from day -40", "counts": "0.9 @ day -10"}
    (whole,) = proposals(picture_of(notation.patient(**cells)))
    (part,) = proposals(picture_of(notation.patient(**cells, gaps="neutrophils partial")))
    assert (whole.incomplete, part.incomplete) == (False, True)


# The chronology table of 1985, written down once more: dechallenge by rechallenge R+, R0, R-.
TABLE = {
    Dechallenge.SUGGESTIVE: ("C3 C3 C1", "C3 C2 C1"),
    Dechallenge.INCONCLUSIVE: ("C3 C2 C1", "C3 C1 C1"),
    Dechallenge.NOT_SUGGESTIVE: ("C1 C1 C1", "C1 C1 C1"),
}


@pytest.mark.parametrize("dechallenge", Dechallenge)
def test_the_chronology_table(dechallenge: Dechallenge) -> None:
    columns = (Rechallenge.RECURRED, Rechallenge.NONE, Rechallenge.TOLERATED)
    for very, expected in zip((True, False), TABLE[dechallenge], strict=True):
        found = [chronology(Delay.COMPATIBLE, dechallenge, each, very_suggestive=very) for each in columns]
        assert " ".join(found) == expected
    assert {chronology(Delay.INCOMPATIBLE, dechallenge, each) for each in columns} == {"C0"}


def _scale(dechallenge: Dechallenge, rechallenge: Rechallenge, *, before: bool = True) -> Naranjo:
    return naranjo(Delay.COMPATIBLE, dechallenge, rechallenge, other_causes=(), before=before)


def test_the_categories_of_the_naranjo_scale() -> None:
    best = _scale(Dechallenge.SUGGESTIVE, Rechallenge.RECURRED)
    assert (best.score, best.category) == (8, "probable")
    assert best.unknown == (5, 6, 7, 8), "without a reviewer nothing is definite"
    least = naranjo(
        Delay.INCOMPATIBLE, Dechallenge.INCONCLUSIVE, Rechallenge.TOLERATED, other_causes=("x",), before=False
    )
    assert (least.score, least.category) == (-1, "doubtful")
    assert [item.answer for item in least.items if item.points < 0] == [Said.NO, Said.NO, Said.YES]
    assert _scale(Dechallenge.NOT_SUGGESTIVE, Rechallenge.NONE, before=False).category == "possible"
