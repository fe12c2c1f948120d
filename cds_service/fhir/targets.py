"""The addresses within one FHIR base: of a prefetch template, a ``next`` link, a reference.

A request is made only to a ``Target``, and only the functions here make one, so that no request and no token leaves the
origin and the path of the base that was checked.
"""

import re
from typing import NamedTuple
from urllib.parse import quote, unquote, urljoin

from cds_service.fhir.urls import FhirBase, UrlRefused, check_characters, check_path, take_apart

_ID = r"[A-Za-z0-9\-._]{1,256}"  # longer than FHIR's 64: Epic's are; "_" is no FHIR id, but seen
_REFERENCE = re.compile(rf"(?P<type>[A-Z][A-Za-z]{{1,60}})/(?P<id>{_ID})(/_history/{_ID})?")
_FILLED = re.compile(rf"[A-Z][A-Za-z]{{1,60}}(/{_ID})?")
_QUERY_AS_IS = "=&/?:@!$'()*+,;-._~%"


class Target(NamedTuple):
    """One address within a FHIR base: the path, with its query, from the root of the server."""

    base: FhirBase
    path: str


def plan_target(base: FhirBase, filled: str) -> Target:
    """A filled prefetch template such as ``Patient/1`` or ``Observation?patient=1&code=http://loinc.org|751-8``.

    Values are percent-encoded here, once, whether or not they were before: ``|`` as ``%7C``; ``,`` and ``:`` stay.
    """
    path, _, query = filled.partition("?")
    if not _FILLED.fullmatch(path) or path.endswith(("/.", "/..")):
        raise UrlRefused("is no resource type and no Type/id")
    pairs = (pair.partition("=") for pair in query.split("&")) if query else ()
    encoded = "&".join(f"{quote(name, safe=':')}={quote(unquote(value), safe='/:,')}" for name, _, value in pairs)
    return Target(base, f"{base.path}/{path}" + (f"?{encoded}" if encoded else ""))


def without_order(search: Target) -> Target:
    """The same search without ``_sort`` and ``_count``, which shape the answer and choose no results.

    https://hl7.org/fhir/R4/search.html#return
    """
    path, _, query = search.path.partition("?")
    chosen = "&".join(pair for pair in query.split("&") if pair.partition("=")[0] not in ("_sort", "_count"))
    return Target(search.base, path + (f"?{chosen}" if chosen else ""))


def _path_as_written(link: str) -> str:
    """The path of a link before relative segments are resolved: resolving would hide that they were there."""
    head = link.partition("?")[0]
    return head.partition("://")[2].partition("/")[2] if "://" in head else head


def link_target(page: Target, link: str) -> Target:
    """Where the ``next`` link of a page leads: the same scheme, host and port, and a path within the FHIR base.

    ``:443`` and an upper-case host are the same origin, a link may be relative, and HAPI's
    ``[base]?_getpages=...`` is within. Anything else raises ``UrlRefused``: the token goes nowhere else.
    """
    base = page.base
    check_characters(link)
    check_path(_path_as_written(link))
    parts = take_apart(urljoin(f"{base.scheme}://{base.host}:{base.port}{page.path}", link))
    if parts.base.origin != base.origin:
        raise UrlRefused("leads to another server")
    if not base.covers(parts.base):
        raise UrlRefused("leads outside the FHIR base")
    query = quote(parts.query, safe=_QUERY_AS_IS)
    return Target(base, (parts.base.path or "/") + (f"?{query}" if query else ""))


def reference_target(base: FhirBase, reference: str) -> Target:
    """What a literal reference (``Medication/1``, or absolute within the base) points to, in its current version."""
    if "://" in reference:
        inside = link_target(Target(base, base.path), reference).path
        if not inside.startswith(f"{base.path}/"):
            raise UrlRefused("is no Type/id")
        reference = inside.removeprefix(f"{base.path}/")
    match = _REFERENCE.fullmatch(reference)
    if not match or set(match["id"]) == {"."}:
        raise UrlRefused("is no Type/id")
    return Target(base, f"{base.path}/{match['type']}/{match['id']}")
