"""A PostgreSQL server of these tests' own: Debian's package, a temporary folder, a free port on loopback."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

INSTALL = "PostgreSQL is not installed here: apt-get install postgresql"
_USER = "postgres"
_FAST = ("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "shared_buffers=16MB")


class Postgresql:
    """One server. ``end`` and ``start`` end and start it, ``freeze`` and ``thaw`` let it hang."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.port = _free_port()
        self._programs = programs
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://{_USER}@127.0.0.1:{self.port}/postgres"

    def new_database(self) -> str:
        """The URL of an empty database."""
        name = f"t{uuid4().hex}"
        self.do(f"CREATE DATABASE {name}")
        return self.url.removesuffix("postgres") + name

    def do(self, statement: str) -> None:
        import psycopg

        with closing(psycopg.connect(self.url, autocommit=True)) as connection:
            connection.execute(statement.encode())

    def start(self) -> None:
        where = ("-D", str(self._folder / "data"), "-k", str(self._folder), "-p", str(self.port), "-h", "127.0.0.1")
        with (self._folder / "log").open("ab") as log:
            command = [str(self._programs / "postgres"), *where, *_FAST]
            self._process = subprocess.Popen(command, stdout=log, stderr=log, **_as_owner())
        latest = time.monotonic() + 30
        while not self._answers():
            assert self._process.poll() is None, (self._folder / "log").read_text()
            assert time.monotonic() < latest, "PostgreSQL does not answer"
            time.sleep(0.05)

    def end(self) -> None:
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGCONT)
            self._process.send_signal(signal.SIGQUIT)  # at once: nothing here is worth keeping
            self._process.wait(30)

    def freeze(self) -> None:
        """It and its children accept connections, and say nothing."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        parent = self._process.pid
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        for process in (parent, *map(int, children)):
            os.kill(process, number)

    def _answers(self) -> bool:
        import psycopg

        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.Error:
            return False
        return True


@contextmanager
def running() -> Iterator[Postgresql]:
    """A server, ended and removed at the end; the test is skipped where there is none to start, and fails in CI."""
    programs = _programs()
    if programs is None:
        if os.environ.get("CI"):
            pytest.fail(INSTALL)
        pytest.skip(INSTALL)
    with tempfile.TemporaryDirectory(prefix="cds-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, _USER)
        init = [str(programs / "initdb"), "-D", str(folder / "data"), "-U", _USER, "-A", "trust", "-N"]
        subprocess.run(init, check=True, capture_output=True, **_as_owner())
        server = Postgresql(programs, folder)
        try:
            server.start()
            yield server
        finally:
            server.end()


def _programs() -> Path | None:
    """The newest of Debian's, which are not on the PATH; else those that are."""
    for found in sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), reverse=True):
        return found.parent
    on_path = shutil.which("postgres")
    return Path(on_path).parent if on_path and shutil.which("initdb") else None


def _as_owner() -> dict[str, object]:
    """PostgreSQL refuses to run as root: then its own user runs it."""
    if os.geteuid() != 0:
        return {}
    owner = pwd.getpwnam(_USER)
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": [], "cwd": "/"}


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
