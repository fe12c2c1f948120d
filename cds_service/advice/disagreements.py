"""Where sources disagree: ``cards/disagreements.toml``, an entry for each question, quoted by cards under its id."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import msgspec

from cds_service.advice.sources import Source
from cds_service.advice.toml_file import TomlFile, read_toml
from cds_service.advice.words import find_fault

DISAGREEMENTS_FILE = "disagreements.toml"
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class Disagreement(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One question (``about``) on which ``sources`` differ, and the sentence a card shows.

    ``quotes`` is the source whose words the sentence repeats beside those of a card's evidence, or "". ``shown`` says
    how cards show it where none quotes the sentence. ``to_check`` is who has to check it.
    """

    id: str
    about: str
    sources: tuple[str, ...]
    text: str
    verified: bool
    to_check: str
    review_by: date
    quotes: str = ""
    shown: str = ""


def load_disagreements(folder: Path, sources: Mapping[str, Source]) -> Mapping[str, Disagreement]:
    """All entries by id. Raises ContentError for a bad one, naming file, line and fix."""
    file = read_toml(folder / DISAGREEMENTS_FILE, folder)
    return {name: _entry(file, name, table, sources) for name, table in file.tables.items()}


def _entry(file: TomlFile, name: str, table: object, sources: Mapping[str, Source]) -> Disagreement:
    near = f"[{name}]"
    if not _ID.fullmatch(name) or not isinstance(table, dict):
        raise file.error(f'"{name}" is no id; write a table such as [rechallenge-dose]', near=name)
    entry = file.convert(Disagreement, {"id": name, **table}, at=name)
    for field in ("about", "text", "to_check"):
        if not getattr(entry, field).strip():
            raise file.error(f"[{name}] {field} is empty; write it", near=near)
    if not entry.sources:
        raise file.error(f"[{name}] sources is empty; name who disagrees", near=near)
    for source in (*entry.sources, *((entry.quotes,) if entry.quotes else ())):
        if source not in sources:
            raise file.error(f'[{name}] source "{source}" is not in sources.toml; add it there', near=near)
    if fault := find_fault(entry.text):
        raise file.error(f"[{name}] {fault.what}", near=fault.words)
    if re.search(r"[{}]", entry.text):
        raise file.error(f"[{name}] a disagreement takes no placeholders; remove the braces", near=entry.text)
    return entry
