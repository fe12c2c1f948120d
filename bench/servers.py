"""Servers for one run: each its own process on loopback, on a port the system chose, ended by process id."""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import IO, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
_ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)")
_START_SECONDS = 30


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

    def processor_seconds(self) -> float:
        """Processor time of all threads of the worker so far: what is done off the path of a call is in it, too."""
        tasks = Path(f"/proc/{self.worker()}/task").glob("*/schedstat")
        return sum(int(each.read_text().split()[0]) for each in tasks) / 1e9


def _no_headers(_: str) -> Mapping[str, str]:
    return {}


class Client:
    """One kept connection that posts the same body. ``sign`` gives the headers of each call by its path."""

    def __init__(
        self,
        server: Server,
        path: str,
        body: bytes | None = None,
        sign: Callable[[str], Mapping[str, str]] = _no_headers,
    ) -> None:
        self.server = server
        self._connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
        self._path, self._body, self._sign = path, body, sign

    def calls(self, times: int) -> list[float]:
        """Seconds of each of so many calls, one at once after the other: what they need is signed before the first."""
        signed = [self._sign(self._path) for _ in range(times)]
        return [self._call(headers)[0] for headers in signed]

    def call(self) -> tuple[float, bytes]:
        """Seconds of one call, and what came back."""
        return self._call(self._sign(self._path))

    def _call(self, more: Mapping[str, str]) -> tuple[float, bytes]:
        headers = {"Content-Type": "application/json", **more}
        method = "POST" if self._body is not None else "GET"
        started = time.perf_counter()
        self._connection.request(method, self._path, self._body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        seconds = time.perf_counter() - started
        if answer.status != 200:
            raise RuntimeError(f"{self._path} answered {answer.status}: {content[:300]!r}")
        return seconds, content


@contextmanager
def running(command: list[str], **environment: str) -> Iterator[Server]:
    """Start ``command``, wait for the address it prints, and end it afterwards.

    As in production the trace is off, unless ``environment`` says otherwise; the log is written, to a file, so that
    writing it is part of what is measured and reading it disturbs nobody. So is recording which cards were shown.
    """
    settings = os.environ | {"CDS_MODE": "sandbox", "CDS_TRACE": "off", "PYTHONUNBUFFERED": "1"} | environment
    with tempfile.TemporaryFile("w+") as log, tempfile.TemporaryDirectory() as folder:
        settings.setdefault("CDS_DATABASE_URL", f"sqlite:///{folder}/feedback.sqlite3")
        process = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=log, stderr=subprocess.STDOUT, text=True)
        try:
            yield Server(_port(process, log), process)
        finally:
            process.terminate()
            process.wait(20)


def _port(process: subprocess.Popen[str], log: IO[str]) -> int:
    """The port a server announces in its log. Raises RuntimeError with what it said instead."""
    until = time.monotonic() + _START_SECONDS
    while True:
        # By offset: reading must not move the place at which the server writes on.
        said = os.pread(log.fileno(), 100_000, 0).decode(errors="replace")
        if (found := _ADDRESS.search(said)) is not None:
            return int(found[1])
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"a server did not start: {said[-1000:]}")
        time.sleep(0.02)


def gunicorn(application: str, *options: str) -> list[str]:
    arguments = "--bind 127.0.0.1:0 --worker-class gthread --threads 4 --keep-alive 60 --no-control-socket".split()
    return [sys.executable, "-m", "gunicorn", *arguments, *options, application]


def uvicorn(python: Path, application: str) -> list[str]:
    return [str(python), "-m", "uvicorn", "--host", "127.0.0.1", "--port", "0", "--log-level", "info", application]
