"""Members whose name is nearly that of the specification: a reader passes over them without a word.

Other names that the specification does not know are fine: receivers have to ignore them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from difflib import get_close_matches
from typing import Any, NamedTuple

from cds_service.validate.finding import Finding
from cds_service.validate.locate import escape
from cds_service.validate.node import Node, of_name
from cds_service.validate.words import name_of

_NEAR = 0.8
_LONGEST = 40


class Misspelt(NamedTuple):
    """A member of the object at ``pointer`` whose name is nearly ``meant``."""

    pointer: str
    name: str
    meant: str


def misspelt(whole: Node, schema: dict[str, Any]) -> Iterator[Misspelt]:
    """Every unknown member whose name is close to a known one that is not there, along the schema."""
    known = schema.get("properties", {})
    for name, member in whole.members if known else ():
        if name in known:
            yield from misspelt(member, known[name])
        elif meant := _meant(name, [each for each in known if not whole[each]]):
            yield Misspelt(whole.pointer, name, meant)
    if within := schema.get("items"):
        for item in whole.items:
            yield from misspelt(item, within)


def with_spelling(broken: Iterable[Finding], found: Iterable[Misspelt]) -> Iterator[Finding]:
    """``broken`` with the wrong name in the fix of what is missing for it, and a hint for every other wrong name."""
    wrong = {(each.pointer, f"{each.meant} is missing"): each for each in found}
    for finding in broken:
        start = finding.message.rstrip(".").partition(" beside ")[0]
        if each := wrong.pop((finding.pointer, start), None):
            finding = replace(finding, fix=f"{name_of(each.name)} is there instead: write {each.meant}.")
        yield finding
    for each in wrong.values():
        message = f"{name_of(each.name)} is no member that CDS Hooks knows: did you mean {each.meant}?"
        fix = f"Write {each.meant}; what is your own goes into extension."
        member = Node(None, f"{each.pointer}/{escape(each.name)}")
        yield of_name(member.hint("anakinra-cds_1@member-names", message, fix))


def _meant(name: str, known: list[str]) -> str:
    """The known name that differs least: in case, a letter, an ending."""
    lowered = {each.lower(): each for each in known}
    if len(name) > _LONGEST:
        return ""
    plain = name.lower().replace("_", "").replace("-", "")
    return next((lowered[each] for each in get_close_matches(plain, list(lowered), 1, _NEAR)), "")
