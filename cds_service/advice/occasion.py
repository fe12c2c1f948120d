"""What all cards of one answer share: the assessment, the content and the call they answer."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from functools import cached_property

from cds_service.advice.count_in_full import count_in_full
from cds_service.advice.dates import instant
from cds_service.advice.library import Library
from cds_service.clinical.dosing import age_in_years
from cds_service.clinical.findings import Assessment
from cds_service.clinical.picture import Picture
from cds_service.clinical.record import Result
from cds_service.clinical.thresholds import Thresholds

_ADULT_FROM = 18
_MAS_ROWS = frozenset({"M1", "M1b", "M2"})


@dataclass(frozen=True, slots=True)
class CardContext:
    """The call a card answers, as far as its text depends on it.

    ``hook_instance``: as sent, a UUID or not. ``mode``: "sandbox" or "production". ``profile``: "us" or "eu".
    ``zone``: the site's time zone, in which days and times are printed. ``suggestions``: which ones the EHR shows,
    "full", "create-only" or "none".
    """

    hook_instance: str
    mode: str = "sandbox"
    profile: str = "us"
    zone: tzinfo = UTC
    suggestions: str = "full"


class Occasion:
    """One answer in the making; not to be changed.

    ``picture``, ``limits``: what was judged, against what. ``now``: the time the data were judged at, "data as of".
    ``zone``: of the site; ``today``: the calendar day there. ``now_words``: "22 Nov 2026 08:14 UTC"; ``now_iso``:
    "2026-11-22T08:14:00Z", a FHIR dateTime. ``age``: completed years, None without a birth date.
    ``on_order``: the call is about orders, not about a chart that was opened.
    """

    def __init__(self, assessment: Assessment, library: Library, context: CardContext) -> None:
        self.assessment = assessment
        self.library = library
        self.context = context
        self.picture: Picture = assessment.picture
        self.now: datetime = assessment.picture.now
        self.limits: Thresholds = assessment.picture.limits
        self.zone = context.zone
        self.on_order = assessment.hook != "patient-view"
        here = self.now.astimezone(self.zone)
        self.today: date = here.date()
        self.now_words = f"{instant(here, self.zone)} {here.tzname()}"
        self.now_iso = f"{self.now.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()}Z"
        self.age: int | None = age_in_years(self.picture.record.birth_date, self.now)

    @cached_property
    def latest_words(self) -> str:
        """The latest usable count in full, on which several cards of an answer may rest; "" without one."""
        latest = self.picture.latest
        return count_in_full(latest, self.limits, self.zone, self.now) if latest is not None else ""

    @cached_property
    def results_by_source(self) -> Mapping[str, list[Result]]:
        """The results each resource gave: one, or those of its components."""
        found: defaultdict[str, list[Result]] = defaultdict(list)
        for result in self.picture.record.results:
            found[result.source].append(result)
        return found

    @property
    def is_child(self) -> bool | None:
        """None where no birth date is on file."""
        return None if self.age is None else self.age < _ADULT_FROM

    @cached_property
    def mas_recorded(self) -> bool:
        """Macrophage activation syndrome or HLH is coded and active (ICD-10-CM D76.1, D76.2)."""
        return bool(self.picture.conditions("hlh", active_only=True))

    @cached_property
    def mas_in_question(self) -> bool:
        """Macrophage activation syndrome is recorded, or a finding of this answer is about it, said or not."""
        findings = (*self.assessment.findings, *self.assessment.unsaid)
        return self.mas_recorded or any(finding.row in _MAS_ROWS for finding in findings)
