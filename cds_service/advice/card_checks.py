"""What makes a card file unfit for a clinician's eyes: checked at start-up, so that a bad file never serves a card."""

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Final

from cds_service.advice.card_tables import CardTables, RowTable
from cds_service.advice.placeholders import PLACEHOLDERS, PROMISED
from cds_service.advice.sources import Source
from cds_service.advice.template import Template, TemplateError, parse_template
from cds_service.advice.toml_file import TomlFile
from cds_service.advice.words import find_fault

# CDS Hooks 2.0: a one-sentence summary of under 140 characters; https://cds-hooks.hl7.org/2.0/#card-attributes
SUMMARY_LIMIT: Final = 140
_LONGEST: Final = {name: placeholder.longest for name, placeholder in PLACEHOLDERS.items()}
_VERSION = re.compile(r"\d+\.\d+\.\d+")
_VARIANT = re.compile(r"([a-z]+(-[a-z]+)*)?")


def check_card(file: TomlFile, card: CardTables, sources: Mapping[str, Source], disagreements: Collection[str]) -> None:
    """Refuse the file with the first thing wrong in it (ContentError)."""
    _check_head(file, card)
    for text in _texts(card):
        if fault := find_fault(text):
            raise file.error(fault.what, near=fault.words)
    for row in card.row:
        _check_row(file, card, row)
    _check_names(file, card, sources, disagreements)
    for evidence in card.evidence:
        if re.search(r"[{}]", evidence.says):
            raise file.error("evidence takes no placeholders; remove the braces", near=evidence.says)


def _check_names(
    file: TomlFile, card: CardTables, sources: Mapping[str, Source], disagreements: Collection[str]
) -> None:
    """Whatever a card names stands in the register of evidence."""
    for source in _named(card):
        if source not in sources:
            raise file.error(f'source "{source}" is not in sources.toml; add it there', near=f'"{source}"')
    for each in card.disagreement:
        if each.id not in disagreements:
            raise file.error(
                f'disagreement "{each.id}" is not in disagreements.toml; add it there', near=f'"{each.id}"'
            )
    for link in card.link:
        if not sources[link.source].url:
            raise file.error(
                f'[[link]] source "{link.source}" has no url; remove the link or add the url', near="[[link]]"
            )


def compile_text(file: TomlFile, text: str) -> Template:
    """A template of this file. Raises ContentError naming the line of the text that cannot be read."""
    try:
        return parse_template(text)
    except TemplateError as error:
        raise file.error(str(error), near=text) from None


def _check_head(file: TomlFile, card: CardTables) -> None:
    if card.code != PurePosixPath(file.name).stem:
        raise file.error(f'code "{card.code}" is not the file\'s name; rename the one or the other', near="code =")
    for entry in ("display", "authored_by", "why"):
        if not getattr(card, entry).strip():
            raise file.error(f"{entry} is empty; write it", near=f"{entry} =")
    if not _VERSION.fullmatch(card.version):
        raise file.error(f'version "{card.version}" is not of the form 1.2.3', near="version =")
    if card.review_by <= card.released:
        raise file.error("review_by is not after released; correct one of the dates", near="review_by =")
    if not card.row:
        raise file.error("no [[row]]; a card needs at least one row that may show it")


def _check_row(file: TomlFile, card: CardTables, row: RowTable) -> None:
    name = f"row {row.id}" + (f' "{row.variant}"' if row.variant else "")
    near = f'id = "{row.id}"'
    if row.id not in PROMISED:
        raise file.error(f"{name}: no rule has this row id; use one of {', '.join(PROMISED)}", near=near)
    if not _VARIANT.fullmatch(row.variant):
        raise file.error(f"{name}: a variant is lower-case words joined by hyphens", near=near)
    summary = compile_text(file, row.summary)
    length = len(summary.fill(_LONGEST))
    if not 0 < length < SUMMARY_LIMIT:
        what = f"summary has {length} characters with the longest values; keep it under {SUMMARY_LIMIT}"
        raise file.error(f"{name}: {what} and not empty", near=row.summary)
    for text in (summary, *_prose(file, card, row)):
        missing = sorted(text.required - PROMISED[row.id])
        if missing:
            what = f"{{{missing[0]}}} may be absent for this row; put its words in [square brackets]"
            raise file.error(f"{name}: {what}", near=f"{{{missing[0]}}}")


def _prose(file: TomlFile, card: CardTables, row: RowTable) -> Iterator[Template]:
    yield compile_text(file, card.why if row.why is None else row.why)
    yield compile_text(file, card.offer if row.offer is None else row.offer)


def _named(card: CardTables) -> Iterator[str]:
    yield from (evidence.source for evidence in card.evidence)
    yield from (link.source for link in card.link)


def _texts(card: CardTables) -> Iterator[str]:
    yield from (card.display, card.why, card.offer)
    for row in card.row:
        yield from (row.summary, row.why or "", row.offer or "")
    yield from (evidence.says for evidence in card.evidence)
