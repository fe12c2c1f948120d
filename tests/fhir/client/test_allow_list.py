"""Only a client's own FHIR servers are contacted: a canary sees no connection, whatever a call names.

Of two URL parsers at least one reads each of these addresses as leading to the canary, or as beginning with the base
that is allowed.
"""

import socket
from typing import Any

import pytest

from cds_service.errors import BadRequest
from cds_service.fhir.client import FhirClient
from cds_service.fhir.failures import NotAllowed
from cds_service.fhir.gather import gather
from cds_service.fhir.keydata import KeyData
from cds_service.fhir.urls import PRODUCTION, SANDBOX, UrlRules
from cds_service.settings import Settings
from cds_service.site import Site
from tests.fault_server import Canary, FaultServer
from tests.fhir.sample import SEARCH, TOKEN, access_to, fetch

# {ehr} and {canary} are "127.0.0.1:port" of the server that is allowed and of the canary; {port} is the canary's
NEVER_CONTACTED = (
    "http://{canary}/fhir",
    "http://{canary}",
    "HTTP://{canary}/fhir/",
    "http://localhost:{port}/fhir",
    "http://127.0.0.2:{port}/fhir",
    "http://127.1:{port}/fhir",
    "http://2130706433:{port}/fhir",
    "http://0x7f000001:{port}/fhir",
    "http://0177.0.0.1:{port}/fhir",
    "http://0.0.0.0:{port}/fhir",
    "http://[::ffff:127.0.0.1]:{port}/fhir",
    "http://[::1]:{port}/fhir",
    "http://evil.example.org:{port}/fhir",
    "http://evil.localhost:{port}/fhir",
    "http://{ehr}@{canary}/fhir",
    "http://user:secret@{canary}/fhir",
    "http://{canary}@{ehr}/fhir",
    "http://{canary}\\@{ehr}/fhir",
    "http://{ehr}\\@{canary}/fhir",
    "http://{canary}#@{ehr}/fhir",
    "http://{canary}?@{ehr}/fhir",
    "http://{canary}/?x=http://{ehr}/fhir",
    "http://{ehr}%00.{canary}/fhir",
    "http://{ehr}%2f@{canary}/fhir",
    "http://%31%32%37.0.0.1:{port}/fhir",
    "http://{ehr}.evil.example.org:{port}/fhir",
    "http://{ehr}/fhirevil",
    "http://{ehr}/",
    "http://{ehr}",
    "http://{ehr}/fhir/../admin",
    "http://{ehr}/fhir/..;/admin",
    "http://{ehr}/fhir/%2e%2e/admin",
    "http://{ehr}//{canary}/fhir",
    "http:///{canary}/fhir",
    "http:{canary}/fhir",
    "//{canary}/fhir",
    "{canary}/fhir",
    "https://{ehr}/fhir",
    "https://{canary}/fhir",
    "http://{canary}\t/fhir",
    "http://{ehr}\r\nHost: {canary}/fhir",
    " http://{canary}/fhir",
    "http://{ehr}\u2044@{canary}/fhir",
    "http://\uff11\uff12\uff17.0.0.1:{port}/fhir",
    "ftp://{canary}/fhir",
    "file:///etc/passwd",
    "gopher://{canary}/_GET",
    "http://169.254.169.254/latest/meta-data",
    "http://metadata.google.internal/computeMetadata/v1",
)


@pytest.fixture(scope="module")
def site() -> Site:
    return Site.open(Settings())


@pytest.fixture
def every_name_is_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hostile name server: each name leads to this machine, where the canary listens."""

    def found(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr("cds_service.fhir.connect.socket.getaddrinfo", found)


def _named(address: str, ehr: FaultServer, canary: Canary) -> str:
    host = canary.url.removeprefix("http://")
    allowed = ehr.base_url.removeprefix("http://").removesuffix("/fhir")
    return address.format(canary=host, ehr=allowed, port=host.partition(":")[2])


def _ask(site: Site, fhir_server: str, rules: UrlRules) -> KeyData:
    access = site.way_to(fhir_server, TOKEN, 1000, rules)
    return gather({}, {"neutrophils": SEARCH}, site.client, access)["neutrophils"]


@pytest.mark.parametrize("address", NEVER_CONTACTED)
@pytest.mark.usefixtures("every_name_is_here")
def test_an_address_that_is_not_on_the_list_is_never_contacted(
    address: str, site: Site, ehr: FaultServer, canary: Canary
) -> None:
    rules = SANDBOX.limited_to([ehr.base_url])
    with pytest.raises(BadRequest, match=r"^fhirServer .+: send the base URL") as refused:
        _ask(site, _named(address, ehr, canary), rules)
    assert (canary.received, ehr.connections) == ([], 0)
    assert "127.0.0.1" not in str(refused.value)


def test_the_address_on_the_list_is(site: Site, ehr: FaultServer) -> None:
    assert _ask(site, ehr.base_url, SANDBOX.limited_to([ehr.base_url])).completeness.complete
    assert ehr.requests[0].headers["authorization"] == f"Bearer {TOKEN}"


def _production(canary: Canary, networks: tuple[str, ...]) -> tuple[str, UrlRules]:
    base = canary.url.replace("http://127.0.0.1", "https://ehr.example.org") + "/fhir"
    return base, PRODUCTION.limited_to([base], networks)


@pytest.mark.parametrize("networks", [(), ("10.0.0.0/8",), ("127.0.0.0/8",), ("0.0.0.0/0",)])
@pytest.mark.usefixtures("every_name_is_here")
def test_in_production_a_listed_name_that_leads_to_this_machine_is_not(
    networks: tuple[str, ...], client: FhirClient, canary: Canary
) -> None:
    base, rules = _production(canary, networks)
    with pytest.raises(NotAllowed, match="loopback"):
        fetch(client, access_to(base, rules=rules))
    assert canary.received == []
