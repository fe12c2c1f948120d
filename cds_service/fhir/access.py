"""What one hook call may use of the EHR's FHIR server: the checked address, the token and the time left."""

import time
from dataclasses import dataclass, field
from typing import NamedTuple

from cds_service.fhir.failures import NotAllowed
from cds_service.fhir.urls import FhirBase, UrlRules


class Deadline(NamedTuple):
    """The instant (seconds of the monotonic clock) by which the whole hook call must have its data."""

    at: float

    @classmethod
    def after_ms(cls, milliseconds: int) -> "Deadline":
        """The deadline that lies this many milliseconds from now."""
        return cls(time.monotonic() + milliseconds / 1000)

    def left(self) -> float:
        """Seconds left, never below zero."""
        return max(0.0, self.at - time.monotonic())

    @property
    def passed(self) -> bool:
        return time.monotonic() >= self.at


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of one answer, pages of one search, calls in flight to one server."""

    max_bytes: int = 5_000_000
    max_pages: int = 20
    calls_per_host: int = 8


@dataclass(frozen=True, slots=True)
class Access:
    """The way to the FHIR server for one hook call only; ``rules`` are those of the base, None: the client's.

    The token (``fhirAuthorization.access_token``, empty where the server asks for none) is kept out of ``repr`` and so
    out of logs and error reports.
    https://cds-hooks.hl7.org/2.0/#passing-the-access-token-to-the-cds-service
    """

    base: FhirBase
    deadline: Deadline
    token: str = field(default="", repr=False)
    rules: UrlRules | None = None

    def headers(self) -> dict[str, str]:
        """The headers of one request; raises ``NotAllowed`` for a token that is no HTTP header value."""
        headers = {
            "Accept": "application/fhir+json",
            "Accept-Encoding": "identity",
            # HAPI answers a search that was made within the last minute from its cache, without what came since: a
            # count of 0.4 would be missed. Not no-store: then HAPI gives one page, as if it were all.
            # https://hapifhir.io/hapi-fhir/docs/server_jpa/configuration.html#search-result-caching
            "Cache-Control": "no-cache",
            "User-Agent": "anakinra-cds",
        }
        if self.token:
            # http.client's own refusal would quote the token
            if not self.token.isascii() or not self.token.isprintable() or " " in self.token:
                raise NotAllowed("the access token holds characters that cannot be sent")
            headers["Authorization"] = f"Bearer {self.token}"
        return headers
