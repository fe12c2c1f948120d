"""What gunicorn tells us about its workers: ``gunicorn --config python:cds_service.web.gunicorn_hooks ...``.

A configuration file of a site's own imports the names it needs from here.
"""

import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

from cds_service.web.health import drain

METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Where the workers of one machine add up their metrics; prometheus-client reads this variable itself."""


def on_starting(server: Any) -> None:
    """Makes the metrics' folder, and empties it: the files of workers that ended long ago would count on."""
    folder = os.environ.get(METRICS_FOLDER)
    if folder:
        Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
        for file in Path(folder).glob("*.db"):
            with suppress(FileNotFoundError):
                file.unlink()


def post_worker_init(worker: Any) -> None:
    """On SIGTERM the worker is not ready any more, and then ends as gunicorn has it end."""
    ends = signal.getsignal(signal.SIGTERM)

    def terminated(number: int, frame: Any) -> None:
        drain()
        if callable(ends):
            ends(number, frame)

    signal.signal(signal.SIGTERM, terminated)


def child_exit(server: Any, worker: Any) -> None:
    """The gauges of a worker that ended are dropped; what it counted stays."""
    if os.environ.get(METRICS_FOLDER):
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
