"""What must hold for any patient at all."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cds_service.clinical.assess import Assessment, assess, emitted_rows
from cds_service.clinical.causality.propose import proposals
from cds_service.clinical.exposure import Use
from cds_service.clinical.neutrophils import is_low
from cds_service.clinical.overlays import OVERLAYS
from cds_service.clinical.record import Completeness, Extent, Record, Result
from cds_service.clinical.scene import Hook

from .answers import OVERLAY_IDS, library, limits
from .courses import courses
from .moments import NOW, instant
from .notation import patient
from .patients import dates, later, patients, spans, times

hooks = st.sampled_from(list(Hook))
whole_days = st.integers(-5000, 5000).map(lambda days: timedelta(days=days))
anybody = st.one_of(patients(), courses().map(lambda cells: patient(**cells)))
unhurried = settings(deadline=None)  # a busy machine is no failure
SEVERITY = {"info": 0, "warning": 1, "critical": 2}


def ask(record: Record, hook: Hook, by: timedelta = timedelta(0)) -> Assessment:
    return assess(record, hook, NOW + by, limits())


def said(assessment: Assessment) -> tuple[object, ...]:
    """All that is answered, whatever resource it is read from; what is proposed about cause included."""
    findings = [(each.row, each.variant, each.code, each.drug, dict(each.facts)) for each in assessment.findings]
    return findings, assessment.outcomes, proposed(assessment)


def proposed(assessment: Assessment) -> list[tuple[object, ...]]:
    """What is proposed about each low run, dates as days from one to the next."""
    return [
        (
            *(each.course.delay, each.course.onset_delay, each.course.days_to_recovery, each.stopping),
            *(each.again.answer, each.again.inferred, each.again.reason, each.french, each.naranjo),
            [cause.name for cause in each.causes],
            [(other.again.answer, other.again.reason, other.french) for other in each.alternatives],
        )
        for each in proposals(assessment.picture)
    ]


def severities(assessment: Assessment) -> dict[str, int]:
    """The indicator of each base card, by the drug it is about."""
    base = [each for each in assessment.findings if each.row not in OVERLAY_IDS]
    return {each.drug: SEVERITY[library().row(each.row, each.variant)[1].indicator] for each in base}


@unhurried
@given(anybody, hooks)
def test_any_patient_gets_an_answer(record: Record, hook: Hook) -> None:
    assessment = ask(record, hook)
    assert all(each.french.score.endswith("B3") for each in proposals(assessment.picture))
    assert {(each.row, each.variant, each.code) for each in assessment.findings} <= set(emitted_rows())
    overlays = [each.rule for each in assessment.outcomes if each.rule in OVERLAY_IDS]
    assert overlays == [overlay.id for overlay in OVERLAYS]


@unhurried
@given(anybody, hooks, st.randoms(use_true_random=False))
def test_the_order_of_resources_changes_nothing(record: Record, hook: Hook, random: Random) -> None:
    def shuffled(facts: tuple[object, ...]) -> tuple[object, ...]:
        return tuple(random.sample(facts, len(facts)))

    other = replace(
        record,
        results=shuffled(record.results),
        medications=shuffled(record.medications),
        conditions=shuffled(record.conditions),
    )
    assert said(ask(other, hook)) == said(ask(record, hook))


@unhurried
@given(patients(spans), hooks, st.timedeltas(timedelta(days=-5000), timedelta(days=5000)))
def test_moving_all_instants_and_now_changes_nothing(record: Record, hook: Hook, by: timedelta) -> None:
    assert said(ask(later(record, by), hook, by)) == said(ask(record, hook))


@unhurried
@given(
    st.one_of(patients(st.one_of(dates, times), course="day -{}"), courses().map(lambda cells: patient(**cells))),
    hooks,
    whole_days,
)
def test_moving_all_dates_by_whole_days_changes_nothing(record: Record, hook: Hook, by: timedelta) -> None:
    assert said(ask(later(record, by), hook, by)) == said(ask(record, hook))


@unhurried
@given(patients(), hooks, st.timedeltas(timedelta(minutes=1), timedelta(days=400)), st.decimals("1.5", 20, places=2))
def test_an_older_normal_count_never_removes_a_warning(
    record: Record, hook: Hook, before: timedelta, value: Decimal
) -> None:
    """Older than all others; it may say that a hold without a reason was a pause, which is another patient."""
    first = ask(record, hook)
    assume(first.picture.counts)
    when = instant(first.picture.counts[0].when.at - before)
    older = Result(analyte="anc", source="Observation/older", value=value, when=when)
    second = ask(replace(record, results=(*record.results, older)), hook)
    assume(first.picture.anakinra.use is second.picture.anakinra.use)
    after = severities(second)
    for drug, severity in severities(first).items():
        assert severity == 0 or after.get(drug, 0) >= severity


@unhurried
@given(patients(), hooks)
def test_missing_pages_never_remove_what_rests_on_a_low_count(record: Record, hook: Hook) -> None:
    cut_short = Completeness(Extent.PARTIAL, "it timed out")
    keys = ("medications", "neutrophils", "labs", "vitals", "conditions")
    first = ask(replace(record, completeness={}), hook)
    second = ask(replace(record, completeness=dict.fromkeys(keys, cut_short)), hook)
    still = {(each.row, each.drug) for each in second.findings}
    for each in first.findings:
        rests_on_low = each.row in ("PV8", "PV9", "PV10", "PV11", "PV12", "PV13", "PV14", "PT1", "PT2", "PT4")
        rests_on_low |= each.row in ("OA3", "OA3m", "OA4", "OT3", "OT5", "OU1", "OU1b")
        assert not rests_on_low or (each.row, each.drug) in still


@unhurried
@given(patients(), st.sampled_from(["0", "0.49", "0.5", "0.99", "1.0", "1.49"]), spans)
def test_a_low_count_on_anakinra_is_never_met_with_silence(record: Record, value: str, taken: str) -> None:
    low = patient(orders="anakinra active from day -60", counts=f"{value} @ {taken}")
    record = replace(record, medications=record.medications + low.medications, results=record.results + low.results)
    assessment = ask(record, Hook.VIEW)
    latest = assessment.picture.latest
    assert latest is not None
    if is_low(latest, limits()) and NOW - latest.when.at <= limits().low_count_in_force:
        base = [each.row for each in assessment.findings if each.row not in OVERLAY_IDS]
        assert len(base) == 1
        assert base[0] in ("PV8", "PV9", "PV10", "PV11", "PV12")


@unhurried
@given(patients())
def test_an_open_chart_is_silent_only_on_complete_data(record: Record) -> None:
    assessment = ask(record, Hook.VIEW)
    if not assessment.findings:
        picture = assessment.picture
        assert record.foreign == 0
        assert record.completeness_of("medications").complete
        assert picture.counts_complete or (picture.anakinra.use is Use.OFF and not picture.tocilizumab_existing)
