"""What a base row is chosen from: a few answers of a few values each, so that all states can be enumerated."""

from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

from cds_service.clinical.episodes import Past
from cds_service.clinical.exposure import Use
from cds_service.clinical.mas import Mas
from cds_service.clinical.neutrophils import Anc, Trend, bin_of
from cds_service.clinical.picture import ANAKINRA, Picture
from cds_service.codes.drugs import in_group

IL1_IL6_BLOCKERS = ("tocilizumab", "sarilumab", "canakinumab", "rilonacept")


class Basis(StrEnum):
    """What the question is about; it decides when a count is too old to speak of today."""

    ON = "on anakinra"
    HELD = "anakinra held"
    START = "a start or a restart"
    TOCILIZUMAB = "on tocilizumab"


class State(NamedTuple):
    """One point of the grid. ``mild`` is a drafted confounder that only rarely lowers neutrophils (row OU1b)."""

    anc: Anc
    trend: Trend = Trend.UNKNOWN
    steep_fall: bool = False
    anakinra: Use = Use.OFF
    count_since_hold: bool = False
    early_hold: bool = False
    history: Past = Past.NONE
    restarted: bool = False
    fever: bool = False
    mas: Mas = Mas.NONE
    hlh: bool = False
    tocilizumab: bool = False
    other_blocker: bool = False
    start_labs: bool = False
    already_active: bool = False
    mild: bool = False


def view_basis(picture: Picture) -> Basis:
    """The basis of what is said about anakinra itself, or else about tocilizumab."""
    if picture.anakinra.use is Use.OFF:
        return Basis.TOCILIZUMAB
    return Basis.ON if picture.anakinra.use is Use.ON else Basis.HELD


def state_of(picture: Picture, basis: Basis, drug: str = ANAKINRA, *, mild: bool = False) -> State:
    """The state for a question about ``drug``."""
    return State(
        anc=picture.anc(stale_after(picture, basis)),
        trend=picture.trend,
        steep_fall=picture.steep_fall,
        anakinra=picture.anakinra.use,
        count_since_hold=picture.count_since_hold,
        early_hold=_early_hold(picture),
        history=picture.history.past,
        restarted=_restarted(picture),
        fever=picture.fever.yes,
        mas=picture.mas,
        hlh=bool(picture.conditions("hlh", active_only=True)),
        tocilizumab=picture.tocilizumab_existing,
        other_blocker=any(name in picture.active for name in IL1_IL6_BLOCKERS),
        start_labs=not missing_start_labs(picture),
        already_active=drug in picture.active,
        mild=mild,
    )


def stale_after(picture: Picture, basis: Basis) -> timedelta:
    """The age at which a count of 1.5 or more no longer speaks of today."""
    limits = picture.limits
    if basis is Basis.TOCILIZUMAB:
        return limits.stale_tocilizumab
    if basis is not Basis.ON:
        return limits.stale_draft_or_held
    start = picture.anakinra.current.start if picture.anakinra.current else None
    taken = picture.latest
    if start is None or taken is None or taken.when.at - start.at <= limits.early_window:
        return limits.stale_early
    return limits.stale_late


def missing_start_labs(picture: Picture) -> tuple[str, ...]:
    """Which of the labs a tocilizumab start needs are not on file within 30 days: platelets, and ALT or AST."""
    span = picture.limits.tocilizumab_labs_current
    found = {name: picture.labs.latest(name, span) is not None for name in ("platelets", "alt", "ast")}
    missing = () if found["platelets"] else ("platelets",)
    return missing if found["alt"] or found["ast"] else (*missing, "ALT/AST")


def _early_hold(picture: Picture) -> bool:
    """In the first 48 hours of a hold, unless the last count was below 0.5: a recount is not overdue yet."""
    held = picture.anakinra.current if picture.anakinra.use is Use.HELD else None
    if held is None or held.end is None or picture.now - held.end.at > picture.limits.recheck_grace:
        return False
    last = picture.latest
    return last is None or bin_of(last, picture.limits) is not Anc.BELOW_0_5


def _restarted(picture: Picture) -> bool:
    """The current exposure began at most 90 days ago."""
    current = picture.anakinra.current
    start = current.start if current and picture.anakinra.use is Use.ON else None
    return start is not None and picture.now - start.at <= picture.limits.restart_watch


def is_mild(drug: str) -> bool:
    """A confounder that row OU1b names: a card below 1.0 only."""
    return drug in MILD_CONFOUNDERS and in_group(drug, "confounder")


MILD_CONFOUNDERS = frozenset(
    {
        "methotrexate",
        "colchicine",
        "valproate",
        "levetiracetam",
        "carbamazepine",
        "ciclosporin",
        "co-trimoxazole",
    }
)
"""Listed by the clinical specification (row OU1b); a choice of this project."""
