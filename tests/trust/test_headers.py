"""The Authorization header as it comes over the wire: a right admission or a refusal, never a fault of ours."""

import re
import socket
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from tests.trust.deployed import instance
from tests.trust.ehr import BASE, HOSPITAL, In, bearer, claims, signed, token_for, write_clients

PATH = "/cds-services"
BARE = b'"diagnostics":"Authentication is required."'

# The header lines, with TOKEN where a good one stands, and the status. gunicorn itself answers 400 and 431.
HEADERS = {
    "as it should be": (b"Authorization: Bearer TOKEN", 200),
    "the scheme in lower case": (b"Authorization: bearer TOKEN", 200),
    "blanks around the value": (b"Authorization:   Bearer TOKEN  ", 200),
    "the name in capitals": (b"AUTHORIZATION: Bearer TOKEN", 200),
    "none": (b"X-Other: 1", 401),
    "empty": (b"Authorization: ", 401),
    "the scheme alone": (b"Authorization: Bearer ", 401),
    "two blanks between": (b"Authorization: Bearer  TOKEN", 401),
    "a tab between": (b"Authorization: Bearer\tTOKEN", 401),
    "in quotes": (b'Authorization: Bearer "TOKEN"', 401),
    "two good ones": (b"Authorization: Bearer TOKEN\r\nAuthorization: Bearer TOKEN", 401),
    "one of two schemes": (b"Authorization: Basic eDp5\r\nAuthorization: Bearer TOKEN", 401),
    "an empty one behind it": (b"Authorization: Bearer TOKEN\r\nAuthorization: ", 401),
    "bytes that are no Latin letters": (b"Authorization: Bearer \xe9\xffTOKEN", 401),
    "8 KB": (b"Authorization: Bearer " + b"a" * 8100, 401),
    "100 KB": (b"Authorization: Bearer " + b"a" * 100_000, 431),
    "a NUL": (b"Authorization: Bearer a\0b", 400),
    "a line break": (b"Authorization: Bearer a\rb", 400),
    "a folded line": (b"Authorization: Bearer\r\n TOKEN", 400),
    "as a variable of CGI": (b"HTTP_AUTHORIZATION: Bearer TOKEN", 401),
}


@pytest.fixture(scope="module")
def service_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    clients = write_clients(tmp_path_factory.mktemp("headers") / "clients.toml", HOSPITAL)
    with instance(clients, options=("--workers", "1")) as url:
        yield url


@pytest.mark.parametrize(("lines", "status"), HEADERS.values(), ids=HEADERS)
def test_a_header_over_the_wire(service_url: str, lines: bytes, status: int) -> None:
    sent = lines.replace(b"TOKEN", signed(claims(aud=BASE + PATH)).encode(), 1)
    sent = sent.replace(b"TOKEN", signed(claims(aud=BASE + PATH)).encode())
    host, port = service_url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 10) as connection:
        connection.sendall(b"GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n\r\n" % (PATH.encode(), sent))
        answer = b"".join(iter(lambda: connection.recv(65536), b""))

    head, _, body = answer.partition(b"\r\n\r\n")
    assert int(re.match(rb"HTTP/1.1 (\d+)", head)[1]) == status  # type: ignore[index]
    assert (BARE in body) is (status == 401)
    assert (b"WWW-Authenticate: Bearer\r\n" in head) is (status == 401)


CHEAP = {
    "issuer": {"iss": "https://stranger.example"},
    "audience": {"aud": "https://other.example/cds-services"},
    "expired": {"iat": In(-1000), "exp": In(-700)},
    "lifetime": {"exp": In(90_000)},
    "jti": {"jti": ""},
}


@pytest.mark.parametrize("changes", CHEAP.values(), ids=CHEAP)
def test_what_costs_little_is_looked_at_first(
    service: FlaskClient, changes: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signature costs half a millisecond, all before it a tenth of that: a flood has to get the rest right."""
    verified: list[object] = []
    monkeypatch.setattr("jwt.decode", lambda *given, **_: verified.append(given))

    assert service.get(PATH, headers=bearer(signed(claims(**{"aud": BASE + PATH} | changes)))).status_code == 401
    assert verified == []
    service.get(PATH, headers=token_for(PATH))
    assert len(verified) == 1
