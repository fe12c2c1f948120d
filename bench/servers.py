"""Servers for one run: each its own process on loopback, on a port the system chose, ended by process id."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
_ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)")


class Server(NamedTuple):
    """One running server: ``process`` is the parent, the worker is its only child (or itself)."""

    port: int
    process: subprocess.Popen[str]

    def worker(self) -> int:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return int(children[0]) if children else self.process.pid

    def memory_mib(self) -> float:
        """Resident memory of the worker."""
        status = Path(f"/proc/{self.worker()}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]


class Client:
    """One kept connection that posts the same body."""

    def __init__(self, port: int, path: str, body: bytes | None = None) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self._path, self._body = path, body

    def call(self) -> tuple[float, bytes]:
        """Seconds of one call, and what came back."""
        started = time.perf_counter()
        method = "POST" if self._body is not None else "GET"
        self._connection.request(method, self._path, self._body, {"Content-Type": "application/json"})
        answer = self._connection.getresponse()
        content = answer.read()
        seconds = time.perf_counter() - started
        if answer.status != 200:
            raise RuntimeError(f"{self._path} answered {answer.status}: {content[:300]!r}")
        return seconds, content


@contextmanager
def running(command: list[str]) -> Iterator[Server]:
    """Start ``command``, wait for the address it prints, and end it afterwards."""
    environment = dict(os.environ, CDS_MODE="sandbox", PYTHONUNBUFFERED="1")
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        yield Server(_port(process), process)
    finally:
        process.terminate()
        process.wait(20)


def _port(process: subprocess.Popen[str]) -> int:
    seen: list[str] = []
    for line in process.stdout or ():
        seen.append(line)
        if (found := _ADDRESS.search(line)) is not None:
            _drain(process)
            return int(found[1])
    raise RuntimeError("a server did not start: " + " ".join(seen[-3:]))


def _drain(process: subprocess.Popen[str]) -> None:
    """Let the server log without end: nobody reads it, and a full pipe would stop it."""
    subprocess.Popen(["cat"], stdin=process.stdout, stdout=subprocess.DEVNULL)


def gunicorn(application: str) -> list[str]:
    arguments = "--bind 127.0.0.1:0 --worker-class gthread --threads 4 --keep-alive 60 --no-control-socket".split()
    return [sys.executable, "-m", "gunicorn", *arguments, application]


def uvicorn(python: Path, application: str) -> list[str]:
    return [str(python), "-m", "uvicorn", "--host", "127.0.0.1", "--port", "0", "--log-level", "info", application]
