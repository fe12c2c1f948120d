"""What was found for one prefetch key, whether it came with the request or was fetched."""

from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from cds_service.clinical.record import Completeness
from cds_service.fhir.bundle import Page

State = Literal["satisfied", "null", "empty", "outcome", "absent", "paged", "fetched", "failed", "unusable"]


@dataclass(frozen=True, slots=True)
class KeyData:
    """The pages of one prefetch key and how complete they are.

    ``state`` is what the request's prefetch held, or, where it was fetched, how that went:
    ``satisfied`` data · ``null`` and ``empty`` asked for by the client, nothing there · ``outcome`` the client failed ·
    ``paged`` a first page only · ``unusable`` no FHIR of the right type · ``absent`` not sent, and no server to ask ·
    ``fetched`` · ``failed``. https://cds-hooks.hl7.org/2.0/#prefetch-template
    ``pages`` is the JSON of each Bundle page, or of the one resource; empty where nothing is known to be there
    (completeness says complete) and where nothing could be had (it says unavailable).
    ``milliseconds`` is the time spent fetching, None where nothing was fetched.
    ``typed`` holds the same pages as already decoded; None (or nothing) for one that must be read entry by entry.
    """

    key: str
    state: State
    pages: tuple[bytes | msgspec.Raw, ...] = ()
    completeness: Completeness = field(default_factory=Completeness)
    milliseconds: int | None = None
    typed: tuple[Page[Any] | None, ...] = ()
