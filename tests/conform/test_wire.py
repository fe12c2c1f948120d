"""The HTTP of a run: every fault of a server is an exchange with a reason, in time, and never an exception."""

import socket
import threading
from collections.abc import Callable

import pytest

from cds_service.cli.child_server import free_port
from cds_service.conform import wire as wire_module
from cds_service.conform.exchange import Exchange
from cds_service.conform.wire import Wire
from tests.conform.good_service import Call, GoodService, Reply
from tests.fault_server import FaultServer
from tests.faults import FAULTS
from tests.fhir.client.test_tls import TlsServer
from tests.in_time import in_time, timed

TIMEOUT = 0.4
Serve = Callable[..., GoodService]


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_a_server_does_is_an_exchange_in_time(fault: str) -> None:
    def attempt() -> tuple[Exchange, float]:
        with FaultServer(lambda _: {"services": []}, fault) as server:
            return timed(lambda: Wire(server.base_url, timeout=TIMEOUT).get("cds-services"))

    exchange = in_time(1, attempt, TIMEOUT)
    assert exchange.status or exchange.fault
    assert exchange.said


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("slow-first-byte", "no answer in 0.4 s"),
        ("dripped-headers", "no answer in 0.4 s"),
        ("dripped-body", "no answer in 0.4 s"),
        ("hangs-up-at-once", "the connection broke off without an answer"),
        ("not-http", "the connection broke off without an answer"),
        ("body-shorter-than-declared", "HTTP 200 (an answer that broke off)"),
    ],
)
def test_the_reason_is_told(fault: str, says: str) -> None:
    with FaultServer(lambda _: {"services": []}, fault) as server:
        assert Wire(server.base_url, timeout=TIMEOUT).get("cds-services").said == says


def test_nobody_answers() -> None:
    exchange = Wire(f"http://127.0.0.1:{free_port()}").get("cds-services")

    assert (exchange.status, exchange.said) == (0, "nobody answers")


def test_a_certificate_that_is_not_trusted() -> None:
    with TlsServer() as server:
        assert Wire(server.base_url, timeout=2).get("cds-services").said == "no trusted TLS certificate"


def test_tls_where_there_is_none(serve: Serve) -> None:
    base = serve().url.replace("http:", "https:")

    assert Wire(base, timeout=2).get("cds-services").said == "no trusted TLS certificate"


def test_redirects_are_told_and_not_followed(serve: Serve) -> None:
    service = serve(lambda _, __: Reply(302, b"", {"Location": "/elsewhere"}))
    exchange = Wire(service.url).get("cds-services")

    assert exchange.said == "HTTP 302, a redirect to '/elsewhere', which EHRs do not follow"
    assert len(service.asked) == 1


def test_an_endless_answer_is_cut(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire_module, "LONGEST_ANSWER", 1024 * 1024)
    service = serve(lambda _, __: Reply(200, b"[" + b"1," * 1024 * 1024))
    exchange = Wire(service.url).get("cds-services")

    assert exchange.said == "HTTP 200 (an answer of more than 1 MB)"
    assert len(exchange.body) == 1024 * 1024


def test_a_kept_connection_that_the_server_closed_is_no_fault() -> None:
    """After an answer without "Connection: close" this server hangs up all the same, as some do after an error."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def one_answer_a_connection() -> None:
            for _ in range(3):
                connection, _ = listening.accept()
                with connection:
                    connection.recv(65536)
                    connection.sendall(answer)

        threading.Thread(target=one_answer_a_connection, daemon=True).start()
        wire = Wire(f"http://127.0.0.1:{listening.getsockname()[1]}", timeout=2)

        assert [wire.get("cds-services").said for _ in range(3)] == ["HTTP 200"] * 3


def test_no_cookie_comes_back_and_no_login_of_netrc(serve: Serve, tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password mine\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    service = serve(lambda _, reply: reply._replace(headers={"Set-Cookie": "a=b"}))
    wire = Wire(service.url)
    wire.get("cds-services")
    wire.get("cds-services")

    assert all("cookie" not in each.headers and "authorization" not in each.headers for each in service.asked)


@pytest.mark.parametrize(("given", "sent"), [(None, "Bearer ours"), ("", None), ("other", "Bearer other")])
def test_the_token_goes_out_and_is_not_kept(given: str | None, sent: str | None, serve: Serve) -> None:
    service = serve()
    more = {} if given is None else {"token": given}
    exchange = Wire(service.url, "ours").post("cds-services/neutrophils", b"{}", **more)

    (asked,) = service.asked
    assert asked.headers.get("authorization") == sent
    assert "ours" not in repr(exchange)


def test_what_a_library_cannot_take_is_a_fault_too(serve: Serve) -> None:
    def odd(_: Call, __: Reply) -> Reply:
        return Reply(200, b"{}", {"Content-Encoding": "gzip"})

    assert "HTTP" in Wire(serve(odd).url).get("cds-services").said
