"""Other drugs around a low run: section 9, G-CSF before a recovery and drugs that can lower neutrophils."""

from datetime import datetime

from cds_service.clinical.record import Record, When

from .pieces import Interval, piece_of
from .times import at_most_days_later, later

GCSF = ("filgrastim", "pegfilgrastim", "sargramostim")
CAN_LOWER_NEUTROPHILS = ("methotrexate", "clozapine", "tocilizumab", "sarilumab", "canakinumab")
"""Of the drugs the made-up patients take: the listed confounders, and the other biologics by their labels."""


def gcsf_before(record: Record, recovered: When, now: datetime) -> bool:
    """Whether G-CSF was given in the 14 days before the recovery, or perhaps on its day."""
    for piece in _pieces(record, GCSF, now):
        begun_later = piece.start is not None and later(piece.start, recovered)
        long_over = piece.end is not None and not at_most_days_later(recovered, piece.end, 14)
        if not begun_later and not long_over:
            return True
    return False


def taken_before(record: Record, drug: str, onset: When, over: When, now: datetime) -> bool:
    """Whether a drug was begun before the run was over, and taken at most 30 days before it began."""
    for piece in _pieces(record, (drug,), now):
        begun = piece.start is None or later(over, piece.start)
        long_over = piece.end is not None and not at_most_days_later(onset, piece.end, 30)
        if begun and not long_over:
            return True
    return False


def _pieces(record: Record, drugs: tuple[str, ...], now: datetime) -> list[Interval]:
    found = []
    for medication in record.medications:
        piece = piece_of(medication, now)
        if medication.drug.name in drugs and piece is not None:
            found.append(piece)
    return found
