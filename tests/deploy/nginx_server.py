"""Debian's nginx with the shipped configuration, on free loopback ports, all it writes in a temporary folder.

The main file is included from where it is shipped. Of the two files that a site fills in, the placeholders are replaced
here as a site would: port and certificate, addresses of instances, folder of the logs.
"""

import datetime
import os
import shutil
import signal
import socket
import ssl
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from cds_service.cli.child_server import free_port
from tests.deploy.shipped import DEPLOY
from tests.in_time import wait_for

SHIPPED = DEPLOY / "nginx" / "anakinra-cds.conf"
SITE = DEPLOY / "nginx" / "anakinra-cds"
PLACEHOLDERS = ("127.0.0.1:8001", "127.0.0.1:8002")
MIB = 1024 * 1024
_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


class Nginx:
    """One nginx. ``url`` is https, its certificate is in ``certificate``; ``access`` is its access log."""

    def __init__(self, folder: Path, instances: Sequence[str]) -> None:
        self.port = free_port()
        self.url = f"https://127.0.0.1:{self.port}"
        self.folder = folder
        self.certificate = folder / "certificate.pem"
        self.access = folder / "anakinra-cds.log"
        self.errors = folder / "anakinra-cds.error.log"
        self.bodies = folder / "client_body"
        self._main = folder / "nginx.conf"
        _write_certificate(self.certificate, folder / "certificate.key")
        self._write(instances)

    def command(self, *options: str) -> list[str]:
        program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
        assert program, "nginx is missing: apt-get install nginx"
        return [program, "-p", str(self.folder), "-c", str(self._main), "-e", str(self.folder / "start.log"), *options]

    def context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.certificate)

    def everything_written(self) -> str:
        """All of its logs, and whatever lies in its temporary folders."""
        files = [each for each in self.folder.rglob("*") if each.is_file() and each.suffix not in (".pem", ".key")]
        return "\n".join(each.read_text("utf-8", "replace") for each in files)

    def _write(self, instances: Sequence[str]) -> None:
        site = self.folder / "anakinra-cds"
        site.mkdir()
        where = (SITE / "instances.conf").read_text("utf-8")
        for placeholder, instance in zip(PLACEHOLDERS, instances, strict=True):
            assert where.count(placeholder) == 1
            where = where.replace(placeholder, instance)
        (site / "instances.conf").write_text(where)
        public = (SITE / "public.conf").read_text("utf-8")
        for placeholder, here in (
            ("listen 443 ", f"listen 127.0.0.1:{self.port} "),
            ("listen [::]:443 ssl;\n", ""),
            ("/etc/nginx/anakinra-cds/", f"{self.folder}/"),
            ("/var/log/nginx/", f"{self.folder}/"),
        ):
            assert placeholder in public
            public = public.replace(placeholder, here)
        (site / "public.conf").write_text(public)
        self._main.write_text(
            "\n".join(
                [
                    "daemon off;",
                    "user root;" if os.geteuid() == 0 else "",
                    f"pid {self.folder}/nginx.pid;",
                    "worker_processes 1;",
                    "events { worker_connections 1024; }",
                    "http {",
                    "access_log off;",
                    *(f"{each}_temp_path {self.folder}/{each};" for each in _TEMPORARY),
                    f"include {SHIPPED};",
                    "}",
                ]
            )
        )


@contextmanager
def nginx(folder: Path, instances: Sequence[str]) -> Iterator[Nginx]:
    """Runs nginx before these two instances, each "127.0.0.1:PORT"."""
    folder.mkdir(exist_ok=True)
    server = Nginx(folder, instances)
    process = subprocess.Popen(server.command())
    try:
        wait_for(lambda: process.poll() is not None or ((folder / "nginx.pid").is_file() and _listens(server.port)))
        assert process.poll() is None, (folder / "start.log").read_text()
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def _listens(port: int) -> bool:
    import socket

    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _write_certificate(certificate: Path, key: Path) -> None:
    """Signed by itself, for loopback, for an hour."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "of a test")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(private, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    key.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def raw(site: Nginx, request: bytes) -> str:
    """The whole answer to these bytes."""
    with (
        socket.create_connection(("127.0.0.1", site.port), 10) as plain,
        site.context().wrap_socket(plain, server_hostname="127.0.0.1") as connection,
    ):
        connection.sendall(request)
        answer = b""
        while received := connection.recv(65536):
            answer += received
    return answer.decode()
