"""One instance as deployed: gunicorn with the shipped settings, on one port for as long as the test runs."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import requests

from cds_service.cli.child_server import free_port
from tests.deploy.shipped import CHECKOUT, DEPLOY
from tests.in_time import wait_for


class Instance:
    """``start`` and ``end`` it as often as you like; ``settings`` are its environment."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        port = free_port()
        self.address = f"127.0.0.1:{port}"
        self.url = f"http://{self.address}"
        self.log = folder / f"instance-{port}.log"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CDS_")}
        self._environment = kept | {"PYTHONPATH": str(CHECKOUT)} | settings
        options = ("--config", str(DEPLOY / "gunicorn.conf.py"), "--bind", self.address)
        self._command = [sys.executable, "-m", "gunicorn", *options, "cds_service:create_app()"]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """And wait until it is ready."""
        self.begin()
        self.wait_until_ready()

    def begin(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(self._command, env=self._environment, stdout=log, stderr=log)

    def wait_until_ready(self) -> None:
        assert self._process
        wait_for(self._ready_or_ended, 60)
        assert self._process.poll() is None, self.log.read_text()

    def end(self) -> int:
        """Politely; waits until the last answer was sent. The exit code."""
        self.signal(signal.SIGTERM)
        return self.wait()

    def wait(self) -> int:
        assert self._process
        return self._process.wait(60)

    def signal(self, number: signal.Signals) -> None:
        assert self._process
        self._process.send_signal(number)

    def kill(self) -> None:
        """At once, its workers with it, as a machine that loses its power."""
        assert self._process
        workers = self.workers()
        self._process.kill()
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
        self._process.wait(10)

    def workers(self) -> set[int]:
        assert self._process
        process = self._process.pid
        return set(map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split()))

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def is_ready(self) -> bool:
        try:
            return requests.get(f"{self.url}/health/ready", timeout=2).ok
        except requests.RequestException:
            return False

    def _ready_or_ended(self) -> bool:
        return not self.is_running() or self.is_ready()


@contextmanager
def instances(folder: Path, settings: Mapping[str, str], how_many: int = 2) -> Iterator[list[Instance]]:
    """So many, started; ended in any case."""
    made = [Instance(folder, settings) for _ in range(how_many)]
    try:
        for each in made:
            each.begin()
        for each in made:
            each.wait_until_ready()
        yield made
    finally:
        ending = [each for each in made if each.is_running()]
        for each in ending:
            each.signal(signal.SIGTERM)
        for each in ending:
            each.wait()
