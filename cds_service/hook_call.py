"""The story of one hook call: from what an EHR sent to the cards it gets back.

``answer`` is the whole of it; each step is one function in one place.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from time import perf_counter
from typing import NamedTuple

from cds_service.advice.occasion import CardContext
from cds_service.advice.write import write_cards
from cds_service.clinical.assess import assess
from cds_service.clinical.findings import Assessment
from cds_service.clinical.questions import concerns_us
from cds_service.clinical.record import Record
from cds_service.clinical.scene import Hook
from cds_service.clinical.switched_off import without
from cds_service.codes.prefetch_keys import ALL, REQUIRED
from cds_service.fhir.chart import Orders, SiteTime, look_again, read_chart
from cds_service.fhir.gather import gather
from cds_service.fhir.keydata import KeyData
from cds_service.hooks.prefetch import fill
from cds_service.hooks.request import HookRequest
from cds_service.hooks.response import hook_response
from cds_service.hooks.services import Service
from cds_service.hooks.sufficiency import require_enough
from cds_service.hooks.trace import trace
from cds_service.site import Site
from cds_service.switches.discretion import EVERYTHING, Card, Discretion


class Reply(NamedTuple):
    """The body of a 200, and what the audit is told of it: the data, the assessment (None: no order of ours), cards.

    ``withheld``: why a card did not leave, by its position.
    """

    body: bytes
    keys: Mapping[str, KeyData] = {}
    assessment: Assessment | None = None
    cards: Sequence[Card] = ()
    withheld: Mapping[int, str] = {}


class _Asked(NamedTuple):
    """One call, from beginning to end. ``started``: the clock then."""

    request: HookRequest
    site: Site
    discretion: Discretion
    started: float


def answer(
    request: HookRequest, service: Service, site: Site, now: datetime, discretion: Discretion = EVERYTHING
) -> Reply:
    """The cards that may be shown, and why. Raises CdsError for every other status than 200."""
    asked, hook = _Asked(request, site, discretion, perf_counter()), Hook(service.hook)
    access = site.access(request)
    orders = _orders(request, hook)
    if hook is not Hook.VIEW and not concerns_us(orders.drafts()):
        return _reply(asked)
    keys = gather(request.prefetch, fill(service.prefetch, request.context), site.client, access)
    record = read_chart(orders, keys, site.client, access, _time(now, site))
    if hook is not Hook.VIEW and not concerns_us(record.drafts):
        return _reply(asked, keys)
    assessment = without(_assess(record, hook, keys, now, site), discretion.off)
    cards = write_cards(assessment, site.library, _context(request, site))
    return _reply(asked, keys, assessment, cards)


def _orders(request: HookRequest, hook: Hook) -> Orders:
    """Advice is about the selected orders where the hook has a selection, else about all of them."""
    selections = request.context.selections if hook is Hook.SELECT else None
    return Orders(request.patient_id, request.context.draft_orders, selections)


def _assess(record: Record, hook: Hook, keys: Mapping[str, KeyData], now: datetime, site: Site) -> Assessment:
    """What there is to say; what missing data could overturn is said after a second look at the data only."""
    require_enough(hook, record, keys)
    assessment = assess(record, hook, now, site.profile.thresholds)
    read = ALL if assessment.reads_all else REQUIRED
    if assessment.firm or (doubted := look_again(record, keys, read)) is record:
        return assessment
    require_enough(hook, doubted, keys)
    return assess(doubted, hook, now, site.profile.thresholds)


def _time(now: datetime, site: Site) -> SiteTime:
    return SiteTime(now, site.settings.zone, site.profile.thresholds.longest_look_back)


def _context(request: HookRequest, site: Site) -> CardContext:
    return CardContext(
        hook_instance=request.hook_instance,
        mode=site.settings.mode,
        profile=site.profile.name,
        zone=site.settings.zone,
        suggestions=site.terms.suggestions,
    )


def _reply(
    asked: _Asked, keys: Mapping[str, KeyData] = {}, assessment: Assessment | None = None, cards: Sequence[Card] = ()
) -> Reply:
    """The response with the cards that may leave, and what was left out; with the trace where the site has it on."""
    request, site, discretion, started = asked
    withheld = discretion.withholds(cards)
    sent = [card for at, card in enumerate(cards) if at not in withheld]
    told = discretion.told(cards, withheld)
    if site.settings.tracing:
        about = {
            "rulesVersion": site.library.version,
            "contentHash": site.library.content_hash,
            "profile": site.profile.name,
            "milliseconds": round((perf_counter() - started) * 1000, 1),
        }
        told = trace(keys, assessment, request.notes, about) | told
    return Reply(hook_response(sent, told), keys, assessment, cards, withheld)
