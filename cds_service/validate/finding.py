"""What the validator says of one fault."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad. A hint is for what real clients bend and a good reader takes."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of a payload.

    ``pointer`` is a JSON pointer (RFC 6901; "" is the whole document). ``line`` and ``column`` count from 1, in
    characters; 0 where the payload has no text, as a value built in memory. ``requirement`` is an id of
    ``cds_service.contract.requirements``. ``message`` says what is wrong, ``fix`` what to write instead: a line each.
    """

    severity: Severity
    pointer: str
    requirement: str
    message: str
    fix: str
    line: int = 0
    column: int = 0
