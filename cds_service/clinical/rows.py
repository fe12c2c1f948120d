"""The base rows as data. In each block the first row that matches wins, and the last one matches everything.

Row ids, order and conditions are those of the clinical specification 0.3, section 4. Summaries and indicators stand
in ``cards/``, by row id and variant.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from cds_service.clinical.criteria import (
    ALREADY_ACTIVE,
    ANYTHING_ELSE,
    BELOW_1,
    BELOW_HALF,
    COUNTED_SINCE,
    EARLY_HOLD,
    FAILED,
    FEVER,
    FROM_1_5_TO_2,
    HALF_TO_1,
    HALF_TO_1_INCLUDED,
    HELD,
    HLH,
    LOW,
    MAS,
    MILD,
    NEEDS_COUNT,
    NO_COUNT,
    NO_CURRENT_COUNT,
    NORMAL,
    NOT_IN_USE,
    NOT_RECHECKED,
    ON,
    ONCE_LOW,
    OTHER_BLOCKER,
    PRIOR,
    RESTARTED,
    RISING,
    STALE,
    START_LABS,
    STEEP_FALL,
    TOCILIZUMAB,
    TREND_UNKNOWN,
    UNREADABLE,
    URGENT,
    Criterion,
)
from cds_service.clinical.state import State


class Rests(StrEnum):
    """What a row rests on: decides whether incomplete data can overturn it."""

    COUNT = "the count"
    ABSENCE = "the absence of a count"
    UNREADABLE = "a result that cannot be read"
    SILENCE = "nothing to say"
    ELSEWHERE = "another block decides"


class Row(NamedTuple):
    """``code`` is the advice (card) it leads to; "" for a row without a card."""

    id: str
    code: str
    when: Criterion
    rests: Rests = Rests.COUNT
    variant: str = ""


Block = tuple[Row, ...]


def choose(block: Block, state: State) -> Row:
    """The first row that matches."""
    return next(row for row in block if row.when(state))


_SILENCE, _ABSENCE, _UNREADABLE = Rests.SILENCE, Rests.ABSENCE, Rests.UNREADABLE

ANAKINRA_VIEW: Block = (
    Row("PV11", "neutropenic-fever", URGENT),
    Row("PV12", "neutropenic-fever", FEVER & LOW),
    Row("PV1", "verify-anc", UNREADABLE, _UNREADABLE),
    Row("PV15a", "recovered-but-unwell", HELD & COUNTED_SINCE & NORMAL & ONCE_LOW & (FEVER | MAS)),
    Row("PT", "", HELD & TOCILIZUMAB, Rests.ELSEWHERE),
    Row("PV4", "recheck-after-hold", NOT_RECHECKED & EARLY_HOLD, _ABSENCE, "early"),
    Row("PV4", "recheck-after-hold", NOT_RECHECKED, _ABSENCE),
    Row("PV4", "recheck-after-hold", HELD & STALE, _ABSENCE, "stale"),
    Row("PV14", "not-recovering", HELD & LOW & TREND_UNKNOWN, variant="trend-unknown"),
    Row("PV14", "not-recovering", HELD & (BELOW_HALF | (LOW & ~RISING))),
    Row("PV13", "recovering", HELD & LOW),
    Row("PV16", "switch-after-failed-rechallenge", HELD & NORMAL & FAILED & ~OTHER_BLOCKER),
    Row("PV15", "rechallenge-or-switch", HELD & NORMAL & PRIOR & ~OTHER_BLOCKER),
    Row("PV17", "", HELD, _SILENCE),
    Row("PV2", "baseline-anc", ON & NO_COUNT, _ABSENCE),
    Row("PV3", "anc-overdue", ON & STALE, _ABSENCE),
    Row("PV10", "hold-anakinra", ON & BELOW_HALF),
    Row("PV9", "hold-anakinra", ON & HALF_TO_1),
    Row("PV8", "review-anakinra", ON & LOW),
    Row("PV6", "anc-falling", ON & STEEP_FALL),
    Row("PV7", "watch-after-restart", ON & ONCE_LOW & RESTARTED),
    Row("PV5", "", ANYTHING_ELSE, _SILENCE),
)

TOCILIZUMAB_VIEW: Block = (
    Row("PT4", "neutropenic-fever", URGENT, variant="urgent"),
    Row("PT4", "neutropenic-fever", FEVER & LOW),
    Row("PT5", "verify-anc", UNREADABLE, _UNREADABLE),
    Row("PT1", "tocilizumab-below-threshold", BELOW_HALF),
    Row("PT2", "hold-tocilizumab", HALF_TO_1_INCLUDED),
    Row("PT3", "tocilizumab-labs-due", NO_CURRENT_COUNT, _ABSENCE),
    Row("PT0", "", ANYTHING_ELSE, _SILENCE),
)

NEITHER_VIEW: Block = (Row("PV0", "", ANYTHING_ELSE, _SILENCE),)

ANAKINRA_ORDER: Block = (
    Row("OA1", "verify-anc", UNREADABLE, _UNREADABLE),
    Row("OA3m", "anakinra-in-mas", LOW & (MAS | HLH)),
    Row("OA3", "do-not-start-anakinra", FEVER & BELOW_1, variant="fever"),
    Row("OA3", "do-not-start-anakinra", BELOW_HALF),
    Row("OA4", "do-not-start-anakinra", LOW),
    Row("OA2", "anakinra-needs-anc", NEEDS_COUNT, _ABSENCE),
    Row("OA5", "rechallenge-after-failure", FAILED),
    Row("OA6", "rechallenge-after-recovery", PRIOR),
    Row("OA7", "", ANYTHING_ELSE, _SILENCE),
)

TOCILIZUMAB_ORDER: Block = (
    Row("OT1", "verify-anc", UNREADABLE, _UNREADABLE),
    Row("OT3", "tocilizumab-below-threshold", BELOW_HALF),
    Row("OT4", "tocilizumab-below-threshold", ~TOCILIZUMAB & (LOW | FROM_1_5_TO_2)),
    Row("OT5", "hold-tocilizumab", HALF_TO_1_INCLUDED),
    Row("OT2", "tocilizumab-needs-labs", NEEDS_COUNT | (~TOCILIZUMAB & ~START_LABS), _ABSENCE),
    Row("OT6", "", ANYTHING_ELSE, _SILENCE),
)

CONFOUNDER_ORDER: Block = (
    Row("OU0", "", NOT_IN_USE | ALREADY_ACTIVE | MAS, _SILENCE),
    Row("OU1b", "myelotoxic-order", MILD & BELOW_1),
    Row("OU1", "myelotoxic-order", ~MILD & LOW),
    Row("OU2", "verify-anc", UNREADABLE, _UNREADABLE),
    Row("OU0", "", ANYTHING_ELSE, _SILENCE),
)

OTHER_ORDER: Block = (Row("OU0", "", ANYTHING_ELSE, _SILENCE),)

BLOCKS: Mapping[str, Block] = MappingProxyType(
    {
        "Patient-view: anakinra on or held": ANAKINRA_VIEW,
        "Patient-view: anakinra not on, tocilizumab existing": TOCILIZUMAB_VIEW,
        "Patient-view: neither": NEITHER_VIEW,
        "Order hooks: anakinra drafted, off or held": ANAKINRA_ORDER,
        "Order hooks: tocilizumab drafted": TOCILIZUMAB_ORDER,
        "Order hooks: a drug that can lower neutrophils drafted": CONFOUNDER_ORDER,
        "Order hooks: any other drug drafted": OTHER_ORDER,
    }
)
"""Every block by the question it answers. While anakinra is on, an order of it is a continuation: the chart's rows."""


def rests_on_low_count(row: Row, state: State) -> bool:
    return row.rests is Rests.COUNT and LOW(state)


def rests_on_normal_count(row: Row, state: State) -> bool:
    """The row, or its silence, rests on a count of 1.5 or more."""
    return row.rests in (Rests.COUNT, Rests.SILENCE) and NORMAL(state)
