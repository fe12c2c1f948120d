"""One search or read, from its first page to its last, as far as the time and the server allow."""

import time
from collections.abc import Callable

import msgspec

from cds_service.clinical.record import Completeness, Extent
from cds_service.fhir.access import Access
from cds_service.fhir.client import FhirClient
from cds_service.fhir.failures import FetchFailure, HttpStatus, TimedOut
from cds_service.fhir.keydata import KeyData, State
from cds_service.fhir.pages import Page
from cds_service.fhir.targets import Target, link_target, without_order
from cds_service.fhir.urls import UrlRefused

Body = bytes | msgspec.Raw
NO_SERVER = "no fhirServer was given"


class Run:
    """The pages of one key as they come in.

    A worker thread reads on while another waits; at the deadline the waiting one takes what has come ``so_far``, and
    later pages are not used. So ``_taken`` is only ever appended to, and ``_ended`` is set last.
    """

    def __init__(self, key: str, at: Target | None, read: Callable[[Body], Page]) -> None:
        """``at`` is where the key is searched or read, None where there is no server to ask."""
        self.key = key
        self.state: State = "absent"
        self._read = read
        self._at = at
        self._wanted: Target | None = None
        self._seen = {at}
        self._taken: list[tuple[Body, Page]] = []
        self._trouble = ""
        self._begun: float | None = None
        self._ended: float | None = None

    def came(self, state: State, body: Body | None = None, page: Page | None = None) -> None:
        """What the request's prefetch held: nothing, or a first page whose ``next`` link is still to be followed."""
        self.state = state
        if body is not None and page is not None:
            self._take(body, page)

    def cannot(self, state: State, why: str) -> None:
        """It could not be had, and nothing will be fetched."""
        self.state, self._trouble = state, why

    def fetch_all(self) -> None:
        """Nothing came; fetch from the first page on."""
        self._wanted = self._at

    @property
    def goes_on(self) -> bool:
        """There is something to fetch."""
        return self._wanted is not None

    def begin(self) -> None:
        """The time spent fetching counts from here."""
        self._begun = time.monotonic()

    def read_on(self, client: FhirClient, access: Access) -> None:
        """Fetch page after page; what goes wrong is kept as the reason why the key is not complete."""
        try:
            while self._wanted is not None:
                if len(self._taken) >= client.limits.max_pages:
                    self._trouble = f"there are more than {client.limits.max_pages} pages"
                    break
                self._at = self._wanted
                body = self._fetch(self._at, client, access)
                self._take(body, self._read(body))
        except FetchFailure as failure:
            self._trouble = _on_page(len(self._taken) + 1, failure)
        self._ended = time.monotonic()

    def give_up(self, failure: FetchFailure) -> None:
        """Nothing will be fetched: the server is not asked just now."""
        self._trouble = _on_page(len(self._taken) + 1, failure)
        self._ended = time.monotonic()

    def _fetch(self, at: Target, client: FhirClient, access: Access) -> bytes:
        """One page. A server may refuse to sort or to size pages: then the search is made once more without that.

        Oracle Health's documents name neither for Condition, and no ``_sort`` at all.
        """
        try:
            return client.fetch(at, access)
        except HttpStatus as refused:
            plain = without_order(at)
            if refused.status != 400 or self._taken or plain == at:
                raise
            self._at = plain
            return client.fetch(plain, access)

    def _take(self, body: Body, page: Page) -> None:
        self._taken.append((body, page))
        self._wanted = None
        if not page.next_link:
            return
        if self._at is None:
            self._trouble = f"there are more pages, and {NO_SERVER}"
            return
        try:
            following = link_target(self._at, page.next_link)
        except UrlRefused as refused:
            self._trouble = f"the link to the next page {refused.reason}"
            return
        if following in self._seen:
            self._trouble = "the link to the next page leads back to one already read"
            return
        self._seen.add(following)
        self._wanted = following

    def so_far(self) -> KeyData:
        """What has been read by now. A run still under way is one that ran out of time."""
        begun, ended, taken = self._begun, self._ended, tuple(self._taken)
        if begun and not ended:
            reason = _on_page(len(taken) + 1, TimedOut())
        else:
            reason = self._trouble or _shortfall([page for _, page in taken])
        pages = tuple(body for body, page in taken if page.holds_data)
        typed = tuple(page.typed for _, page in taken if page.holds_data)
        state = self.state
        if state == "absent" and begun:
            state = "fetched" if taken else "failed"
        extent = (Extent.PARTIAL if pages else Extent.UNAVAILABLE) if reason else Extent.COMPLETE
        spent = round(((ended or time.monotonic()) - begun) * 1000) if begun else None
        return KeyData(self.key, state, pages, Completeness(extent, reason), spent, typed)


def _on_page(number: int, failure: FetchFailure) -> str:
    return f"page {number}: {failure.reason}" if number > 1 else failure.reason


def _shortfall(pages: list[Page]) -> str:
    """Why pages that were read to the end are still not all there is."""
    trouble = next((page.trouble for page in pages if page.trouble), "")
    hits = len({hit for page in pages for hit in page.hits})
    total = max((page.total for page in pages), default=0)
    if not trouble and hits < total:
        # total counts matches over all pages: a client or a server that cut the list leaves this trace
        return f"{total} results were counted, but only {hits} came, with no link to the others"
    return trouble
