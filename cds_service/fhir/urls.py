"""FHIR addresses: checked, taken apart and put together again, so that only checked parts are ever contacted.

Two URL parsers may read one text differently: for ``https://evil.com\\@ehr.example.org/fhir`` one sees the host
``ehr.example.org``, another connects to ``evil.com``. Whatever could be read in two ways is refused
here, and only the parts that were checked are contacted.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from cds_service.fhir.addresses import NEVER_NAMED, Network, read_networks, why_outside, why_refused
from cds_service.fhir.failures import FetchFailure

_DEFAULT_PORTS = {"https": 443, "http": 80}
_NETLOC = re.compile(r"(?P<host>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(?P<port>[0-9]{1,5}))?")
_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*")
_NUMERIC_END = re.compile(r"(.*\.)?([0-9]+|0x[0-9a-f]*)")
_PATH = re.compile(r"[A-Za-z0-9\-._~!$&'()*+,;=:@/%]*")
MAX_URL = 8000


class UrlRefused(FetchFailure):
    """An address that is not contacted; ``reason`` ("holds a backslash") goes behind its name, and never repeats it."""


@dataclass(frozen=True, slots=True)
class FhirBase:
    """A checked FHIR service base URL in parts; ``path`` has no slash at its end."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"

    @property
    def url(self) -> str:
        port = "" if self.port == _DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}{self.path}"

    def covers(self, other: "FhirBase") -> bool:
        """The other is of the same origin, and its path is this one or lies below it: ``/r4`` covers no ``/r4evil``."""
        return self.origin == other.origin and f"{other.path}/".startswith(f"{self.path}/")


class Parts(NamedTuple):
    """An absolute URL taken apart; ``base.path`` is the whole path."""

    base: FhirBase
    query: str


def check_characters(text: str) -> None:
    """Refuse what two parsers could read differently; raises ``UrlRefused``."""
    if not text or len(text) > MAX_URL:
        raise UrlRefused(f"is empty or longer than {MAX_URL} characters")
    if not text.isascii() or any(c <= " " or c == "\x7f" for c in text):
        raise UrlRefused("holds white space, control or non-ASCII characters")
    if "\\" in text:
        raise UrlRefused("holds a backslash")
    if "#" in text:
        raise UrlRefused("holds a fragment (#)")


def check_path(path: str) -> None:
    """Refuse dot segments, plain or encoded, and encoded separators; raises ``UrlRefused``."""
    if not _PATH.fullmatch(path):
        raise UrlRefused("has a path with characters that do not belong there")
    for segment in path.split("/"):
        plain = unquote(unquote(segment))
        # "..;x" is read as ".." by some Java servers
        if plain.partition(";")[0] in {".", ".."} or set(plain) & set("/\\%?#\0"):
            raise UrlRefused("has dot segments or encoded separators in its path")


def _check_host(host: str) -> None:
    if host.startswith("[") or _NUMERIC_END.fullmatch(host):
        # 0x7f.1, 2130706433 and 0251.0376.0251.0376 are addresses to a resolver, and names to a careless check
        try:
            refused = why_refused(host.strip("[]"), allow_loopback=True)
        except ValueError:
            raise UrlRefused("has a numeric host that is no plain IP address") from None
    elif not _NAME.fullmatch(host):
        raise UrlRefused("has a malformed host name")
    else:
        refused = "a metadata service" if host in NEVER_NAMED else ""
    if refused:
        raise UrlRefused(f"names {refused}, which is never contacted")


def take_apart(text: str) -> Parts:
    """Scheme, host, port, path and query of an absolute http(s) URL, each checked."""
    check_characters(text)
    try:
        parts = urlsplit(text)
    except ValueError:
        raise UrlRefused("is not a URL") from None
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS:
        raise UrlRefused("does not begin with https:// (or http://, in sandbox mode)")
    if "@" in parts.netloc:
        raise UrlRefused("holds a user name or password")
    netloc = _NETLOC.fullmatch(parts.netloc.lower())
    if not netloc:
        raise UrlRefused("has a malformed host or port")
    port = int(netloc["port"] or _DEFAULT_PORTS[scheme])
    if not 0 < port < 65536:
        raise UrlRefused("has a port outside 1-65535")
    _check_host(netloc["host"])
    check_path(parts.path)
    return Parts(FhirBase(scheme, netloc["host"], port, parts.path), parts.query)


@dataclass(frozen=True, slots=True)
class UrlRules:
    """Which FHIR servers a call may name, and which addresses their names may lead to.

    ``bases`` None means any server; otherwise the base must be one of them or lie below one. ``networks`` None means
    any address that ``addresses.NEVER`` does not hold; () means the internet; otherwise exactly these.
    """

    allow_http: bool
    allow_loopback: bool
    bases: tuple[FhirBase, ...] | None = None
    networks: tuple[Network, ...] | None = None

    def limited_to(self, bases: Iterable[str], networks: Iterable[str] = ()) -> "UrlRules":
        """The same rules for one client: only these FHIR base URLs (none, if empty), only in these networks.

        Raises ``UrlRefused`` for a base that these rules would never contact, ``ValueError`` for a malformed network.
        """
        anywhere = replace(self, networks=read_networks(networks), bases=None)
        return replace(anywhere, bases=tuple(check_base(base, anywhere) for base in bases))

    def why_refused(self, address: str) -> str:
        """Why this numeric address must not be contacted; empty if it may be."""
        refused = why_refused(address, allow_loopback=self.allow_loopback)
        return refused if refused or self.networks is None else why_outside(address, self.networks)


PRODUCTION = UrlRules(allow_http=False, allow_loopback=False)
SANDBOX = UrlRules(allow_http=True, allow_loopback=True)


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return bool(why_refused(host.strip("[]"), allow_loopback=False))
    except ValueError:
        return False


def check_base(text: str, rules: UrlRules) -> FhirBase:
    """The FHIR base URL of a hook request, rebuilt from its checked parts; raises ``UrlRefused``."""
    if "?" in text:
        raise UrlRefused("holds a query (?)")
    base = take_apart(text).base
    if base.scheme == "http" and not rules.allow_http:
        raise UrlRefused("is not https, which production mode asks for")
    if not rules.allow_loopback and _is_loopback(base.host):
        raise UrlRefused("names this machine itself, which only sandbox mode allows")
    base = replace(base, path=base.path.rstrip("/"))
    if rules.bases is not None and not any(each.covers(base) for each in rules.bases):
        raise UrlRefused("is not among the fhir_servers of this client's settings")
    return base
