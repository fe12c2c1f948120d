"""Fetch the public keys of an EHR: a JSON Web Key Set (https://www.rfc-editor.org/rfc/rfc7517#section-5).

Only from an address that the site's own settings name, over the client that fetches FHIR: https, a checked address, no
redirect, a byte limit and a deadline. What a token says is never fetched.
"""

from dataclasses import replace

from cds_service.fhir.access import Access, Deadline, Limits
from cds_service.fhir.client import FhirClient
from cds_service.fhir.failures import FetchFailure, HttpStatus, NotAllowed, NotFhir, TimedOut, TooLarge
from cds_service.fhir.targets import Target
from cds_service.fhir.urls import PRODUCTION, FhirBase, UrlRefused, UrlRules, check_base, take_apart

FETCH_MS = 2000
MAX_BYTES = 256 * 1024
_JSON = "application/jwk-set+json, application/json"


class NoKeySet(Exception):  # noqa: N818 - an outcome, for a log line; it holds no address
    """The key set could not be had; ``reason`` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _KeyAccess(Access):
    def headers(self) -> dict[str, str]:
        return Access.headers(self) | {"Accept": _JSON}


def key_client(ca_bundle: str = "", proxy: str = "") -> FhirClient:
    """The client for key sets: apart from the one for FHIR, so that neither waits for the other."""
    return FhirClient(Limits(max_bytes=MAX_BYTES, calls_per_host=2), ca_bundle, proxy)


def check_key_url(url: str, networks: tuple[str, ...] = (), rules: UrlRules = PRODUCTION) -> FhirBase:
    """The address of a key set, in checked parts. Raises ``UrlRefused`` for one that is never asked."""
    try:
        base = check_base(url, _within(rules))
    except UrlRefused:
        if not networks:
            raise
        base = check_base(url, _within(rules, networks))
    return replace(base, path=take_apart(url).base.path or "/")


def fetch_key_set(client: FhirClient, url: str, networks: tuple[str, ...] = (), rules: UrlRules = PRODUCTION) -> bytes:
    """The JSON text at ``url``. Its name may lead to the internet, or into ``networks``. Raises ``NoKeySet``."""
    try:
        at = check_key_url(url, networks, rules)
        try:
            return _fetch(client, at, _within(rules))
        except NotAllowed:
            if not networks:
                raise
            return _fetch(client, at, _within(rules, networks))
    except FetchFailure as failure:
        raise NoKeySet(_why(failure)) from None


def _within(rules: UrlRules, networks: tuple[str, ...] = ()) -> UrlRules:
    return replace(rules.limited_to((), networks), bases=None)


def _fetch(client: FhirClient, at: FhirBase, rules: UrlRules) -> bytes:
    access = _KeyAccess(at, Deadline.after_ms(FETCH_MS), rules=rules)
    found: list[bytes | FetchFailure] = []

    def fetch() -> None:
        try:
            found.append(client.fetch(Target(at, at.path), access))
        except FetchFailure as failure:
            found.append(failure)

    client.side_by_side([fetch], access)  # a name server that hangs is left behind at the deadline
    result = found[0] if found else TimedOut()
    if isinstance(result, FetchFailure):
        raise result
    return result


def _why(failure: FetchFailure) -> str:
    """In the words of a key set; the failures' own speak of a FHIR server."""
    match failure:
        case HttpStatus():
            return f"HTTP {failure.status}"
        case TimedOut():
            return f"no answer within {FETCH_MS} ms"
        case TooLarge():
            return f"larger than {MAX_BYTES} bytes"
        case NotFhir():
            return "no JSON object"
        case UrlRefused() | NotAllowed():
            return "its name leads to an address that may not be contacted: see allowed_networks"
        case _:
            return "it cannot be reached"
