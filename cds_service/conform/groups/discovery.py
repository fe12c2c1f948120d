"""Discovery: at the standard path, or where services that got it wrong are known to have it.

https://cds-hooks.hl7.org/2.0/#discovery
"""

from cds_service.conform.bench import Bench, Offered
from cds_service.conform.exchange import Exchange
from cds_service.conform.verdicts import Group, NotTested, Verdict, failed, not_tested, passed
from cds_service.ehr.problems import CannotStart

STANDARD = "cds-services"
# Where services in the wild answer instead: discovery, and the path its services are under.
ELSEWHERE = (
    ("cds-services/", "cds-services"),
    ("cds-discovery", "cds-services"),
    ("cds/cds-discovery", "cds/cds-services"),
    ("cds/cds-services", "cds/cds-services"),
    ("cds-services/discovery", "cds-services"),
    ("api/cds-services", "api/cds-services"),
    ("cds-hooks/cds-services", "cds-hooks/cds-services"),
    ("services", "services"),
    ("", STANDARD),
)

group = Group("discovery")


def find(bench: Bench) -> None:
    """Looks for the services, and tells the bench; CannotStart if nobody answers at all or has the service named."""
    bench.discovery = bench.wire.get(STANDARD)
    if not bench.discovery.status:
        raise CannotStart(f"{bench.options.base}: {bench.discovery.said}. Is the service running? Check BASE_URL.")
    found = bench.discovery
    if _services(found) is None:
        for path, services_path in ELSEWHERE:
            tried = bench.wire.get(path)
            if _services(tried) is not None:
                found, bench.discovery_path, bench.services_path = tried, path, services_path
                break
    listed = _services(found)
    if listed is None:
        refused = ": give a --token or a --sign-key" if bench.discovery.status in (401, 403) else ""
        bench.no_services = f"Discovery failed: {bench.discovery.said}{refused}"
        return
    bench.discovery = found
    bench.answers.append((found, b""))
    bench.services = tuple(_offered(bench, listed))
    if wanted := [each for each in bench.options.service_ids if each not in {found.id for found in bench.services}]:
        ids = ", ".join(str(each.get("id")) for each in listed if isinstance(each, dict)) or "none"
        raise CannotStart(f"--service-id {wanted[0]}: discovery lists no such service, but {ids}.")
    bench.no_services = "Discovery lists no service that could be called"


def _services(exchange: Exchange) -> list[object] | None:
    listed = exchange.json.get("services") if exchange.ok and isinstance(exchange.json, dict) else None
    return listed if isinstance(listed, list) else None


def _offered(bench: Bench, listed: list[object]) -> list[Offered]:
    wanted = bench.options.service_ids
    found = []
    for each in listed:
        if not isinstance(each, dict) or not (isinstance(each.get("id"), str) and isinstance(each.get("hook"), str)):
            continue
        templates = each.get("prefetch")
        if each["id"] and (not wanted or each["id"] in wanted):
            found.append(
                Offered(each["id"], each["hook"], _Templates(templates if isinstance(templates, dict) else {}))
            )
    return list(dict.fromkeys(found))


class _Templates(dict[str, object]):
    """Templates by key; hashable, so that a service can be a key itself."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(self))


def _of(bench: Bench) -> Exchange:
    if bench.discovery is None:
        raise NotTested(bench.no_services)
    return bench.discovery


@group.check("Discovery answers at /cds-services", "cds-hooks_2.0@4", "cds-hooks_2.0@5")
def at_the_standard_path(bench: Bench) -> Verdict:
    found = _of(bench)
    if _services(found) is None:
        return failed(f"GET /{STANDARD}: {found.said}, without a list of services", found)
    if bench.discovery_path != STANDARD:
        return failed(
            f"Discovery answers at /{bench.discovery_path} instead of /{STANDARD}; the run goes on with it", found
        )
    return passed(found)


@group.check("Discovery answers with HTTP 200", "cds-hooks_2.0@13")
def with_200(bench: Bench) -> Verdict:
    found = _of(bench)
    if found.status == 200:
        return passed(found)
    return failed(f"GET /{STANDARD}: {found.said}", found)


@group.check("Discovery is an object with a list of services", "cds-hooks_2.0@6")
def lists_services(bench: Bench) -> Verdict:
    found = _of(bench)
    if not found.ok:
        return not_tested(bench.no_services)
    return passed(found) if _services(found) is not None else failed("The body has no list of services", found)
