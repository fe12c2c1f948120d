"""What one page of a search says about itself: its hits, its total, its ``next`` link, its troubles. Pure.

https://hl7.org/fhir/R4/http.html#search and https://hl7.org/fhir/R4/bundle.html#searchset
"""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from cds_service.fhir.failures import OutcomeInstead, WrongResource
from cds_service.fhir.outline import Entry, Link, Outline, outline

Hit = tuple[str, str | int]
_CODE = re.compile(r"[a-z-]{1,30}")


class Page(NamedTuple):
    """One page. ``hits`` name the matches (type and id, so that the same one on two pages counts once).

    ``trouble`` says why the page, though it came, is not all that it should be; ``unread`` counts entries that have no
    resource or could not be read, each of which may have been a result.
    """

    hits: tuple[Hit, ...]
    total: int = 0
    next_link: str = ""
    trouble: str = ""
    unread: int = 0

    @property
    def holds_data(self) -> bool:
        """There is something on it for the reader of clinical content."""
        return bool(self.hits or self.unread)


def _issues(issue: Any) -> Iterable[dict[str, Any]]:
    return (each for each in issue if isinstance(each, dict)) if isinstance(issue, list) else ()


def _issue_code(issue: Any) -> str:
    """The first issue's code ("too-costly"), if it looks like one; never its text, which may name the patient."""
    codes = [str(each.get("code", "")) for each in _issues(issue)]
    return codes[0] if codes and _CODE.fullmatch(codes[0]) else ""


def _reported(issue: Any) -> str:
    """What an OperationOutcome among the entries means: a warning is only noted, an error costs completeness."""
    if any(each.get("severity") in ("error", "fatal") for each in _issues(issue)):
        code = _issue_code(issue)
        return "an error was reported beside the results" + (f" ({code})" if code else "")
    return ""


def _hits(entries: Iterable[Entry]) -> tuple[tuple[Hit, ...], str, int]:
    """The matches, the first error reported among the entries, and the number of those without a resource."""
    hits: list[Hit] = []
    trouble = ""
    unread = 0
    for number, entry in enumerate(entries):
        mode = entry.search.mode if entry.search else None
        resource = entry.resource
        if resource is None:
            unread += mode != "outcome"
        elif resource.resourceType == "OperationOutcome":
            trouble = trouble or _reported(resource.issue)
        elif mode not in ("include", "outcome"):
            hits.append((str(resource.resourceType), resource.id if isinstance(resource.id, str) else number))
    return tuple(hits), trouble, unread


def _next_link(links: Iterable[Link]) -> tuple[str, str]:
    """The link to the next page, and what is wrong with it."""
    following = [link.url for link in links if link.relation == "next"]
    if not following:
        return "", ""
    url = following[0]
    return (url, "") if isinstance(url, str) and url else ("", "the link to the next page is no URL")


def _refuse_outcome(found: Outline) -> None:
    if found.resourceType == "OperationOutcome":
        raise OutcomeInstead(_issue_code(found.issue))


def read_page(body: bytes | msgspec.Raw, *, sent_by_client: bool = False) -> Page:
    """One page of a search. Raises ``NotFhir``, ``OutcomeInstead``, ``WrongResource``.

    A server's answer is a searchset (a missing ``type`` is let pass); what a client put into prefetch may carry any
    Bundle type.
    """
    bundle, odd = outline(body)
    _refuse_outcome(bundle)
    if bundle.resourceType != "Bundle" or not (sent_by_client or bundle.type in (None, "searchset")):
        raise WrongResource("search result")
    hits, reported, empty = _hits(bundle.entry or ())
    next_link, link_trouble = _next_link(bundle.link or ())
    unread = odd + empty
    trouble = reported or link_trouble or (f"{unread} entries or links could not be read" if unread else "")
    total = bundle.total if isinstance(bundle.total, int) else 0
    return Page(hits, total, next_link, trouble, unread)


def read_single(body: bytes | msgspec.Raw, resource_type: str, resource_id: str = "") -> Page:
    """One resource of that type, and, where an id is given, of that id. Raises as ``read_page``."""
    found, _ = outline(body)
    _refuse_outcome(found)
    if found.resourceType != resource_type or (resource_id and found.id != resource_id):
        raise WrongResource(resource_type)
    return Page(((resource_type, resource_id),))
