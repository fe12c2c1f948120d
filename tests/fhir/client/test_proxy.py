"""A configured proxy: https goes through it, by CONNECT, unless the client's servers are in house."""

import contextlib
import socket
import socketserver
import threading
from collections.abc import Iterator

import pytest

from cds_service.fhir.client import FhirClient
from cds_service.fhir.failures import Unreachable
from cds_service.fhir.urls import PRODUCTION, SANDBOX, UrlRefused, check_base
from tests.fault_server import FaultServer
from tests.fhir.client.test_tls import TLS, TlsServer
from tests.fhir.sample import TOKEN, access_to, fetch, given_up, observations
from tests.in_time import in_time

CERTIFICATE = str(TLS / "test-only-certificate.pem")


class Proxy(socketserver.ThreadingTCPServer):
    """Answers CONNECT, whatever the name, by a tunnel to 127.0.0.1 at the port asked for."""

    daemon_threads = True

    def __init__(self, answer: bytes = b"HTTP/1.1 200 OK\r\n\r\n") -> None:
        super().__init__(("127.0.0.1", 0), _Tunnel)
        self.answer = answer
        self.asked: list[str] = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()


class _Tunnel(socketserver.BaseRequestHandler):
    server: Proxy

    def handle(self) -> None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self.request.recv(1)
        self.server.asked.append(head.decode())
        self.request.sendall(self.server.answer)
        if b" 200 " not in self.server.answer:
            return
        port = int(head.split()[1].rpartition(b":")[2])
        with socket.create_connection(("127.0.0.1", port)) as inner:
            back = threading.Thread(target=_pump, args=(inner, self.request), daemon=True)
            back.start()
            _pump(self.request, inner)
            back.join()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    """Until either end is done: then both are shut down, which also wakes the pump of the other direction."""
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    for each in (source, sink):
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with Proxy() as proxy:
        yield proxy
        proxy.shutdown()


@pytest.fixture
def client(proxy: Proxy) -> Iterator[FhirClient]:
    client = FhirClient(ca_bundle=CERTIFICATE, proxy=proxy.url)
    yield client
    client.close()


def test_https_goes_through_the_tunnel_and_the_proxy_sees_no_token(client: FhirClient, proxy: Proxy) -> None:
    with TlsServer() as server:
        base = server.base_url.replace("127.0.0.1", "localhost")
        for _ in range(2):
            assert fetch(client, access_to(base))
    (head,) = proxy.asked
    assert head.startswith(f"CONNECT {base.removeprefix('https://').removesuffix('/fhir')} HTTP/1.")
    assert TOKEN not in head
    assert [request.headers["authorization"] for request in server.requests] == [f"Bearer {TOKEN}"] * 2


def test_in_production_the_proxy_may_be_on_this_machine_or_a_private_address(client: FhirClient, proxy: Proxy) -> None:
    """The site chose it. The FHIR server's name is not resolved here, so the certificate is what is left to check."""
    proxy.answer = b"HTTP/1.1 502 No\r\n\r\n"
    with pytest.raises(Unreachable, match="the proxy does not lead there"):
        fetch(client, access_to("https://ehr.example.org/fhir", rules=PRODUCTION))
    assert proxy.asked[0].startswith("CONNECT ehr.example.org:443 ")


def test_a_certificate_of_another_name_is_refused_through_the_tunnel_too(client: FhirClient) -> None:
    with TlsServer() as server, pytest.raises(Unreachable, match="certificate"):
        fetch(client, access_to(server.base_url.replace("127.0.0.1", "ehr.example.org")))
    assert server.requests == []


def test_servers_in_house_are_contacted_directly(client: FhirClient, proxy: Proxy) -> None:
    with TlsServer() as server:
        assert fetch(client, access_to(server.base_url, rules=SANDBOX.limited_to([server.base_url], ["127.0.0.0/8"])))
    assert proxy.asked == []


def test_plain_http_is_never_sent_to_the_proxy(client: FhirClient, proxy: Proxy) -> None:
    with FaultServer(observations) as server:
        assert fetch(client, access_to(server.base_url))
    assert proxy.asked == []


@pytest.mark.parametrize("answer", [b"HTTP/1.1 403 No\r\n\r\n", b"HTTP/1.1 407 Who\r\n\r\n"])
def test_a_proxy_that_refuses(client: FhirClient, proxy: Proxy, answer: bytes) -> None:
    proxy.answer = answer
    with TlsServer() as server, pytest.raises(Unreachable, match="the proxy does not lead there"):
        fetch(client, access_to(server.base_url))
    assert server.connections == 0


def test_a_proxy_that_hangs_ends_at_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = FhirClient(ca_bundle=CERTIFICATE, proxy=f"http://127.0.0.1:{silent.getsockname()[1]}")
        in_time(0.1, lambda: given_up(client, "https://localhost:9/fhir"))
        client.close()


@pytest.mark.parametrize("host", ["10.0.0.7", "169.254.169.254", "127.0.0.1", "metadata.google.internal", "localhost"])
def test_an_address_as_a_number_or_a_known_name_is_still_checked_here(host: str) -> None:
    with pytest.raises(UrlRefused):
        check_base(f"https://{host}/fhir", PRODUCTION)
