"""How the cells of the tables are cut into items, and items into their details."""

import re


def items(cell: str) -> list[str]:
    return [item.strip() for item in cell.split(";") if item.strip()]


def matched(pattern: re.Pattern[str], item: str) -> re.Match[str]:
    match = pattern.fullmatch(item)
    assert match, f'cannot read "{item}"'
    return match


def notes_of(text: str | None) -> dict[str, str]:
    """ "specimen A, issued day -1" -> {"specimen": "A", "issued": "day -1"}; a word alone stands for itself."""
    return dict(_named(note.strip()) for note in (text or "").split(",") if note)


def _named(note: str) -> tuple[str, str]:
    for name in ("dosage from", "planned end", "supply ends", "last written"):
        if note.startswith(name):
            return name, note.removeprefix(name).strip()
    name, _, value = note.partition(" ")
    return name, value
