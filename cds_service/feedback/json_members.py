"""Read JSON member by member, and tell every fault with its JSON pointer (RFC 6901), not only the first."""

from collections.abc import Iterator
from typing import TypeVar

import msgspec
from msgspec import Raw

from cds_service.hooks import json_text

T = TypeVar("T")

_NULL = b"null"


class Faults:
    """What is wrong with one body: a line each, "POINTER: what is wrong: what to send"."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, pointer: str, wrong: str) -> None:
        """``wrong`` never quotes a value, which may be about a patient."""
        self.lines.append(f"{pointer or 'The body'}: {wrong}")


class Node:
    """One JSON object and where it stands. A member that is null counts as absent, as many clients write it so."""

    def __init__(self, members: json_text.Members, pointer: str, faults: Faults) -> None:
        self.pointer = pointer
        self._faults = faults
        self._members = {name.text: raw for name, raw in members.items() if bytes(raw) != _NULL}
        if len({name.text for name in members}) != len(members):
            self.fault("", "a name occurs twice: send each name once.")

    def __bool__(self) -> bool:
        return bool(self._members)

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def fault(self, name: str, wrong: str) -> None:
        """Notes a fault of the member ``name``; of the object itself for ""."""
        self._faults.add(f"{self.pointer}/{name}" if name else self.pointer, wrong)

    def text(self, name: str, otherwise: str) -> str | None:
        """A member that is a string; None, and a fault that says ``otherwise``, if it is absent or no string."""
        return self._read(name, str, otherwise)

    def items(self, name: str, otherwise: str) -> list[Raw] | None:
        """Likewise a member that is an array."""
        return self._read(name, list[Raw], otherwise)

    def node(self, name: str, otherwise: str) -> "Node | None":
        """Likewise a member that is an object."""
        return node_of(self._members.get(name), f"{self.pointer}/{name}", self._faults, otherwise)

    def nodes(self, name: str, otherwise: str, each: str, lengths: range) -> Iterator["Node"]:
        """Likewise an array of objects, as many as ``lengths`` allows: its objects, and a fault that says ``each`` for
        what is none. Lazily, so that the faults come in the order of the body."""
        items = self.items(name, otherwise)
        if items is not None and len(items) not in lengths:
            self.fault(name, otherwise)
            return
        for at, raw in enumerate(items or ()):
            node = node_of(raw, f"{self.pointer}/{name}/{at}", self._faults, each)
            if node is not None:
                yield node

    def _read(self, name: str, kind: type[T], otherwise: str) -> T | None:
        raw = self._members.get(name)
        try:
            if raw is not None:
                return msgspec.json.decode(raw, type=kind)
        except msgspec.ValidationError:
            pass  # told below: to its sender a member of another type is as good as none
        self.fault(name, otherwise)
        return None


def node_of(raw: Raw | None, pointer: str, faults: Faults, otherwise: str) -> Node | None:
    """The object in ``raw``; None, and a fault that says ``otherwise``, if there is none."""
    try:
        if raw is not None:
            return Node(json_text.decode(raw, json_text.Members)[0], pointer, faults)
    except msgspec.ValidationError:
        pass  # told below
    faults.add(pointer, otherwise)
    return None
