"""A value of a payload and where it is: what the rules read, and what they say findings of.

A rule is a generator of findings. What is not there, or is of another kind than asked for, is an absent node, so that a
rule reads on without a check at each step: the schema says what is missing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from cds_service.validate.finding import Finding, Severity
from cds_service.validate.locate import escape


class OfName(Finding):
    """A finding about a member's name rather than its value: it is placed where the name stands."""

    __slots__ = ()


ABSENT = object()
"""The value of what is not there."""


@dataclass(frozen=True, slots=True)
class Node:
    """One value with its JSON pointer."""

    value: Any
    pointer: str = ""

    def __bool__(self) -> bool:
        """Whether it is there; null and empty values are."""
        return self.value is not ABSENT

    def __getitem__(self, name: str) -> "Node":
        """The member of that name."""
        value = self.value.get(name, ABSENT) if isinstance(self.value, dict) else ABSENT
        return Node(value, f"{self.pointer}/{escape(name)}")

    @property
    def text(self) -> str:
        """The value if it is a string, else ""."""
        return self.value if isinstance(self.value, str) else ""

    @property
    def is_object(self) -> bool:
        return isinstance(self.value, dict)

    @property
    def items(self) -> list["Node"]:
        """The items of a list."""
        value = self.value if isinstance(self.value, list) else []
        return [Node(item, f"{self.pointer}/{index}") for index, item in enumerate(value)]

    @property
    def objects(self) -> list["Node"]:
        """The items of a list that are objects."""
        return [item for item in self.items if item.is_object]

    @property
    def members(self) -> Iterator[tuple[str, "Node"]]:
        """Name and value of each member of an object."""
        for name in self.value if isinstance(self.value, dict) else ():
            yield name, self[name]

    def error(self, requirement: str, message: str, fix: str) -> Finding:
        return Finding(Severity.ERROR, self.pointer, requirement, message, fix)

    def warning(self, requirement: str, message: str, fix: str) -> Finding:
        return Finding(Severity.WARNING, self.pointer, requirement, message, fix)

    def hint(self, requirement: str, message: str, fix: str) -> Finding:
        return Finding(Severity.HINT, self.pointer, requirement, message, fix)


def of_name(finding: Finding) -> Finding:
    """``finding`` as one about the member's name."""
    return OfName(finding.severity, finding.pointer, finding.requirement, finding.message, finding.fix)


def placed(finding: Finding, line: int, column: int) -> Finding:
    """``finding`` with its place in the text, and as a plain one."""
    plain = Finding(finding.severity, finding.pointer, finding.requirement, finding.message, finding.fix)
    return replace(plain, line=line, column=column)
