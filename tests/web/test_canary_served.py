"""What is planted in requests to a real server turns up in nothing that it writes."""

import json
import os
import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

from cds_service.cli.child_server import Recipe, running
from tests.canary import NAME, QUERY, TEXT, found_in
from tests.web.planted import BAD, PREFETCH, VIEW, request


def test_a_server_under_gunicorn_writes_nothing_planted(tmp_path: Path) -> None:
    """Its standard error, where gunicorn itself quotes a request line that it cannot read."""

    def command(port: int) -> list[str]:
        return [sys.executable, "-m", "cds_service", "serve", "--port", str(port)]

    environ = os.environ | {"CDS_LOG": "json", "CDS_METRICS": "on"}
    with running(Recipe("service", command, "/health/ready", environ), tmp_path) as root:
        for body in (*BAD.values(), json.dumps(request("patient-view", prefetch=PREFETCH)).encode()):
            _raw(root, b"POST %s?patient=%s HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s" % _parts(body))
        for line in (f"GET /?patient={QUERY}", f"{NAME} / HTTP/9", f"GET /{NAME} x HTTP/1.1"):
            _raw(root, f"{line}\r\n\r\n".encode())
        _raw(root, f"GET / HTTP/1.1\r\n{NAME} {TEXT}: x\r\n\r\n".encode())
        _raw(root, f"GET /{'x' * 9000}{QUERY} HTTP/1.1\r\n\r\n".encode())
        _raw(root, f"GET / HTTP/1.1\r\nX: {'x' * 9000}{QUERY}\r\n\r\n".encode())
        _raw(root, f"POST {VIEW} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n{NAME}\r\n".encode())
        counted = _raw(root, b"GET /metrics HTTP/1.1\r\nConnection: close\r\n\r\n").decode()
    written = (tmp_path / "service.log").read_text()

    assert '"logger":"calls","service":"anakinra-neutropenia-view"' in written
    assert "Invalid request" in written
    assert not found_in(written)
    assert "cds_calls_total" in counted
    assert not found_in(counted)


def _parts(body: bytes) -> tuple[bytes, bytes, int, bytes]:
    return VIEW.encode(), QUERY.encode(), len(body), body


def _raw(root: str, request: bytes) -> bytes:
    """What the server says to these bytes."""
    at = urlsplit(root)
    with socket.create_connection((str(at.hostname), at.port or 80), timeout=5) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        said = b""
        while more := connection.recv(65536):
            said += more
    return said
