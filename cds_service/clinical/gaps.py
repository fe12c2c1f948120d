"""What could not be had, and when that forbids an answer: row NA.

Silence, the absence of a count and a count of 1.5 or more are only as good as the data behind them. A low count is
low even if a newer page is missing. Source: clinical specification 0.3, section 7.
"""

from typing import NamedTuple

from cds_service.clinical.exposure import Use
from cds_service.clinical.mas import Mas
from cds_service.clinical.picture import Picture
from cds_service.clinical.record import Completeness, Extent
from cds_service.clinical.rows import (
    ANAKINRA_ORDER,
    ANAKINRA_VIEW,
    CONFOUNDER_ORDER,
    NEITHER_VIEW,
    TOCILIZUMAB_ORDER,
    TOCILIZUMAB_VIEW,
    Block,
    Rests,
    Row,
    rests_on_low_count,
)
from cds_service.clinical.state import State

NEEDS_HISTORY = frozenset({"PV5", "PV7", "PV15", "PV17", "OA6", "OA7"})
FOREIGN_DATA = "another patient's data among the chart's"
_WORDS = {"neutrophils": "neutrophil counts", "medications": "medication requests"}


class Gaps(NamedTuple):
    """How complete the two required keys are, and what else spoils an all-clear."""

    counts: Completeness = Completeness()
    medications: Completeness = Completeness()
    foreign: int = 0
    end_hangs_on_counts: bool = False
    unidentified: str = ""

    @property
    def nothing(self) -> bool:
        return self.counts.complete and self.medications.complete and not self.foreign and not self.unidentified


def gaps_of(picture: Picture) -> Gaps:
    """The gaps of one picture; only counts that are missing leave a recent stop undecided."""
    record = picture.record
    return Gaps(
        counts=record.completeness_of("neutrophils"),
        medications=record.completeness_of("medications"),
        foreign=record.foreign,
        end_hangs_on_counts=picture.anakinra.hangs_on_counts and not picture.counts_complete,
        unidentified=next((draft.unidentified for draft in record.drafts if draft.unidentified), ""),
    )


def why_not_assessed(block: Block, row: Row, state: State, gaps: Gaps) -> str:
    """Why this row must give way to NA, in plain words; "" where it may stand."""
    if gaps.nothing or row.rests in (Rests.UNREADABLE, Rests.ELSEWHERE) or rests_on_low_count(row, state):
        return ""
    if not gaps.counts.complete and _rests_on_counts(block, state, gaps):
        return reason_of("neutrophils", gaps.counts)
    if not gaps.medications.complete and _rests_on_medications(block, row, state, gaps):
        return reason_of("medications", gaps.medications)
    if row.rests is Rests.SILENCE and gaps.foreign:
        return FOREIGN_DATA
    return ""


def _rests_on_counts(block: Block, state: State, gaps: Gaps) -> bool:
    if block in (ANAKINRA_VIEW, TOCILIZUMAB_VIEW, ANAKINRA_ORDER, TOCILIZUMAB_ORDER):
        return True
    if block is CONFOUNDER_ORDER:
        if state.already_active or state.mas is not Mas.NONE:
            return False
        return state.anakinra is not Use.OFF or gaps.end_hangs_on_counts
    return block is NEITHER_VIEW and gaps.end_hangs_on_counts


def _rests_on_medications(block: Block, row: Row, state: State, gaps: Gaps) -> bool:
    if row.id in NEEDS_HISTORY:
        return True
    if block in (ANAKINRA_ORDER, TOCILIZUMAB_ORDER):
        return gaps.medications.extent is Extent.UNAVAILABLE or row.rests is Rests.SILENCE
    if block is CONFOUNDER_ORDER:
        return state.anakinra is Use.OFF and not state.already_active and state.mas is Mas.NONE
    return block is NEITHER_VIEW or (block is TOCILIZUMAB_VIEW and row.id in ("PT0", "PT3"))


def reason_of(key: str, completeness: Completeness) -> str:
    """Why a key is not complete, as a clinician would say it."""
    if completeness.foreign:
        return f"another patient's data among the {_WORDS[key]}"
    how = "not available" if completeness.extent is Extent.UNAVAILABLE else "incomplete"
    return f"{_WORDS[key]} {how} ({completeness.reason})" if completeness.reason else f"{_WORDS[key]} {how}"
