"""Numbers, dates, ages and grades as they are printed."""

import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds_service.advice import dates
from cds_service.advice.name_uuid import url_uuid
from cds_service.advice.values import count_figure, count_plain, count_words, figure, result_words
from cds_service.clinical.neutrophils import bin_of
from cds_service.clinical.record import Result, When
from cds_service.clinical.scales import grade_of
from cds_service.clinical.series import Count
from tests.clinical.moments import NOW, instant, when
from tests.thresholds import us_thresholds

LIMITS = us_thresholds()


def count(value: str, comparator: str = "") -> Count:
    return Count(Decimal(value), instant(NOW), ("Observation/1",), comparator=comparator)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("0.9120", "0.91"),
        ("0.96", "0.96"),
        ("1.0", "1.0"),
        ("1", "1.0"),
        ("3.400", "3.4"),
        ("12.1", "12.1"),
        ("0", "0.0"),
        ("1.499", "1.499"),
        ("1.4949", "1.49"),
        ("0.996", "0.996"),
        ("1.004", "1.004"),
        ("0.4999", "0.4999"),
        ("0.09999", "0.09999"),
        ("1.99999999", "1.99999999"),
        ("15", "15.0"),
        ("1E+1", "10.0"),
    ],
)
def test_a_count_is_short_but_never_rounded_onto_a_limit(value: str, shown: str) -> None:
    assert count_figure(count(value), LIMITS) == shown


@given(st.decimals(0, 100, places=6))
def test_a_printed_count_is_in_the_bin_of_the_count(value: Decimal) -> None:
    real = Count(value, instant(NOW), ("Observation/1",))
    printed = Count(Decimal(count_figure(real, LIMITS)), instant(NOW), ("Observation/1",))
    assert bin_of(printed, LIMITS) is bin_of(real, LIMITS)
    assert grade_of(printed.value) == grade_of(real.value)


@pytest.mark.parametrize(
    ("comparator", "plain", "words"),
    [
        ("", "0.4", "0.4"),
        ("<", "< 0.4", "below 0.4"),
        ("<=", "<= 0.4", "0.4 or less"),
        (">", "> 0.4", "above 0.4"),
        (">=", ">= 0.4", "0.4 or more"),
    ],
)
def test_a_limit_is_a_sign_in_a_summary_and_words_in_the_detail(comparator: str, plain: str, words: str) -> None:
    assert count_plain(count("0.4", comparator), LIMITS) == plain
    assert count_words(count("0.4", comparator), LIMITS) == words


@pytest.mark.parametrize(
    ("analyte", "value", "shown"),
    [
        ("ferritin", "2400", "2400 ug/L"),
        ("ferritin", "684.04", "684.04 ug/L"),
        ("triglycerides", "221.425", "221.4 mg/dL"),
        ("platelets", "181.04", "181.04 x10\u2079/L"),
        ("temperature", "38.2999", "38.2999 \u00b0C"),
        ("temperature", "37.55", "37.6 \u00b0C"),
        ("crp", "217", "217"),
    ],
)
def test_a_result_has_its_unit(analyte: str, value: str, shown: str) -> None:
    assert result_words(Result(analyte, "Observation/1", Decimal(value)), LIMITS) == shown


def test_a_result_without_a_value_says_so() -> None:
    assert result_words(Result("ferritin", "Observation/1"), LIMITS) == "no value"


def test_a_quotient_is_cut_where_it_is_certain() -> None:
    assert figure(Decimal(140) / Decimal(42), [Decimal(3)]) == "3.33"
    assert figure(Decimal("2.99996"), [Decimal(3)]) == "2.99996"


@pytest.mark.parametrize(
    ("value", "comparator", "grade"),
    [
        ("2.0", "", None),
        ("1.5", "", None),
        ("1.499", "", "mild; CTCAE v5 grade 2, v6 grade 1"),
        ("1.0", "", "mild; CTCAE v5 grade 2, v6 grade 1"),
        ("0.96", "", "moderate; CTCAE v5 grade 3, v6 grade 2"),
        ("0.5", "", "moderate; CTCAE v5 grade 3, v6 grade 2"),
        ("0.49", "", "severe; CTCAE v5 grade 4, v6 grade 3"),
        ("0.1", "", "severe; CTCAE v5 grade 4, v6 grade 3"),
        ("0.09", "", "severe; CTCAE v5 grade 4, v6 grade 4"),
        ("0", "", "severe; CTCAE v5 grade 4, v6 grade 4"),
        ("0.5", "<", "severe; CTCAE v5 grade 4, v6 grade 3 or 4"),
        ("0.1", "<=", "severe; CTCAE v5 grade 4, v6 grade 3 or 4"),
        ("0.1", "<", "severe; CTCAE v5 grade 4, v6 grade 4"),
        ("0.05", "<=", "severe; CTCAE v5 grade 4, v6 grade 4"),
        ("2.0", ">", None),
        ("2.0", ">=", None),
    ],
)
def test_a_grade_names_its_scale(value: str, comparator: str, grade: str | None) -> None:
    found = grade_of(Decimal(value), comparator)
    assert (str(found) if found else None) == grade


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        ("now", "within the last hour"),
        ("59 min ago", "within the last hour"),
        ("1 h ago", "1 hour ago"),
        ("47 h ago", "47 hours ago"),
        ("2 d ago", "2 days ago"),
        ("90 d ago", "90 days ago"),
        ("91 d ago", "about 3 months ago"),
        ("3 h ahead", "dated ahead of now"),
        ("day 0", "today"),
        ("day -1", "yesterday"),
        ("day -2", "2 days ago"),
        ("day 1", "dated ahead of now"),
    ],
)
def test_an_age_in_words(moment: str, shown: str) -> None:
    assert dates.ago(when(moment), UTC, NOW) == shown


def test_times_are_those_of_the_site() -> None:
    late = instant(datetime(2026, 11, 20, 23, 30, tzinfo=UTC))
    assert dates.moment(late, UTC) == "20 Nov 2026 23:30"
    assert dates.moment(late, ZoneInfo("Europe/Paris")) == "21 Nov 2026 00:30"


def test_a_day_stays_that_day_in_every_zone() -> None:
    midnight_in_paris = datetime(2026, 11, 19, 23, 0, tzinfo=UTC)
    only_a_day = When(midnight_in_paris, (midnight_in_paris + timedelta(hours=1)).date(), exact=False)
    assert dates.moment(only_a_day, ZoneInfo("America/New_York")) == "20 Nov 2026"
    assert dates.day(only_a_day) == "20 Nov 2026"


@pytest.mark.parametrize(("moment", "shown"), [("day -2", "20 Nov"), ("day -400", "18 Oct 2025")])
def test_a_table_leaves_out_this_year(moment: str, shown: str) -> None:
    assert dates.short_day(when(moment), NOW.date()) == shown


@given(st.text(max_size=40).filter(lambda name: name.isprintable()), st.text(alphabet="abc", max_size=9))
def test_uuids_are_those_of_the_standard(name: str, inner: str) -> None:
    space = uuid.uuid5(uuid.NAMESPACE_URL, name)
    assert url_uuid(name).text == str(space)
    assert url_uuid(name).of(inner).text == str(uuid.uuid5(space, inner))
