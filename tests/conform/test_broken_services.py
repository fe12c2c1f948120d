"""Each fault of a CDS service is found, in the line it belongs to, and in no other.

A row: what is wrong with the service, how a good one is changed to be so, and the requirements that must fail: a
number is of CDS Hooks 2.0, a name of this project's own list.
"""

from collections.abc import Callable

import pytest

from tests.conform.conftest import quick, wrong
from tests.conform.faults import (
    NO_CARDS,
    always,
    answers,
    card,
    discovery,
    each_card,
    feedback,
    if_asked,
    lenient,
    link,
    moved_to,
    one_at_a_time,
    prefetch,
    refusals,
    service,
    slow_again,
    suggestion,
    without,
    without_header,
)
from tests.conform.good_service import CARD, SERVICE, Change, GoodService, Reply, outcome

NOT_LISTED = {"services": {"neutrophils": SERVICE}}
NO_CORS = {"Access-Control-Allow-Origin": ""}
RECOMMENDED = {"label": "a", "uuid": "5c8a2f0e-1111-4222-8333-94445555666", "isRecommended": True}
TWO_RECOMMENDED = [RECOMMENDED | {"uuid": RECOMMENDED["uuid"] + each} for each in "12"]
# What every malformed call of a run is refused under.
REFUSED = (
    "unknown-service refuse-no-json refuse-wrong-types refuse-missing-members refuse-no-hook-instance "
    "refuse-other-hook refuse-nan refuse-duplicate-names refuse-junk method"
)


def is_outcome(value: object) -> bool:
    return isinstance(value, dict) and value.get("resourceType") == "OperationOutcome"


BROKEN: list[tuple[str, Change, str]] = [
    # discovery
    ("discovery elsewhere, as HealthChain has it", moved_to("cds/cds-discovery", "cds/cds-services"), "4 5"),
    ("discovery at the root", moved_to("", "cds-services"), "4 5"),
    ("discovery answers 201", discovery(lambda reply: reply._replace(status=201)), "13"),
    ("discovery is a list", discovery(lambda _: Reply(200, [SERVICE])), "4 5 6"),
    ("discovery has an object of services", discovery(lambda _: Reply(200, NOT_LISTED)), "4 5 6"),
    ("discovery is HTML", discovery(lambda _: Reply(200, b"<html>")), "4 5 6"),
    ("discovery redirects", discovery(lambda _: Reply(301, b"", {"Location": "/x"})), "4 5 13"),
    ("discovery fails", discovery(lambda _: Reply(500, b"")), "4 5 13"),
    ("a service without a title", service(title=None), "8"),
    ("a service without a description", service(description=None), "9"),
    ("a prefetch token out of nowhere", service(prefetch=SERVICE["prefetch"] | {"x": "Patient/{{patient}}"}), "56 59"),
    # answers
    ("answers without a Content-Type", without_header("Content-Type"), "1"),
    ("answers that are no JSON", answers(lambda _, __: Reply(200, b"<html>")), "1 2 16 74"),
    ("answers in Latin-1", answers(lambda _, __: Reply(200, b'{"cards":[],"a":"\xe9"}')), "1 8.1 16 74"),
    ("answers with status 500", answers(always(500, b"")), "16 74"),
    ("no list of cards", answers(always(200, {})), "16 74"),
    (
        "204 where there is no card",
        answers(lambda _, reply: reply if reply.body["cards"] else Reply(204, b"")),
        "1 2 16 74 unusual-calls prefetch-states",
    ),
    ("500 for a patient without a name", if_asked(lambda call: b"64-char" in call.body, always(500)), "unusual-calls"),
    (
        "unknown members refused",
        if_asked(lambda call: b"extension" in call.body, always(422, outcome("why"))),
        "unknown-members",
    ),
    (
        "other uuids for the same call",
        answers(lambda call, reply: lenient(call, reply) if reply.body["cards"] else reply),
        "stable-uuid",
    ),
    ("an empty list in a card", card(links=[]), "3"),
    ("412 for every patient, which may be right", answers(always(412, outcome("no data"))), ""),
    # cards
    ("a summary of 140 characters", card(summary="x" * 140), "83"),
    ("a card without indicator", card(indicator=None), "87 88 89"),
    ("an indicator of another word", card(indicator="hard-stop"), "87 88 89"),
    ("a card without source", card(source=None), "90"),
    ("a source without label", card(source={"topic": CARD["source"]["topic"]}), "105"),
    ("a card without uuid", card(uuid=None), "card-uuid"),
    ("one uuid for two", each_card(lambda found: found | {"uuid": found["suggestions"][0]["uuid"]}), "uuid-unique"),
    ("HTML in the detail", card(detail="<b>0.75</b>"), "markdown-html"),
    ("suggestions without selectionBehavior", card(selectionBehavior=None), "93 96"),
    ("two recommended of at most one", card(suggestions=TWO_RECOMMENDED), "122"),
    ("a suggestion without label", suggestion(label=None), "117"),
    ("a link without type", link(type=None), "141 142"),
    ("appContext on an absolute link", link(appContext="x"), "146 147"),
    ("an override reason without display", card(overrideReasons=[{"code": "a", "system": "urn:b"}]), "100 136 219"),
    # data
    ("it never fetches", without("fhirServer", "fhirAuthorization"), "34"),
    ("it fetches without the token", without("fhirAuthorization"), "61"),
    ("failed data taken for none", prefetch(lambda value: None if is_outcome(value) else value), "52"),
    (
        "a first page taken for nothing",
        prefetch(lambda value: None if "link" in (value or ()) else value),
        "first-page",
    ),
    (
        "null is a fault",
        if_asked(lambda call: b'"counts": null' in call.body, always(500)),
        "16 74 unusual-calls prefetch-states",
    ),
    ("missing data an all-clear", lambda _, reply: Reply(200, NO_CARDS) if reply.status == 412 else reply, "52 54"),
    ("missing data a 400", lambda _, reply: reply._replace(status=400) if reply.status == 412 else reply, "52 54"),
    # malformed calls
    ("refusals become 500", refusals(always(500)), f"{REFUSED} deep-nesting malformed-no-5xx operation-outcome"),
    ("refusals become silence", refusals(lambda _, __: None), f"{REFUSED} deep-nesting malformed-no-5xx"),
    ("refusals become empty cards", refusals(always(200)), f"{REFUSED} deep-nesting no-false-all-clear"),
    ("refusals become cards", refusals(lenient), f"{REFUSED} no-false-all-clear"),
    ("refusals are plain text", refusals(lambda _, reply: reply._replace(body=b"no")), "operation-outcome"),
    (
        "text/plain an all-clear",
        if_asked(lambda call: call.headers.get("content-type") == "text/plain", always(200)),
        "media-type no-false-all-clear",
    ),
    # browsers
    ("no CORS headers", without_header("Access-Control-Allow-Origin"), "208 cors-on-errors"),
    ("no CORS headers on errors", refusals(lambda _, reply: reply._replace(headers=NO_CORS)), "cors-on-errors"),
    ("a preflight that is refused", if_asked(lambda call: call.method == "OPTIONS", always(405)), "208"),
    ("a preflight without Authorization", without_header("Access-Control-Allow-Headers"), "208"),
    # feedback
    ("feedback that fails", feedback(always(500)), "feedback-taken feedback-malformed feedback-unknown-card"),
    ("feedback that takes anything", feedback(always(200)), "feedback-malformed"),
    # time
    ("slow answers", answers(slow_again()), "27"),
    ("one call at a time", answers(one_at_a_time()), "side-by-side"),
]


@pytest.mark.parametrize(("change", "lines"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_each_fault_is_found(change: Change, lines: str, serve: Callable[..., GoodService]) -> None:
    found = wrong(quick(serve(change).url))

    assert {each.rpartition("@")[2] for each in found} == set(lines.split())
