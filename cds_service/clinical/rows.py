"""The base rows as data. In each block the first row that matches wins, and the last one matches everything.

Row ids, order and conditions are those of the clinical specification 0.3, section 4. Summaries and indicators stand
in ``cards/``, by row id and variant.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from cds_service.clinical.episodes import Past
from cds_service.clinical.exposure import Use
from cds_service.clinical.mas import Mas
from cds_service.clinical.neutrophils import BELOW_1, LOW, NORMAL, Anc, Trend
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
    when: Callable[[State], bool]
    rests: Rests = Rests.COUNT
    variant: str = ""


Block = tuple[Row, ...]


def choose(block: Block, state: State) -> Row:
    """The first row that matches."""
    return next(row for row in block if row.when(state))


def _urgent(s: State) -> bool:
    return s.fever and (s.anc is Anc.BELOW_0_5 or (s.anc is Anc.FROM_0_5 and s.trend in (Trend.FALL, Trend.UNKNOWN)))


def _low(s: State) -> bool:
    return s.anc in LOW


def _normal(s: State) -> bool:
    return s.anc in NORMAL


def _held(s: State) -> bool:
    return s.anakinra is Use.HELD


def _unrechecked(s: State) -> bool:
    return _held(s) and not s.count_since_hold


def _once_low(s: State) -> bool:
    return s.history in (Past.PRIOR, Past.FAILED)


def _no_current_count(s: State) -> bool:
    return s.anc in (Anc.NONE, Anc.STALE)


def _needs_count(s: State) -> bool:
    return _no_current_count(s) or _unrechecked(s)


def _always(_: State) -> bool:
    return True


def _unreadable(s: State) -> bool:
    return s.anc is Anc.UNINTERPRETABLE


_SILENCE, _ABSENCE, _UNREADABLE = Rests.SILENCE, Rests.ABSENCE, Rests.UNREADABLE

# fmt: off
ANAKINRA_VIEW: Block = (
    Row("PV11", "neutropenic-fever", _urgent),
    Row("PV12", "neutropenic-fever", lambda s: s.fever and _low(s)),
    Row("PV1", "verify-anc", _unreadable, _UNREADABLE),
    Row("PV15a", "recovered-but-unwell", lambda s: (
        _held(s) and s.count_since_hold and _normal(s) and _once_low(s) and (s.fever or s.mas is not Mas.NONE))),
    Row("PT", "", lambda s: _held(s) and s.tocilizumab, Rests.ELSEWHERE),
    Row("PV4", "recheck-after-hold", lambda s: _unrechecked(s) and s.early_hold, _ABSENCE, "early"),
    Row("PV4", "recheck-after-hold", _unrechecked, _ABSENCE),
    Row("PV4", "recheck-after-hold", lambda s: _held(s) and s.anc is Anc.STALE, _ABSENCE, "stale"),
    Row("PV14", "not-recovering", lambda s: _held(s) and _low(s) and s.trend is Trend.UNKNOWN,
        variant="trend-unknown"),
    Row("PV14", "not-recovering", lambda s: (
        _held(s) and _low(s) and (s.anc is Anc.BELOW_0_5 or s.trend is not Trend.RISE))),
    Row("PV13", "recovering", lambda s: _held(s) and _low(s)),
    Row("PV16", "switch-after-failed-rechallenge", lambda s: (
        _held(s) and _normal(s) and s.history is Past.FAILED and not s.other_blocker)),
    Row("PV15", "rechallenge-or-switch", lambda s: (
        _held(s) and _normal(s) and s.history is Past.PRIOR and not s.other_blocker)),
    Row("PV17", "", _held, _SILENCE),
    Row("PV2", "baseline-anc", lambda s: s.anc is Anc.NONE, _ABSENCE),
    Row("PV3", "anc-overdue", lambda s: s.anc is Anc.STALE, _ABSENCE),
    Row("PV10", "hold-anakinra", lambda s: s.anc is Anc.BELOW_0_5),
    Row("PV9", "hold-anakinra", lambda s: s.anc is Anc.FROM_0_5),
    Row("PV8", "review-anakinra", _low),
    Row("PV6", "anc-falling", lambda s: s.steep_fall),
    Row("PV7", "watch-after-restart", lambda s: _once_low(s) and s.restarted),
    Row("PV5", "", _always, _SILENCE),
)

TOCILIZUMAB_VIEW: Block = (
    Row("PT4", "neutropenic-fever", _urgent, variant="urgent"),
    Row("PT4", "neutropenic-fever", lambda s: s.fever and _low(s)),
    Row("PT5", "verify-anc", _unreadable, _UNREADABLE),
    Row("PT1", "tocilizumab-below-threshold", lambda s: s.anc is Anc.BELOW_0_5),
    Row("PT2", "hold-tocilizumab", lambda s: s.anc in (Anc.FROM_0_5, Anc.EXACTLY_1)),
    Row("PT3", "tocilizumab-labs-due", _no_current_count, _ABSENCE),
    Row("PT0", "", _always, _SILENCE),
)

NEITHER_VIEW: Block = (Row("PV0", "", _always, _SILENCE),)

ANAKINRA_ORDER: Block = (
    Row("OA1", "verify-anc", _unreadable, _UNREADABLE),
    Row("OA3m", "anakinra-in-mas", lambda s: _low(s) and (s.mas is not Mas.NONE or s.hlh)),
    Row("OA3", "do-not-start-anakinra", lambda s: s.anc in BELOW_1 and s.fever, variant="fever"),
    Row("OA3", "do-not-start-anakinra", lambda s: s.anc is Anc.BELOW_0_5),
    Row("OA4", "do-not-start-anakinra", _low),
    Row("OA2", "anakinra-needs-anc", _needs_count, _ABSENCE),
    Row("OA5", "rechallenge-after-failure", lambda s: s.history is Past.FAILED),
    Row("OA6", "rechallenge-after-recovery", lambda s: s.history is Past.PRIOR),
    Row("OA7", "", _always, _SILENCE),
)

TOCILIZUMAB_ORDER: Block = (
    Row("OT1", "verify-anc", _unreadable, _UNREADABLE),
    Row("OT3", "tocilizumab-below-threshold", lambda s: s.anc is Anc.BELOW_0_5),
    Row("OT4", "tocilizumab-below-threshold", lambda s: (
        not s.tocilizumab and (_low(s) or s.anc is Anc.FROM_1_5))),
    Row("OT5", "hold-tocilizumab", lambda s: s.anc in (Anc.FROM_0_5, Anc.EXACTLY_1)),
    Row("OT2", "tocilizumab-needs-labs", lambda s: (
        _needs_count(s) or (not s.tocilizumab and not s.start_labs)), _ABSENCE),
    Row("OT6", "", _always, _SILENCE),
)

CONFOUNDER_ORDER: Block = (
    Row("OU0", "", lambda s: s.anakinra is Use.OFF or s.already_active or s.mas is not Mas.NONE, _SILENCE),
    Row("OU1b", "myelotoxic-order", lambda s: s.mild and s.anc in BELOW_1),
    Row("OU1", "myelotoxic-order", lambda s: not s.mild and _low(s)),
    Row("OU2", "verify-anc", _unreadable, _UNREADABLE),
    Row("OU0", "", _always, _SILENCE),
)

OTHER_ORDER: Block = (Row("OU0", "", _always, _SILENCE),)
# fmt: on

BLOCKS: tuple[Block, ...] = (
    ANAKINRA_VIEW,
    TOCILIZUMAB_VIEW,
    NEITHER_VIEW,
    ANAKINRA_ORDER,
    TOCILIZUMAB_ORDER,
    CONFOUNDER_ORDER,
    OTHER_ORDER,
)


def rests_on_low_count(row: Row, state: State) -> bool:
    return row.rests is Rests.COUNT and _low(state)


def rests_on_normal_count(row: Row, state: State) -> bool:
    """The row, or its silence, rests on a count of 1.5 or more."""
    return row.rests in (Rests.COUNT, Rests.SILENCE) and _normal(state)
