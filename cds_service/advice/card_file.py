"""One card: what an advice says, in which rows, from which sources. Built once at start-up from its file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cds_service.advice.card_checks import check_card, compile_text
from cds_service.advice.card_tables import CardTables, Indicator, RowTable
from cds_service.advice.disagreements import Disagreement
from cds_service.advice.sources import Source
from cds_service.advice.template import Template
from cds_service.advice.toml_file import TomlFile


@dataclass(frozen=True, slots=True)
class Row:
    """One rule row (and variant) that may emit the card. ``why`` and ``offer`` are the row's own, else the card's."""

    id: str
    variant: str
    indicator: Indicator
    summary: Template
    why: Template
    offer: Template


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one source says; ``verified`` is False where it was not yet checked at the source.

    ``main``: the card rests on this source, and names it in full.
    """

    source: Source
    says: str
    verified: bool
    main: bool


@dataclass(frozen=True, slots=True)
class Card:
    """The words of one advice. ``checked_by`` is "" until a clinician has approved it ("unreviewed content").

    ``table``: show the table of counts. ``offer`` and ``why`` are per row (``Row``). ``links`` go to the card's links.
    """

    code: str
    display: str
    version: str
    released: date
    review_by: date
    authored_by: str
    checked_by: str
    table: bool
    rows: tuple[Row, ...]
    evidence: tuple[Evidence, ...]
    disagreements: tuple[Disagreement, ...]
    links: tuple[Source, ...]
    quoted_beside: tuple[Source, ...]
    """Sources that a disagreement quotes and the evidence does not name."""

    @property
    def quoted(self) -> tuple[Source, ...]:
        """The sources whose words are on the card, be it as evidence or in a disagreement."""
        return (*(each.source for each in self.evidence), *self.quoted_beside)


def build_card(file: TomlFile, sources: Mapping[str, Source], disagreements: Mapping[str, Disagreement]) -> Card:
    """The card of one file. Raises ContentError naming the file, the line where it can, and the fix."""
    tables = file.convert(CardTables)
    check_card(file, tables, sources, disagreements)
    differing = tuple(disagreements[each.id] for each in tables.disagreement)
    return Card(
        code=tables.code,
        display=tables.display,
        version=tables.version,
        released=tables.released,
        review_by=tables.review_by,
        authored_by=tables.authored_by,
        checked_by=tables.checked_by,
        table=tables.table,
        rows=tuple(_row(file, tables, row) for row in tables.row),
        evidence=tuple(Evidence(sources[e.source], e.says, e.verified, e.main) for e in tables.evidence),
        disagreements=differing,
        links=tuple(sources[link.source] for link in tables.link),
        quoted_beside=tuple(sources[each.quotes] for each in differing if each.quotes),
    )


def _row(file: TomlFile, tables: CardTables, row: RowTable) -> Row:
    return Row(
        id=row.id,
        variant=row.variant,
        indicator=row.indicator,
        summary=compile_text(file, row.summary),
        why=compile_text(file, tables.why if row.why is None else row.why),
        offer=compile_text(file, tables.offer if row.offer is None else row.offer),
    )
