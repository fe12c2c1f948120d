"""What was wrong with the JSON itself, though it could be read: names given twice, NaN, half characters, encodings."""

import re
from collections.abc import Iterator
from typing import Any

from cds_service.validate.finding import Finding
from cds_service.validate.locate import escape
from cds_service.validate.node import Node, of_name
from cds_service.validate.report import MOST_FINDINGS
from cds_service.validate.text import MOST_ITEMS, Odd, OutOfRange, Shortened, Text
from cds_service.validate.words import name_of

_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_PEOPLE_WRITE = "Send a number as JSON writes it, or leave the member out."


def readings(read: Text) -> Iterator[Finding]:
    """A finding for everything a strict reader of JSON trips over."""
    yield from _encoding(read)
    halves = bool(_HALF.search(read.text))
    for pointer, value in _values(read.value):
        node = Node(value, pointer)
        if isinstance(value, Odd | Shortened) and value.length:
            message = f"Of the {value.length} there are here, the first {MOST_ITEMS} were checked."
            yield node.hint(MOST_FINDINGS, message, "Validate the rest by itself.")
        if isinstance(value, Odd):
            for name in value.repeated:
                message = f"{name_of(name)} is given more than once in one object: readers differ in which they take."
                yield of_name(node[name].error("json_rfc8259@4", message, "Keep one of them."))
        elif isinstance(value, OutOfRange):
            message = "The number is beyond what other systems can read, and becomes Infinity or an error there."
            yield node.warning("json_rfc8259@6", message, "Send a number that fits a double, at most 1.79e308.")
        elif isinstance(value, float):
            yield node.error(
                "json_rfc8259@6", "NaN and Infinity are no JSON: many readers refuse it all.", _PEOPLE_WRITE
            )
        elif halves and isinstance(value, str) and not _whole(value):
            message = "The text holds half of a surrogate pair, which is no character."
            yield node.warning("json_rfc8259@8.2", message, "Write the character itself, or both halves of its escape.")


def _encoding(read: Text) -> Iterator[Finding]:
    whole = Node(read.value)
    if read.encoding == "utf-16":
        yield whole.error(
            "json_rfc8259@8.1", "The text is UTF-16.", "Send UTF-8, which JSON between systems has to be."
        )
    elif read.encoding == "utf-8-sig":
        message = "The text begins with a byte order mark, which some readers refuse."
        yield whole.warning("json_rfc8259@8.1", message, "Send UTF-8 without a byte order mark.")


def _whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _values(value: Any) -> Iterator[tuple[str, Any]]:
    """Every value with its pointer, without recursion; only what could be faulty is given a pointer."""
    open_values = [("", value)]
    while open_values:
        pointer, value = open_values.pop()
        yield pointer, value
        if isinstance(value, dict):
            open_values += [(f"{pointer}/{escape(name)}", member) for name, member in value.items()]
        elif isinstance(value, list):
            open_values += [(f"{pointer}/{index}", item) for index, item in enumerate(value)]
