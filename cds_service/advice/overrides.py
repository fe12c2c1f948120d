"""Why a clinician may set a card aside: ``cards/overrides.toml``, the override reasons an EHR offers."""

from pathlib import Path

import msgspec

from cds_service.advice.toml_file import read_toml
from cds_service.advice.words import find_fault

OVERRIDES_FILE = "overrides.toml"


class OverrideReason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One override reason. CDS Hooks asks for code, system and display."""

    code: str
    display: str
    system: str


class ReasonTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[[reason]]`` as written."""

    code: str
    display: str


class OverridesTables(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file as written; ``system`` is that of every reason's code."""

    system: str
    reason: list[ReasonTable]


def load_overrides(folder: Path) -> tuple[OverrideReason, ...]:
    """The reasons in the order of the file. Raises ContentError for a bad entry, an empty one or a code used twice."""
    file = read_toml(folder / OVERRIDES_FILE, folder)
    tables = file.convert(OverridesTables)
    reasons = tuple(OverrideReason(each.code, each.display, tables.system) for each in tables.reason)
    for each in reasons:
        if not (each.code.strip() and each.display.strip() and each.system.strip()):
            raise file.error("a reason without code, display or system; write all three", near=f'"{each.code}"')
        if fault := find_fault(each.display):
            raise file.error(fault.what, near=fault.words)
        if [other.code for other in reasons].count(each.code) > 1:
            raise file.error(f'the code "{each.code}" stands twice; keep one', near=f'"{each.code}"')
    return reasons
