"""TLS: whom it trusts, and that it keeps to the deadline as well."""

import socket
import ssl
from pathlib import Path

import pytest

from cds_service.fhir.client import FhirClient
from cds_service.fhir.failures import Unreachable
from cds_service.settings import Settings
from cds_service.site import Site
from tests.fault_server import FaultServer
from tests.fhir.sample import access_to, fetch, given_up, observations
from tests.in_time import in_time

TLS = Path(__file__).parent / "tls"


class TlsServer(FaultServer):
    """The fault server behind TLS, with the certificate that only these tests trust."""

    def __init__(self, fault: str = "none") -> None:
        super().__init__(observations, fault)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(TLS / "test-only-certificate.pem", TLS / "test-only-key.pem")
        self.base_url = self.base_url.replace("http:", "https:")

    def wrap(self, connection: socket.socket) -> socket.socket:
        return self._context.wrap_socket(connection, server_side=True)


def test_tls_with_a_hospitals_own_authority() -> None:
    client = FhirClient(ca_bundle=str(TLS / "test-only-certificate.pem"))
    with TlsServer() as server:
        assert fetch(client, access_to(server.base_url))
        assert fetch(client, access_to(server.base_url.replace("127.0.0.1", "localhost")))
    client.close()


def test_the_setting_reaches_the_client() -> None:
    site = Site.open(Settings(ca_bundle=str(TLS / "test-only-certificate.pem")))
    with TlsServer() as server:
        access = site.way_to(server.base_url, "", 1000)
        assert fetch(site.client, access)
    site.client.close()


@pytest.mark.parametrize("fault", ["dripped-headers", "dripped-body", "stalled-body"])
def test_tls_keeps_to_the_deadline(fault: str) -> None:
    client = FhirClient(ca_bundle=str(TLS / "test-only-certificate.pem"))
    with TlsServer(fault) as server:
        in_time(0.1, lambda: given_up(client, server.base_url))
    client.close()


def test_a_certificate_that_is_not_trusted(client: FhirClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, str(TLS / "test-only-certificate.pem"))
    with TlsServer() as server, pytest.raises(Unreachable, match="certificate"):
        fetch(client, access_to(server.base_url))
    assert server.requests == []


def test_a_server_that_never_shakes_hands() -> None:
    client = FhirClient()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        in_time(0.1, lambda: given_up(client, f"https://127.0.0.1:{silent.getsockname()[1]}/fhir"))
    client.close()
