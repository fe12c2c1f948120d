"""CORS: what a browser-based client needs. https://cds-hooks.hl7.org/2.0/#cross-origin-resource-sharing"""

import json

from cds_service.conform.bench import Bench
from cds_service.conform.exchange import Exchange
from cds_service.conform.groups.refusals import ORIGIN, allows
from cds_service.conform.verdicts import Group, Verdict, failed, passed

group = Group("browsers")

_REQUIREMENT = "cds-hooks_2.0@208"
# The public CDS Hooks sandbox signs every call, discovery included: its preflights ask for both headers.
_ASKED_HEADERS = ("authorization", "content-type")


@group.check("A browser may ask for discovery", _REQUIREMENT)
def discovery_from_a_browser(bench: Bench) -> Verdict:
    bench.offered()
    return _readable("GET of discovery", bench.wire.get(bench.discovery_path, {"Origin": ORIGIN}))


@group.check("A browser's preflight of discovery is answered", _REQUIREMENT)
def preflight_of_discovery(bench: Bench) -> Verdict:
    bench.offered()
    return _preflight(bench, bench.discovery_path, "GET")


@group.check("A browser's preflight of a call is answered", _REQUIREMENT)
def preflight_of_a_call(bench: Bench) -> Verdict:
    return _preflight(bench, bench.path(bench.offered()[0]), "POST")


@group.check("A browser may read the cards", _REQUIREMENT)
def call_from_a_browser(bench: Bench) -> Verdict:
    service = bench.offered()[0]
    plain = bench.plain(service)
    exchange = bench.wire.post(bench.path(service), json.dumps(plain.body).encode(), {"Origin": ORIGIN})
    return _readable("A call", exchange)


def _readable(what: str, exchange: Exchange) -> Verdict:
    if not exchange.ok:
        return failed(f"{what} with an Origin header: {exchange.said}", exchange)
    allowed = exchange.headers.get("access-control-allow-origin", "")
    if allows(allowed):
        return passed(exchange)
    named = f"Access-Control-Allow-Origin {allowed!r}" if allowed else "no Access-Control-Allow-Origin"
    return failed(f"{what} with an Origin header: {named}", exchange)


def _preflight(bench: Bench, path: str, method: str) -> Verdict:
    asks = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": ",".join(_ASKED_HEADERS),
    }
    exchange = bench.wire.send("OPTIONS", path, b"", asks, token="")  # a browser sends no token with a preflight
    verdict = _readable(f"The preflight of {method}", exchange)
    if verdict.message:
        return verdict
    methods, headers = (_listed(exchange, f"access-control-allow-{what}") for what in ("methods", "headers"))
    if method != "GET" and not {method.lower(), "*"} & methods:
        return failed(
            f"The preflight of {method} allows only the methods {', '.join(sorted(methods)) or 'none'}", exchange
        )
    # "*" never includes Authorization: https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
    missing = [
        each for each in _ASKED_HEADERS if each not in headers and (each == "authorization" or "*" not in headers)
    ]
    if missing:
        return failed(f"The preflight of {method} allows no header {' and no '.join(missing)}", exchange)
    return passed(exchange)


def _listed(exchange: Exchange, header: str) -> set[str]:
    return {each.strip().lower() for each in exchange.headers.get(header, "").split(",") if each.strip()}
