"""Members whose name is nearly that of the specification: a reader passes over them without a word.

Other names that the specification does not know are fine: receivers have to ignore them.
"""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from cds_service.validate.finding import Finding
from cds_service.validate.node import Node, of_name
from cds_service.validate.words import name_of

_NEAR = 0.8


def nearly_right_names(whole: Node, schema: dict[str, Any]) -> Iterator[Finding]:
    """Every unknown member whose name is close to a known one that is not there, along the schema."""
    known = schema.get("properties", {})
    for name, member in whole.members:
        if name in known:
            yield from nearly_right_names(member, known[name])
        elif meant := _meant(name, [each for each in known if not whole[each]]):
            message = f"{name_of(name)} is no member that CDS Hooks knows: did you mean {meant}?"
            fix = f"Write {meant}; what is your own goes into extension."
            yield of_name(member.hint("anakinra-cds_1@member-names", message, fix))
    for item in whole.items:
        yield from nearly_right_names(item, schema.get("items", {}))


def _meant(name: str, known: list[str]) -> str:
    """The known name that differs least: in case, a letter, an ending."""
    lowered = {each.lower(): each for each in known}
    plain = name.lower().replace("_", "").replace("-", "")
    return next((lowered[each] for each in get_close_matches(plain, list(lowered), 1, _NEAR)), "")
