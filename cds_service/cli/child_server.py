"""A server of ours in a process of its own: started on a free loopback port, ended by its process id."""

import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from cds_service.ehr.client import place
from cds_service.ehr.problems import CannotStart

HOST = "127.0.0.1"
START_SECONDS = 60.0
END_SECONDS = 10.0
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to start one server: what it is called, its command for a port, the path that answers once it is ready."""

    name: str
    command: Callable[[int], Sequence[str]]
    ready: str
    environment: Mapping[str, str]


@contextmanager
def running(recipe: Recipe, folder: Path, port: int = 0) -> Iterator[str]:
    """Runs the server with ``folder`` as its working and log folder; gives its root URL; ends it in any case.

    CannotStart, with the last line of its log, if it ends by itself or does not answer in time.
    """
    process, root = _started(recipe, folder, port)
    try:
        yield root
    finally:
        _end(process)


@contextmanager
def ending_on_signals() -> Iterator[None]:
    """Within this block a polite request to end (SIGTERM, a closed terminal) is taken like Ctrl-C: clean up, leave."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    heard = [each for each in (signal.SIGTERM, getattr(signal, "SIGHUP", None)) if each is not None]
    before = {each: signal.signal(each, interrupt) for each in heard}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def free_port() -> int:
    """A loopback port nobody listens on at this moment."""
    with socket.create_server((HOST, 0)) as probe:
        return int(probe.getsockname()[1])


def _started(recipe: Recipe, folder: Path, port: int) -> tuple[subprocess.Popen[bytes], str]:
    log = folder / f"{recipe.name.replace(' ', '-')}.log"
    tries = 1 if port else _TRIES
    while True:
        chosen = port or free_port()
        root = f"http://{HOST}:{chosen}"
        process = _spawn(recipe, chosen, folder, log)
        ready = False
        try:
            ready = _answers(process, f"{root}{recipe.ready}")
        finally:
            if not ready:
                _end(process)
        if ready:
            return process, root
        tries -= 1
        said = log.read_text("utf-8", "replace").strip()
        # Between choosing the port and using it somebody else may have taken it: only then another try helps.
        if not tries or "in use" not in said:
            last = said.splitlines()[-1].strip().removeprefix("Error: ") if said else "it said nothing"
            raise CannotStart(f"The {recipe.name} did not start: {last}")


def _spawn(recipe: Recipe, port: int, folder: Path, log: Path) -> subprocess.Popen[bytes]:
    command = list(recipe.command(port))
    with log.open("wb") as output:
        try:
            # A session of its own: Ctrl-C reaches us alone, and we end the server in order.
            return subprocess.Popen(
                command,
                cwd=folder,
                env=dict(recipe.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as fault:
            raise CannotStart(f"The {recipe.name} did not start: {command[0]}: {fault.strerror}.") from None


def _answers(process: subprocess.Popen[bytes], url: str) -> bool:
    latest = time.monotonic() + START_SECONDS
    server = place("--port", url)
    while process.poll() is None and time.monotonic() < latest:
        with suppress(CannotStart):
            if server.get("").ok:
                return True
        time.sleep(0.1)
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        with suppress(subprocess.TimeoutExpired):
            process.wait(END_SECONDS)
    finally:
        # Too slow, or a second Ctrl-C while we waited. For a process that has ended this does nothing.
        process.kill()
        process.wait()
