"""What one page of a search says about itself: its hits, its total, its ``next`` link, its troubles. Pure.

https://hl7.org/fhir/R4/http.html#search and https://hl7.org/fhir/R4/bundle.html#searchset
"""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from cds_service.fhir.bundle import Page as TypedPage
from cds_service.fhir.bundle import whole_page
from cds_service.fhir.failures import OutcomeInstead, TooManyEntries, WrongResource
from cds_service.fhir.outline import outline

MOST_ENTRIES = 20_000
"""Of one Bundle: more than a whole chart fetched at its limits (20 pages of 200), and twice the longest chart that is
promised the same cards (docs/performance.md). Beyond, only time would be spent."""

Hit = tuple[str, str | int]
_CODE = re.compile(r"[a-z-]{1,30}")
_NO_ERROR = frozenset({"warning", "information", "success"})
"""https://hl7.org/fhir/R5/valueset-issue-severity.html"""


class Page(NamedTuple):
    """One page. ``hits`` name the matches, each once (type and id, so that one on two pages is known for the same).

    ``trouble`` says why the page, though it came, is not all that it should be; ``unread`` counts entries that have no
    resource or could not be read, each of which may have been a result. ``typed`` is the page as decoded for the
    reader of clinical content, where one pass was enough for both.
    """

    hits: tuple[Hit, ...]
    total: int = 0
    next_link: str = ""
    trouble: str = ""
    unread: int = 0
    typed: TypedPage[Any] | None = None

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
    """What an OperationOutcome among the entries means: a warning is only noted, all else costs completeness."""
    severities = [str(each.get("severity")).casefold() for each in _issues(issue)]
    if severities and _NO_ERROR.issuperset(severities):
        return ""
    code = _issue_code(issue)
    return "an error was reported beside the results" + (f" ({code})" if code else "")


def _hits(entries: Iterable[Any]) -> tuple[tuple[Hit, ...], str, int]:
    """The matches, the first error reported among the entries, and the number of those without a resource."""
    hits: dict[Hit, None] = {}
    trouble = ""
    unread = 0
    for number, entry in enumerate(entries):
        resource, search = entry.resource, entry.search
        mode = None if search is None else search.mode
        if resource is None:
            unread += mode != "outcome"
            continue
        type_, id_ = resource.resource_type, resource.id
        if type_ == "OperationOutcome":
            trouble = trouble or _reported(resource.issue)
        elif mode is None or mode not in ("include", "outcome"):
            hits[str(type_), id_ if isinstance(id_, str) else number] = None
        elif mode == "outcome":
            unread += 1
    return tuple(hits), trouble, unread


def _next_link(links: Iterable[Any]) -> tuple[str, str]:
    """The link to the next page, and what is wrong with it."""
    following = [link.url for link in links if _is_next(link.relation)]
    if not following:
        return "", ""
    url = following[0]
    return (url, "") if isinstance(url, str) and url else ("", "the link to the next page is no URL")


def _is_next(relation: Any) -> bool:
    """In any case, and in a list too: a page passed over is worse than one asked for in vain."""
    names = relation if isinstance(relation, list) else [relation]
    return any(isinstance(name, str) and name.strip().casefold() == "next" for name in names)


def _total(total: Any) -> int:
    """How many matches there are, also where it came as text or as 12.0; 0 where nothing says so."""
    try:
        return max(0, int(total)) if isinstance(total, int | float | str) else 0
    except (ValueError, OverflowError):
        return 0


def _refuse_outcome(found: Any) -> None:
    if found.resource_type == "OperationOutcome":
        raise OutcomeInstead(_issue_code(found.issue))


def read_page(body: bytes | msgspec.Raw, key: str = "", *, sent_by_client: bool = False) -> Page:
    """One page of a search for a prefetch key.

    Raises ``NotFhir``, ``OutcomeInstead``, ``WrongResource``, ``TooManyEntries``.

    A server's answer is a searchset (a missing ``type`` is let pass); what a client put into prefetch may carry any
    Bundle type.
    """
    typed = whole_page(key, body)
    bundle, odd = (typed, 0) if typed is not None and typed.resource_type == "Bundle" else outline(body)
    _refuse_outcome(bundle)
    if bundle.resource_type != "Bundle" or not (sent_by_client or bundle.type in (None, "searchset")):
        raise WrongResource("search result")
    if len(bundle.entry or ()) + odd > MOST_ENTRIES:
        raise TooManyEntries(MOST_ENTRIES)
    hits, reported, empty = _hits(bundle.entry or ())
    next_link, link_trouble = _next_link(bundle.link or ())
    unread = odd + empty
    trouble = reported or link_trouble or (f"{unread} entries or links could not be read" if unread else "")
    return Page(hits, _total(bundle.total), next_link, trouble, unread, typed)


def read_single(body: bytes | msgspec.Raw, resource_type: str, resource_id: str = "") -> Page:
    """One resource of that type, and, where an id is given, of that id. Raises as ``read_page``."""
    found, _ = outline(body)
    _refuse_outcome(found)
    if found.resource_type != resource_type or (resource_id and found.id != resource_id):
        raise WrongResource(resource_type)
    return Page(((resource_type, resource_id),))
