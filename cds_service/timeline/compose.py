"""From what the service knows of a patient to what is drawn: the counts, exposures and episodes its cards rest on."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import tzinfo

from cds_service.advice.profile import Profile
from cds_service.advice.sources import Source
from cds_service.advice.values import count_figure, figure
from cds_service.clinical.episodes import Episode
from cds_service.clinical.exposure import Cause, cause_of, exposure
from cds_service.clinical.intervals import Ended, Interval
from cds_service.clinical.picture import ANAKINRA, TOCILIZUMAB, Picture
from cds_service.clinical.record import Kind, Medication, Result
from cds_service.clinical.scales import grade_of
from cds_service.clinical.series import Count
from cds_service.codes.drugs import in_group
from cds_service.codes.prefetch_keys import REQUIRED
from cds_service.fhir.read.remarks import Certainty, Remark
from cds_service.timeline.chart import Bar, Chart, Given, Point, Spell, Stop, Threshold, Unread
from cds_service.timeline.use import use_at

Remarks = Mapping[str, Remark]
Intervals = Mapping[str, tuple[Interval, ...]]

THRESHOLDS = ("anc_critical", "anc_very_low", "anc_low", "anc_recovered")
"""The limits drawn: the bounds of the neutrophil bins."""

_LANES = (("biologic", "tnf-blocker"), ("g-csf",), ("glucocorticoid",))
"""After anakinra and tocilizumab: the groups of the other drugs in their order; drugs of no such group come last."""

_SUREST_FIRST = tuple(Certainty)


def chart_of(
    picture: Picture, remarks: Remarks, profile: Profile, sources: Mapping[str, Source], zone: tzinfo
) -> Chart:
    """Everything of one patient that a timeline shows. Pure: ``picture`` carries the time of its making."""
    intervals = _intervals(picture)
    anakinra = intervals.get(ANAKINRA, ())
    # By instant, of which the series has one count each: resources without an id may share a name.
    points = {count.when.at: _point(count, picture, anakinra, remarks) for count in picture.counts}
    return Chart(
        patient=picture.record.patient_id,
        now=picture.now,
        zone=zone,
        profile=profile.name,
        points=tuple(points.values()),
        unread=tuple(_unread(picture.record.results, anakinra)),
        lanes=tuple(intervals),
        bars=tuple(bar for drug, found in intervals.items() for bar in _bars(drug, found, remarks)),
        stops=tuple(_stops(intervals, picture)),
        given=tuple(_given(picture)),
        spells=tuple(_spells(picture.history.episodes, lambda count: points[count.when.at])),
        thresholds=tuple(_thresholds(profile, sources)),
        gaps=tuple(_gaps(picture)),
    )


def _intervals(picture: Picture) -> Intervals:
    """The intervals on each drug: anakinra, tocilizumab, then whatever else bears on neutrophils."""
    named: dict[str, list[Medication]] = {}
    for each in picture.record.medications:
        named.setdefault(each.drug.name, []).append(each)
    found = {
        drug: exposure(orders, picture.counts, picture.now, picture.limits).intervals
        for drug, orders in sorted(named.items(), key=lambda each: (_lane(each[0]), each[0]))
    }
    return {drug: intervals for drug, intervals in found.items() if intervals}


def _lane(drug: str) -> int:
    """The place of a drug among the lanes."""
    if drug in (ANAKINRA, TOCILIZUMAB):
        return (ANAKINRA, TOCILIZUMAB).index(drug)
    groups = (place for place, names in enumerate(_LANES, 2) if any(in_group(drug, name) for name in names))
    return next(groups, len(_LANES) + 2)


def _point(count: Count, picture: Picture, anakinra: tuple[Interval, ...], remarks: Remarks) -> Point:
    grade = grade_of(count.value, count.comparator)
    how = f"{count.how}; dated by when it was issued" if count.date_is_issued else count.how
    return Point(
        value=count.value,
        figure=count_figure(count, picture.limits),
        when=count.when,
        sources=count.sources,
        how=how,
        comparator=count.comparator,
        scale=str(grade) if grade else "",
        on_drug=use_at(count.when, anakinra),
        remark=_least_sure(count.sources, remarks),
    )


def _least_sure(sources: Iterable[str], remarks: Remarks) -> Remark:
    """A fact from several resources is as sure as the least sure of them."""
    found = [remarks[source] for source in sources if source in remarks]
    return max(found, key=lambda remark: _SUREST_FIRST.index(remark.certainty), default=Remark())


def _unread(results: Iterable[Result], anakinra: tuple[Interval, ...]) -> Iterator[Unread]:
    found = [each for each in results if each.analyte == "anc" and not each.usable]
    for each in sorted(found, key=lambda result: (result.when is None, result.when and result.when.at, result.source)):
        yield Unread(
            when=each.when,
            reason="pending: not final yet" if each.pending else each.unusable,
            source=each.source,
            sent=each.as_sent,
            pending=each.pending,
            on_drug=use_at(each.when, anakinra) if each.when else "",
        )


def _bars(drug: str, intervals: tuple[Interval, ...], remarks: Remarks) -> Iterator[Bar]:
    for each in intervals:
        dose = next((order.dose for order in each.orders if order.dose), None)
        sources = tuple(order.source for order in each.orders)
        yield Bar(
            drug=drug,
            start=each.start,
            end=each.end,
            open=each.ended is Ended.OPEN,
            sources=sources,
            start_approximate=each.start_approximate,
            end_approximate=each.end_approximate,
            dose=f"{figure(dose.value)} {dose.unit}" if dose else "",
            remark=_least_sure(sources, remarks),
        )


def _stops(intervals: Intervals, picture: Picture) -> Iterator[Stop]:
    """The ends of anakinra and tocilizumab that somebody decided on; why they count as holds is asked of anakinra."""
    for drug in (ANAKINRA, TOCILIZUMAB):
        for each in intervals.get(drug, ()):
            if each.end is None or each.ended is Ended.OPEN or each.ends_with_dose or each.end.at > picture.now:
                continue
            cause = cause_of(each, picture.counts, picture.limits) if drug == ANAKINRA else Cause.NONE
            how = "held" if each.ended is Ended.HOLD else "stopped"
            sources = tuple(order.source for order in each.orders)
            yield Stop(drug, each.end, how, cause.value, sources, each.end_approximate)


def _given(picture: Picture) -> list[Given]:
    given = [
        Given(each.drug.name, each.bounds_start, each.source)
        for each in picture.record.medications
        if each.kind is Kind.ADMINISTRATION and each.bounds_start and each.bounds_start.at <= picture.now
    ]
    return sorted(given, key=lambda dose: (dose.when.at, dose.source))


def _spells(episodes: Iterable[Episode], point: Callable[[Count], Point]) -> Iterator[Spell]:
    for number, each in enumerate(episodes, 1):
        yield Spell(
            number=number,
            first=each.counts[0].when,
            last=each.counts[-1].when,
            recovered=each.recovered.when if each.recovered else None,
            nadir=point(each.nadir),
            sources=tuple(source for count in each.counts for source in count.sources),
        )


def _thresholds(profile: Profile, sources: Mapping[str, Source]) -> Iterator[Threshold]:
    for name in THRESHOLDS:
        entry = profile.entries[name]
        yield Threshold(entry.value, sources[entry.source].short, entry.note)


def _gaps(picture: Picture) -> Iterator[str]:
    """What of the two searches a timeline rests on could not be had."""
    for key in REQUIRED:
        had = picture.record.completeness_of(key)
        if had.foreign:
            yield f"{key}: resources of another patient were left out ({had.foreign})"
        elif not had.complete:
            yield f"{key}: {had.extent.value} ({had.reason})"
