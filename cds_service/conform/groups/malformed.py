"""Malformed calls: each is the caller's fault and has to be told so.

An answer of 200 with an empty list would be shown as "all clear"; a 5xx says that the service is broken.
"""

import json
from collections.abc import Callable
from typing import Any

from cds_service.conform.bench import Bench, Malformed, Offered, Played, gist
from cds_service.conform.exchange import Exchange
from cds_service.conform.verdicts import Group, NotTested, Verdict, failed, passed
from cds_service.hooks.context import HOOKS

Json = dict[str, Any]

group = Group("malformed", each_service=True)

NO_SUCH_SERVICE = "conform-no-such-service"
_MEGABYTE = b"[" + b"junk " * (1024 * 1024 // 5)
_LEVELS = 100_000


def _refusal(requirement: str, name: str, body: Callable[[Json], bytes], *, tolerable: bool = False) -> None:
    """A call that has to be refused; a tolerable one may at most be answered like the good call."""

    @group.check(f"{name} is refused", requirement)
    def refused(bench: Bench, service: Offered) -> Verdict:
        plain = bench.plain(service)
        exchange = bench.wire.post(bench.path(service), body(plain.body))
        return _must_refuse(bench, Malformed(name, service, exchange, tolerable))


def _must_refuse(bench: Bench, made: Malformed) -> Verdict:
    bench.malformed.append(made)
    if made.exchange.refused:
        return passed(made.exchange)
    return failed(f"{made.name}: {made.exchange.said}, not a 4xx", made.exchange)


def _changed(**members: Any) -> Callable[[Json], bytes]:
    return lambda body: json.dumps(body | members).encode()


def _without(name: str) -> Callable[[Json], bytes]:
    return lambda body: json.dumps({key: value for key, value in body.items() if key != name}).encode()


def _context(change: Callable[[Json], Json]) -> Callable[[Json], bytes]:
    return lambda body: json.dumps(body | {"context": change(body["context"])}).encode()


def _context_without(name: str) -> Callable[[Json], bytes]:
    return _context(lambda context: {key: value for key, value in context.items() if key != name})


def _two_patients(body: Json) -> bytes:
    other = {"context": body["context"] | {"patientId": "conform-other"}}
    return json.dumps(other).encode()[:-1] + b", " + json.dumps(body).encode()[1:]


def _nested(body: Json) -> bytes:
    deep = b'{"extension": {"org.example.deep": ' + b"[" * _LEVELS + b"]" * _LEVELS + b"}, "
    return deep + json.dumps(body).encode()[1:]


def _other_hook(body: Json) -> bytes:
    return _changed(hook=next(each for each in HOOKS if each != body["hook"]))(body)


_NO_JSON = "anakinra-cds_1@refuse-no-json"
_TYPES = "anakinra-cds_1@refuse-wrong-types"
_MISSING = "anakinra-cds_1@refuse-missing-members"
_refusal(_NO_JSON, "An empty body", lambda _: b"")
_refusal(_NO_JSON, "A body of plain text", lambda _: b"patient-view, please")
_refusal(_NO_JSON, "A body cut off in the middle", lambda body: json.dumps(body).encode()[: len(json.dumps(body)) // 2])
_refusal(_NO_JSON, "A binary body", lambda _: bytes(range(256)) * 4)
_refusal(_TYPES, "A list as body", lambda body: json.dumps([body]).encode())
_refusal(_TYPES, "null as body", lambda _: b"null")
_refusal(_TYPES, "A number as hook", _changed(hook=7))
_refusal(_TYPES, "Text as context", _changed(context="patient"))
_refusal(_TYPES, "An object as patientId", _context(lambda context: context | {"patientId": {"id": 7}}))
_refusal(_MISSING, "A call without hook", _without("hook"))
_refusal(_MISSING, "A call without context", _without("context"))
_refusal(_MISSING, "A call without patientId", _context_without("patientId"))
_refusal(
    "anakinra-cds_1@refuse-no-hook-instance", "A call without hookInstance", _without("hookInstance"), tolerable=True
)
_refusal("anakinra-cds_1@refuse-other-hook", "A call with another hook", _other_hook)
_refusal(
    "anakinra-cds_1@refuse-nan",
    "A body with NaN",
    _changed(extension={"org.example.number": float("nan")}),
    tolerable=True,
)
_refusal("anakinra-cds_1@refuse-duplicate-names", "A body with two contexts", _two_patients, tolerable=True)


@group.check("A call without draftOrders is refused", _MISSING)
def without_draft_orders(bench: Bench, service: Offered) -> Verdict:
    plain = bench.plain(service)
    if "draftOrders" not in plain.body["context"]:
        raise NotTested(f"{service.hook} has no draftOrders")
    exchange = bench.wire.post(bench.path(service), _context_without("draftOrders")(plain.body))
    return _must_refuse(bench, Malformed("A call without draftOrders", service, exchange))


@group.check("A call to an unknown service is refused", "anakinra-cds_1@unknown-service")
def unknown_service(bench: Bench, service: Offered) -> Verdict:
    body = json.dumps(bench.plain(service).body).encode()
    exchange = bench.wire.post(bench.path(NO_SUCH_SERVICE), body)
    return _must_refuse(bench, Malformed("A call to an unknown service", service, exchange))


@group.check("GET on a service is refused", "anakinra-cds_1@method")
def get_on_a_service(bench: Bench, service: Offered) -> Verdict:
    return _must_refuse(bench, Malformed("GET on a service", service, bench.wire.get(bench.path(service))))


@group.check("A megabyte of junk is refused", "anakinra-cds_1@refuse-junk")
def a_megabyte_of_junk(bench: Bench, service: Offered) -> Verdict:
    plain = bench.plain(service)
    exchange = bench.wire.post(bench.path(service), _MEGABYTE)
    verdict = _must_refuse(bench, Malformed("A megabyte of junk", service, exchange))
    return _still_answers(bench, service, plain) or verdict


@group.check("Deep nesting does no harm", "anakinra-cds_1@deep-nesting")
def deep_nesting(bench: Bench, service: Offered) -> Verdict:
    plain = bench.plain(service)
    exchange = bench.wire.post(bench.path(service), _nested(plain.body))
    made = Malformed(f"{_LEVELS} nested lists", service, exchange, True)
    return _still_answers(bench, service, plain) or _refused_or_same(bench, made, plain)


@group.check("Another Content-Type is refused or changes nothing", "anakinra-cds_1@media-type")
def another_media_type(bench: Bench, service: Offered) -> Verdict:
    plain = bench.plain(service)
    body = json.dumps(plain.body).encode()
    exchange = bench.wire.post(bench.path(service), body, {"Content-Type": "text/plain"})
    return _refused_or_same(bench, Malformed("A call as text/plain", service, exchange, True), plain)


def _refused_or_same(bench: Bench, made: Malformed, plain: Played) -> Verdict:
    if made.exchange.cards is not None and gist(made.exchange.cards) == gist(plain.exchange.cards):
        return passed(made.exchange, note="answered as if it were well-formed")
    return _must_refuse(bench, made)


def _still_answers(bench: Bench, service: Offered, plain: Played) -> Verdict | None:
    after: Exchange = bench.call(service, plain.body)
    return failed(f"The next valid call: {after.said}", after) if after.cards is None else None
