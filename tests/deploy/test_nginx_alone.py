"""nginx before instances that are not there, do not answer, or only listen to what it passes on."""

import re
import socket
from pathlib import Path
from threading import Thread

import pytest

from tests.deploy.load import body, session
from tests.deploy.nginx_server import nginx
from tests.deploy.outcomes import outcome
from tests.trust.ehr import PATH, token_for

pytestmark = pytest.mark.servers


def test_the_callers_address_is_the_proxys_word(tmp_path: Path) -> None:
    """Whatever a caller says of itself: otherwise anybody could call from any address."""
    heard: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hear() -> None:
            connection = listener.accept()[0]
            heard.append(connection.recv(65536).decode())
            connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
            connection.close()

        thread = Thread(target=hear)
        thread.start()
        address = f"127.0.0.1:{listener.getsockname()[1]}"
        with nginx(tmp_path / "nginx", [address, address]) as proxy, session(proxy.certificate) as client:
            lies = {"X-Forwarded-For": "10.0.0.1", "X-Forwarded-Proto": "http", "Forwarded": "for=10.0.0.1"}
            assert client.get(f"{proxy.url}//cds-services?a=b", headers=lies).status_code == 204
        thread.join(10)
    (request,) = heard
    assert request.startswith("GET //cds-services?a=b HTTP/1.1"), "the path as called: the token names it"
    assert re.search(r"^X-Forwarded-For: 127\.0\.0\.1\r$", request, re.M)
    assert re.search(r"^X-Forwarded-Proto: https\r$", request, re.M)
    assert "10.0.0.1" not in request


def test_no_instance_is_502(tmp_path: Path) -> None:
    nobody = [f"127.0.0.1:{_closed_port()}", f"127.0.0.1:{_closed_port()}"]
    with nginx(tmp_path / "nginx", nobody) as proxy, session(proxy.certificate) as client:
        for _ in range(3):
            answer = client.post(proxy.url + PATH, data=body(), headers=token_for())
            assert answer.status_code == 502
            assert outcome(answer) == "The service does not answer: nothing was assessed. Call again, with a new token."


def test_an_instance_that_does_not_answer_is_504_and_the_call_is_not_sent_twice(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        deaf = [f"127.0.0.1:{each.getsockname()[1]}" for each in (one, other)]
        with nginx(tmp_path / "nginx", deaf) as proxy, session(proxy.certificate) as client:
            answer = client.post(proxy.url + PATH, data=body(), headers=token_for(), timeout=30)
        assert answer.status_code == 504
        assert outcome(answer) == "The service did not answer in time: nothing was assessed."
        assert [_waiting(one), _waiting(other)].count(0) == 1


@pytest.mark.parametrize(("method", "path", "heard"), [("POST", PATH, 1), ("GET", "/cds-services", 2)])
def test_a_call_whose_instance_died_is_sent_again_only_if_nginx_takes_it_for_harmless(
    tmp_path: Path, method: str, path: str, heard: int
) -> None:
    """nginx has no setting that spares a GET this: docs/deploy.md tells what its caller sees."""
    requests: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:

        def hear_and_die(listener: socket.socket) -> None:
            listener.settimeout(5)
            try:
                connection = listener.accept()[0]
            except TimeoutError:
                return
            with connection:
                requests.append(connection.recv(65536))

        threads = [Thread(target=hear_and_die, args=(each,)) for each in (one, other)]
        for thread in threads:
            thread.start()
        dying = [f"127.0.0.1:{each.getsockname()[1]}" for each in (one, other)]
        with nginx(tmp_path / "nginx", dying) as proxy, session(proxy.certificate) as client:
            answer = client.request(method, proxy.url + path, data=body() if method == "POST" else None)
        for thread in threads:
            thread.join()
    assert answer.status_code == 502
    assert outcome(answer) == "The service does not answer: nothing was assessed. Call again, with a new token."
    assert len(requests) == heard


def _closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        return int(gone.getsockname()[1])


def _waiting(listener: socket.socket) -> int:
    """How many connections it never took."""
    listener.setblocking(False)
    taken = 0
    while True:
        try:
            listener.accept()[0].close()
        except BlockingIOError:
            return taken
        taken += 1
