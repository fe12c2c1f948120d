"""Where a sentence comes from: ``cards/sources.toml``, one table per source id."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from cds_service.advice.toml_file import TomlFile, read_toml
from cds_service.advice.words import find_fault

SOURCES_FILE = "sources.toml"
_ID = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z]+)?")


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One source. ``level`` says what kind of text it is, ``population`` whom it is about; every citation has both.

    ``brief`` is the level in few words, for cards that quote the source beside others; "" where the level is short.
    ``dated``: when it was published, or which edition. ``to_check`` is who has to check it, next by ``review_by``.
    """

    id: str
    citation: str
    short: str
    level: str
    population: str
    url: str
    verified: bool
    dated: str
    to_check: str
    review_by: date
    brief: str = ""

    @property
    def label(self) -> str:
        """How a card names it inline: "Perrin 2014 (2 adult case reports; Schnitzler syndrome, AOSD)"."""
        return self._label(self.level)

    @property
    def brief_label(self) -> str:
        """The same with the level in few words: "AI-written web answer (pending human review; sJIA)"."""
        return self._label(self.brief or self.level)

    def _label(self, level: str) -> str:
        about = "; ".join(words for words in (level, self.population) if words)
        return f"{self.short} ({about})" if about else self.short


def load_sources(folder: Path) -> Mapping[str, Source]:
    """All sources by id. Raises ContentError for a bad entry, naming file and id."""
    file = read_toml(folder / SOURCES_FILE, folder)
    return {source_id: _source(file, source_id, table) for source_id, table in file.tables.items()}


def _source(file: TomlFile, source_id: str, table: object) -> Source:
    if not _ID.fullmatch(source_id) or not isinstance(table, dict):
        raise file.error(f'"{source_id}" is no source id; write a table such as [S1] or [KIN-US]', near=source_id)
    source = file.convert(Source, {"id": source_id, **table}, at=source_id)
    for entry in ("citation", "short", "dated", "to_check"):
        if not getattr(source, entry).strip():
            raise file.error(f"[{source_id}] {entry} is empty; say what the source is", near=f"[{source_id}]")
    if fault := find_fault(f"{source.label} {source.brief}"):
        raise file.error(f"[{source_id}] {fault.what}", near=fault.words)
    _check_url(file, source)
    return source


def _check_url(file: TomlFile, source: Source) -> None:
    """An address is https and carries no user, query of a search, or blank; "" where there is none (a local choice)."""
    if not source.url:
        return
    parts = urlsplit(source.url)
    if parts.scheme != "https" or not parts.hostname or parts.username or re.search(r"[\s<>\"']", source.url):
        raise file.error(f'[{source.id}] url is not a plain https address; write "https://..."', near=source.url)
