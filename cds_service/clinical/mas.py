"""Whether results fit the 2016 classification pattern of macrophage activation syndrome (source MAS16).

The criteria were made for systemic JIA and classify, they do not diagnose: a card states that population.
"""

from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from cds_service.clinical.labs import Labs, above
from cds_service.clinical.record import Completeness, Result
from cds_service.clinical.thresholds import Thresholds

ORDERABLE = ("ferritin", "triglycerides", "fibrinogen", "ast")
"""The MAS labs a card can suggest; platelets come with every blood count."""


class Mas(StrEnum):
    """Which of the two patterns is met."""

    NONE = "none"
    M1B = "M1b"
    M1 = "M1"


class MasPattern(NamedTuple):
    """``fits`` is None where the results on file cannot tell, with the reason."""

    fits: bool | None
    ferritin: Result | None = None
    met: tuple[Result, ...] = ()
    missing: tuple[str, ...] = ()
    reason: str = ""

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(each.source for each in (self.ferritin, *self.met) if each is not None)

    def grade(self, *, stills: bool, fever: bool) -> Mas:
        """M1 needs the diagnosis and the fever recorded; M1b is the same results without one of them."""
        if not self.fits:
            return Mas.NONE
        return Mas.M1 if stills and fever else Mas.M1B


def mas_pattern(labs: Labs, completeness: Completeness, limits: Thresholds) -> MasPattern:
    """Ferritin above 684 ug/L and two of four other criteria, each the latest result within 7 days."""
    found = {name: labs.latest(name, limits.mas_labs_within) for name in (*ORDERABLE, "platelets")}
    missing = tuple(name for name in ORDERABLE if found[name] is None)
    ferritin = found["ferritin"]
    high = ferritin is not None and above(ferritin, limits.mas_ferritin_above)
    answers = {name: _criterion(name, result, limits) for name, result in found.items() if name != "ferritin"}
    met = tuple(result for name, result in found.items() if result is not None and answers.get(name))
    possible = sum(answer is not False for answer in answers.values())
    if high and len(met) >= limits.mas_criteria_needed:
        return MasPattern(True, ferritin, met, missing)
    if not completeness.complete:
        return MasPattern(None, ferritin, met, missing, f"laboratory results incomplete: {completeness.reason}")
    if high is False and ferritin is not None:
        return MasPattern(False, ferritin, met, missing, "ferritin not above the criterion")
    if possible < limits.mas_criteria_needed:
        return MasPattern(False, ferritin, met, missing, "fewer than two of the other criteria can be met")
    return MasPattern(None, ferritin, met, missing, "no usable result within 7 days: " + ", ".join(_unknown(found)))


def _criterion(name: str, result: Result | None, limits: Thresholds) -> bool | None:
    if result is None:
        return None
    at_most: dict[str, Decimal] = {
        "platelets": limits.mas_platelets_at_most,
        "fibrinogen": limits.mas_fibrinogen_at_most,
    }
    if name in at_most:
        higher = above(result, at_most[name])
        return None if higher is None else not higher
    more_than = {"ast": limits.mas_ast_above, "triglycerides": limits.mas_triglycerides_above}
    return above(result, more_than[name])


def _unknown(found: dict[str, Result | None]) -> list[str]:
    return [name for name, result in found.items() if result is None] or ["a limit value leaves it open"]
