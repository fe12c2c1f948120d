"""What is loaded once and kept between hook calls: settings, words, limits, and the way to FHIR servers."""

from dataclasses import dataclass, replace
from functools import cache
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from cds_service.advice.library import Library, load_library
from cds_service.advice.profile import Profile, load_profile
from cds_service.clinical.assess import emitted_rows
from cds_service.data_files import cards_folder
from cds_service.errors import BadRequest
from cds_service.fhir.access import Access, Deadline, Limits
from cds_service.fhir.client import FhirClient
from cds_service.fhir.urls import PRODUCTION, SANDBOX, UrlRefused, UrlRules, check_base
from cds_service.hooks.request import HookRequest
from cds_service.settings import Settings

Suggestions = Literal["full", "create-only", "none"]


class RepeatTerms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long a card that was shown, and one that was overridden, is not shown again. 0: always show it."""

    hours: Annotated[int, Meta(ge=0, le=168)] = 0
    days_after_override: Annotated[int, Meta(ge=0, le=90)] = 0

    def __bool__(self) -> bool:
        return bool(self.hours or self.days_after_override)


ALWAYS = RepeatTerms()


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed with one client; in sandbox mode, where nobody is known, one for all.

    ``suggestions``: some EHRs apply no updates and deletions, and some show no suggestion at all.
    """

    profile: str
    deadline_ms: int
    rules: UrlRules
    suggestions: Suggestions = "full"
    repeats: RepeatTerms = ALWAYS


@dataclass(frozen=True, slots=True)
class Site:
    """One per process, and for each client the same one under its own ``terms``."""

    settings: Settings
    library: Library
    profile: Profile
    client: FhirClient
    terms: Terms

    @classmethod
    def open(cls, settings: Settings) -> "Site":
        """Load and check everything. Raises ContentError naming the file that stops the start."""
        folder = cards_folder()
        library = load_library(folder)
        library.check_covers(emitted_rows())
        limits = Limits(settings.max_response_bytes, settings.max_pages)
        client = FhirClient(limits, settings.ca_bundle, settings.https_proxy)
        terms = Terms(settings.profile, settings.deadline_ms, url_rules(settings))
        return cls(settings, library, _profile(settings.profile), client, terms)

    def under(self, terms: Terms) -> "Site":
        """This site as one client has it: the words and the way to FHIR servers are shared. Raises ContentError."""
        return replace(self, terms=terms, profile=_profile(terms.profile))

    def access(self, request: HookRequest) -> Access | None:
        """The way to this call's FHIR server, None if it named none; its time starts now.

        Raises BadRequest for an address that is never contacted.
        """
        if not request.fhir_server:
            return None
        return self.way_to(request.fhir_server, request.access_token, self.terms.deadline_ms)

    def way_to(self, fhir_server: str, token: str, milliseconds: int, rules: UrlRules | None = None) -> Access:
        """The way to a FHIR server for so long, from now, under ``rules`` (else those of the terms).

        Raises BadRequest for an address that is never contacted, or not for this client.
        """
        rules = rules or self.terms.rules
        try:
            base = check_base(fhir_server, rules)
        except UrlRefused as refused:
            raise BadRequest(f"fhirServer {refused.reason}: send the base URL of the EHR's FHIR R4 server.") from None
        return Access(base, Deadline.after_ms(milliseconds), token, rules)


@cache
def _profile(name: str) -> Profile:
    return load_profile(cards_folder(), name)


def url_rules(settings: Settings) -> UrlRules:
    """What the mode allows; a client's own are these ``limited_to`` its servers and networks."""
    return SANDBOX if settings.sandbox else PRODUCTION
