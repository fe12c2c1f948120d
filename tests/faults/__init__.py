"""The ways in which a FHIR server misbehaves, by name: in its connection, its answer, its content and its paging."""

from tests.faults import answer, connection, content, observations, paging, references
from tests.faults.exchange import FAULTS, Exchange, Request, Resource, Respond

__all__ = [
    "FAULTS",
    "Exchange",
    "Request",
    "Resource",
    "Respond",
    "answer",
    "connection",
    "content",
    "observations",
    "paging",
    "references",
]
