"""A card file as written: its tables, typed. ``card_checks`` judges them, ``card_file`` makes the card of them.

An entry that is not listed here is an error, not a comment: a misspelt ``varient`` must not pass unseen.
"""

from datetime import date
from typing import Literal

import msgspec

Indicator = Literal["info", "warning", "critical"]


class RowTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[[row]]`` as written; ``why`` and ``offer`` replace the card's own in this row ("" offers nothing)."""

    id: str
    variant: str = ""
    indicator: Indicator
    summary: str
    why: str | None = None
    offer: str | None = None


class EvidenceTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[[evidence]]`` as written; ``main`` where the card rests on this source, which is then named in full."""

    source: str
    says: str
    verified: bool
    main: bool = False


class DisagreementTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[[disagreement]]`` as written: only the id of an entry of ``disagreements.toml``."""

    id: str


class LinkTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[[link]]`` as written: only a source id, so that no address hides in a card."""

    source: str


class CardTables(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A whole card file as written."""

    code: str
    display: str
    version: str
    released: date
    review_by: date
    authored_by: str
    checked_by: str
    why: str
    table: bool
    offer: str
    row: list[RowTable]
    evidence: list[EvidenceTable] = []
    disagreement: list[DisagreementTable] = []
    link: list[LinkTable] = []
