"""What a chart holds: the two published cases as stated and nothing more, and every kind of fact from the notation."""

from dataclasses import replace
from decimal import Decimal

import pytest

from cds_service.fhir.read.remarks import Certainty, Remark
from tests.clinical.notation import patient
from tests.timeline.charts import CASE_1, CASE_2, chart, chart_of_record, story_chart

STATED, APPROXIMATE, INFERRED = Certainty

# Source: Perrin 2014, by day since the first dose. False: the report gives no number, the one of the story is a filler.
CASE_1_COUNTS = [
    (0, "6.19", STATED, True, "before anakinra"),
    (4, "0.75", APPROXIMATE, True, "on anakinra, day 4"),
    (6, "1.8", INFERRED, False, "off anakinra, 2 days after its end"),
    (31, "1.12", STATED, True, "on anakinra, day 5"),
    (181, "3.8", STATED, True, "off anakinra, 148 days after its end"),
    (184, "1.5", STATED, True, "on anakinra, day 3"),
    (189, "3.0", STATED, True, "on anakinra, day 8"),
    (336, "2.0", APPROXIMATE, True, "on anakinra, day 155"),
    (433, "3.0", APPROXIMATE, True, "on anakinra, day 252"),
]
CASE_2_COUNTS = [
    (10, "0.32", INFERRED, True, "on anakinra, day 10"),
    (12, "2.13", STATED, True, "off anakinra, 2 days after its end"),
    (18, "9.6", INFERRED, False, "on anakinra, day 3"),
]


@pytest.mark.parametrize(("story", "expected"), [(CASE_1, CASE_1_COUNTS), (CASE_2, CASE_2_COUNTS)])
def test_a_published_case_has_its_stated_counts_and_nothing_invented(
    story: str, expected: list[tuple[object, ...]]
) -> None:
    drawn = story_chart(story)
    assert drawn.first_dose is not None
    day_0 = drawn.first_dose.day
    assert [
        ((p.when.day - day_0).days, p.text, p.remark.certainty, not p.remark.number_open, p.on_drug)
        for p in drawn.points
    ] == expected
    assert (drawn.unread, drawn.given, drawn.gaps) == ((), (), ())


def test_case_1_was_exposed_three_times_and_stopped_twice_for_neutropenia() -> None:
    drawn = story_chart(CASE_1)
    assert [(bar.drug, bar.open, bar.dose, bar.unsure) for bar in drawn.bars] == [
        ("anakinra", False, "100 mg", False),
        ("anakinra", False, "", True),
        ("anakinra", True, "", True),
    ]
    assert [(stop.how, stop.cause, stop.sources) for stop in drawn.stops] == [
        ("stopped", "the order's reason names neutropenia", ("MedicationRequest/case1g-anakinra-1",)),
        ("stopped", "the order's reason names neutropenia", ("MedicationRequest/case1g-anakinra-2",)),
    ]
    assert [(spell.number, spell.nadir.text, spell.recovered is not None) for spell in drawn.spells] == [
        (1, "0.75", True),
        (2, "1.12", True),
    ]


def test_case_2_shows_the_drugs_beside_anakinra() -> None:
    drawn = story_chart(CASE_2)
    assert drawn.lanes == ("anakinra", "methylprednisolone", "ciclosporin")
    assert [(spell.nadir.text, spell.nadir.scale) for spell in drawn.spells] == [
        ("0.32", "severe; CTCAE v5 grade 4, v6 grade 3")
    ]


def test_a_limit_and_a_calculated_count_say_so() -> None:
    drawn = chart(counts="<0.5 @ day -3; segmented 0.9 @ day -2 08:00; bands 0.06 @ day -2 08:00; manual 2.4 @ day -1")
    assert [(point.text, point.how) for point in drawn.points] == [
        ("<0.5", "measured"),
        ("0.96", "calculated: segmented + bands"),
        ("2.4", "manual differential"),
    ]
    assert [point.calculated for point in drawn.points] == [False, True, False]


def test_a_calculated_count_is_as_sure_as_its_least_sure_part() -> None:
    remarks = {
        "Observation/1": Remark(APPROXIMATE, "approximate: about"),
        "Observation/2": Remark(INFERRED, "inferred"),
    }
    cells = "segmented 0.9 @ day -2 08:00; bands 0.06 @ day -2 08:00; 2.4 @ day -1"
    drawn = chart(remarks, counts=cells)
    assert [point.remark.certainty for point in drawn.points] == [INFERRED, STATED]


def test_a_result_that_cannot_be_read_is_no_point() -> None:
    drawn = chart(counts="2.4 @ day -5; unreadable @ day -3; pending 0.4 @ day -1; unreadable undated")
    assert [point.text for point in drawn.points] == ["2.4"]
    assert [(each.source, each.pending, each.reason, each.when is None) for each in drawn.unread] == [
        ("Observation/2", False, "the unit is not in the table", False),
        ("Observation/3", True, "pending: not final yet", False),
        ("Observation/4", False, "the unit is not in the table", True),
    ]


@pytest.mark.parametrize(
    ("orders", "counts", "stop"),
    [
        (
            "anakinra on-hold from day -30 until day -5 (reason neutropenia)",
            "",
            ("held", "the order's reason names neutropenia"),
        ),
        ("anakinra on-hold from day -30 until day -5", "0.9 @ day -6", ("held", "a count below 1.5 around its end")),
        ("anakinra on-hold from day -30 until day -5", "", ("held", "cause not recorded")),
        ("anakinra stopped from day -30 until day -5 (reason other)", "", ("stopped", "")),
        ("tocilizumab stopped from day -30 until day -5", "0.9 @ day -6", ("stopped", "")),
    ],
)
def test_the_end_of_an_interval_has_its_cause(orders: str, counts: str, stop: tuple[str, str]) -> None:
    (only,) = chart(orders=orders, counts=counts).stops
    assert (only.how, only.cause) == stop


def test_a_running_interval_and_a_given_dose_are_no_stops() -> None:
    drawn = chart(orders="anakinra active from day -30; tocilizumab given day -3; anakinra given day 3")
    assert drawn.stops == ()
    assert [(each.drug, each.source) for each in drawn.given] == [("tocilizumab", "MedicationAdministration/2")]


def test_what_is_approximate_or_not_recorded_stays_so() -> None:
    drawn = chart(orders="anakinra stopped from day -40 (last written day -5); tocilizumab completed from day -9")
    anakinra, tocilizumab = drawn.bars
    assert (anakinra.end_approximate, drawn.stops[0].approximate) == (True, True)
    assert (tocilizumab.open, tocilizumab.end) == (False, None)


def test_drugs_come_in_the_order_of_their_weight() -> None:
    orders = "methotrexate active from day -9; prednisone active from day -9; filgrastim active from day -9; "
    orders += "etanercept active from day -9; tocilizumab active from day -9; anakinra active from day -9"
    lanes = ("anakinra", "tocilizumab", "etanercept", "filgrastim", "prednisone", "methotrexate")
    assert chart(orders=orders).lanes == lanes


def test_thresholds_are_those_of_the_profile_with_their_sources() -> None:
    assert [(each.value, each.source) for each in chart().thresholds] == [
        (Decimal("0.5"), "CTCAE v5 and v6"),
        (Decimal("1.0"), "AI-written web answer"),
        (Decimal("1.5"), "EU Kineret label"),
        (Decimal("2.0"), "Tocilizumab label"),
    ]
    assert chart(profile="eu").profile == "eu"


def test_data_that_could_not_be_had_are_named() -> None:
    drawn = chart(counts="0.9 @ day -1", gaps="neutrophils partial; medications foreign; labs unavailable")
    assert drawn.gaps == (
        "medications: resources of another patient were left out (1)",
        "neutrophils: partial (it timed out)",
    )


def test_resources_that_share_a_name_are_two_counts() -> None:
    record = patient(counts="0.9 @ day -5; 2.4 @ day -3", orders="anakinra active from day -9")
    nameless = tuple(each._replace(source="Observation without id (0)") for each in record.results)
    drawn = chart_of_record(replace(record, results=nameless))
    assert [point.text for point in drawn.points] == ["0.9", "2.4"]
    assert drawn.spells[0].nadir.text == "0.9"


def test_an_empty_record_is_an_empty_chart() -> None:
    drawn = chart()
    assert (drawn.points, drawn.unread, drawn.bars, drawn.first_dose) == ((), (), (), None)
