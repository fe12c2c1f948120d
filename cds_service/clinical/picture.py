"""Everything the rules ask about one patient, worked out once from the record.

The only place where facts meet: rules and overlays read a picture, and a card is written from the same one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from cds_service.clinical.episodes import History, history_of
from cds_service.clinical.exposure import Exposure, Use, exposure
from cds_service.clinical.fever import Fever, fever_of
from cds_service.clinical.intervals import Ended, interval_of, runs
from cds_service.clinical.labs import Labs
from cds_service.clinical.mas import Mas, MasPattern, mas_pattern
from cds_service.clinical.neutrophils import (
    Anc,
    Trend,
    anc_state,
    is_steep_fall,
    newer_unreadable,
    trend_of,
)
from cds_service.clinical.record import Condition, DrugMatch, Medication, Record, Result
from cds_service.clinical.series import Count, series
from cds_service.clinical.thresholds import Thresholds
from cds_service.codes.drugs import in_group

ANAKINRA, TOCILIZUMAB = "anakinra", "tocilizumab"


@dataclass(frozen=True)
class Picture:
    """One patient at one instant. Properties are worked out on first use and kept."""

    record: Record
    now: datetime
    limits: Thresholds

    @cached_property
    def counts(self) -> tuple[Count, ...]:
        return series(self.record.results)

    @cached_property
    def labs(self) -> Labs:
        return Labs(self.record.results, self.now)

    @property
    def latest(self) -> Count | None:
        return self.counts[-1] if self.counts else None

    @cached_property
    def unreadable(self) -> tuple[Result, ...]:
        """ANC results that cannot be used and are newer than the latest usable count."""
        return newer_unreadable(self.counts, self.record.results)

    @cached_property
    def pending(self) -> tuple[Result, ...]:
        return tuple(each for each in self.record.results if each.analyte == "anc" and each.pending)

    def anc(self, limit: timedelta) -> Anc:
        return anc_state(self.counts, self.unreadable, limit, self.now, self.limits)

    @cached_property
    def trend(self) -> Trend:
        return trend_of(self.counts, self.limits)

    @cached_property
    def steep_fall(self) -> bool:
        return is_steep_fall(self.counts, self.limits)

    def _of(self, drug: str) -> Iterable[Medication]:
        return (each for each in self.record.medications if each.drug.name == drug)

    @cached_property
    def anakinra(self) -> Exposure:
        return exposure(self._of(ANAKINRA), self.counts, self.now, self.limits)

    @cached_property
    def tocilizumab(self) -> Exposure:
        return exposure(self._of(TOCILIZUMAB), self.counts, self.now, self.limits)

    @cached_property
    def tocilizumab_existing(self) -> bool:
        """Active, or on hold for at most 180 days."""
        if self.tocilizumab.use is Use.ON:
            return True
        latest = self.tocilizumab.intervals[-1] if self.tocilizumab.intervals else None
        if latest is None or latest.ended is not Ended.HOLD:
            return False
        return latest.end is None or self.now - latest.end.at <= self.limits.tocilizumab_hold_counts

    @cached_property
    def active(self) -> Mapping[str, tuple[Medication, ...]]:
        """Every drug whose order (or administration, or statement) runs today, by name."""
        running: dict[str, tuple[Medication, ...]] = {}
        for each in self.record.medications:
            interval = interval_of(each, self.now)
            if interval is not None and runs(interval, self.now):
                running[each.drug.name] = (*running.get(each.drug.name, ()), each)
        return running

    def active_in(self, group: str) -> tuple[DrugMatch, ...]:
        return tuple(orders[0].drug for name, orders in self.active.items() if in_group(name, group))

    @property
    def confounders(self) -> tuple[DrugMatch, ...]:
        """Active drugs that can lower neutrophils."""
        return self.active_in("confounder")

    @cached_property
    def count_since_hold(self) -> bool:
        """A usable count later than the hold; on a later date where either has day precision."""
        held = self.anakinra.current if self.anakinra.use is Use.HELD else None
        if held is None or held.end is None or self.latest is None:
            return False
        return self.latest.when.is_after(held.end)

    @cached_property
    def history(self) -> History:
        return history_of(self.counts, self.anakinra.intervals, self.read_to_the_end, self.now, self.limits)

    @property
    def read_to_the_end(self) -> bool:
        return self.counts_complete and self.record.completeness_of("medications").complete

    @property
    def counts_complete(self) -> bool:
        return self.record.completeness_of("neutrophils").complete

    @cached_property
    def fever(self) -> Fever:
        return fever_of(self.labs, self.record.conditions, self.now, self.limits)

    def conditions(self, *kinds: str, active_only: bool = False) -> tuple[Condition, ...]:
        wanted = set(kinds)
        return tuple(
            each for each in self.record.conditions if each.kinds & wanted and (each.active or not active_only)
        )

    @cached_property
    def stills(self) -> tuple[Condition, ...]:
        """Coded systemic JIA or adult-onset Still's disease."""
        return self.conditions("sjia", "aosd")

    @cached_property
    def mas_pattern(self) -> MasPattern:
        return mas_pattern(self.labs, self.record.completeness_of("labs"), self.limits)

    @cached_property
    def mas(self) -> Mas:
        return self.mas_pattern.grade(stills=bool(self.stills), fever=self.fever.yes)
