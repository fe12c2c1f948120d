"""A profile: the numbers the rules compare with, each with its unit, source and verified mark (``cards/profiles``)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Final, get_args, get_type_hints

import msgspec

from cds_service.advice.sources import load_sources
from cds_service.advice.toml_file import TomlFile, read_toml
from cds_service.clinical.thresholds import Thresholds
from cds_service.errors import ContentError

PROFILES_FOLDER: Final = "profiles"
_TIME_UNITS: Final = {"hours": timedelta(hours=1), "days": timedelta(days=1)}
_HINTS: Final = get_type_hints(Thresholds, include_extras=True)
# Pairs that must rise from the first to the second: a slip of the pen here would turn a bin inside out.
_RISING: Final = (
    ("anc_critical", "anc_very_low"),
    ("anc_very_low", "anc_low"),
    ("anc_low", "anc_recovered"),
    ("tocilizumab_stop", "tocilizumab_hold"),
    ("tocilizumab_hold", "tocilizumab_start"),
    ("fever_twice", "fever_once"),
    ("stale_early", "stale_late"),
    ("restart_count_from", "restart_count_until"),
    ("liver_start_above", "liver_hold_above"),
)


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One number of a profile as written. ``note`` says what it is for; "[LOCAL]" marks a choice of this project."""

    value: Decimal
    unit: str
    source: str
    verified: bool
    note: str


@dataclass(frozen=True, slots=True)
class Profile:
    """A named set of thresholds ("us", "eu") and the entries they came from, by the name of the threshold."""

    name: str
    thresholds: Thresholds
    entries: Mapping[str, Entry]


def load_profile(folder: Path, name: str) -> Profile:
    """The profile ``name`` of the cards folder.

    Raises ContentError for an unknown profile, and for a missing, unknown or ill-typed entry, naming file and entry.
    """
    known = sorted(path.stem for path in (folder / PROFILES_FOLDER).glob("*.toml"))
    if name not in known:
        raise ContentError(f'no profile "{name}" in {folder.name}/{PROFILES_FOLDER}; use one of: {", ".join(known)}')
    file = read_toml(folder / PROFILES_FOLDER / f"{name}.toml", folder)
    _check_names(file)
    entries = {entry: file.convert(Entry, file.tables[entry], at=entry) for entry in _HINTS}
    sources = load_sources(folder)
    for entry_name, entry in entries.items():
        if entry.source not in sources:
            what = f'[{entry_name}] source "{entry.source}" is not in sources.toml; add it there'
            raise file.error(what, near=f"[{entry_name}]")
    values = {entry_name: _value(file, entry_name, entry) for entry_name, entry in entries.items()}
    thresholds = Thresholds(**values)  # type: ignore[arg-type]  # each value was read by its own field's type
    _check_order(file, thresholds)
    return Profile(name, thresholds, MappingProxyType(entries))


def _check_names(file: TomlFile) -> None:
    for missing in sorted(_HINTS.keys() - file.tables.keys()):
        raise file.error(f"[{missing}] is missing; copy it from another profile")
    for unknown in sorted(file.tables.keys() - _HINTS.keys()):
        raise file.error(f"[{unknown}] is no threshold; remove it or correct the name", near=f"[{unknown}]")


def _value(file: TomlFile, name: str, entry: Entry) -> Decimal | timedelta | int:
    """The entry's value by the type and unit of its threshold."""
    kind, unit = get_args(_HINTS[name])
    near = f"[{name}]"
    if not entry.value.is_finite() or entry.value <= 0:
        raise file.error(f"[{name}] value is not a number above 0; correct it", near=near)
    if kind is timedelta:
        if entry.unit not in _TIME_UNITS or entry.value % 1:
            raise file.error(f'[{name}] is a span of time; write a whole number of "days" or "hours"', near=near)
        return int(entry.value) * _TIME_UNITS[entry.unit]
    if entry.unit != unit:
        raise file.error(f'[{name}] unit is "{entry.unit}"; write the value in "{unit}"', near=near)
    if kind is int:
        if entry.value % 1:
            raise file.error(f"[{name}] is counted; write a whole number", near=near)
        return int(entry.value)
    return entry.value


def _check_order(file: TomlFile, thresholds: Thresholds) -> None:
    for lower, upper in _RISING:
        if not getattr(thresholds, lower) < getattr(thresholds, upper):
            raise file.error(f"[{lower}] is not below [{upper}]; correct one of them", near=f"[{lower}]")
