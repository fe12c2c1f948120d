"""What gunicorn tells us about its workers: ``gunicorn --config python:cds_service.web.gunicorn_hooks ...``.

A configuration file of a site's own imports the names it needs from here (``deploy/gunicorn.conf.py``). They are for
``gthread`` workers.
"""

import gc
import os
import select
import signal
from contextlib import suppress
from pathlib import Path
from threading import Timer
from typing import Any

from cds_service.settings import load
from cds_service.web.health import drain, is_draining

METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Where the workers of one machine add up their metrics; prometheus-client reads this variable itself."""

_MOST_WAITING = 4096
"""More than the kernel keeps waiting for one listening socket."""


def on_starting(server: Any) -> None:
    """Makes the metrics' folder, and empties it: the files of workers that ended long ago would count on."""
    folder = os.environ.get(METRICS_FOLDER)
    if folder:
        Path(folder).mkdir(mode=0o700, parents=True, exist_ok=True)
        for file in Path(folder).glob("*.db"):
            with suppress(FileNotFoundError):
                file.unlink()


def post_worker_init(worker: Any) -> None:
    """On SIGTERM a worker is not ready any more, takes calls for CDS_DRAIN_MS as before, and ends without losing one.

    The while is for whoever sends calls elsewhere by what /health/ready says, and on a reload (SIGHUP) for the new
    workers, which gunicorn does not wait for before it ends the old ones.
    """
    end = signal.getsignal(signal.SIGTERM)
    seconds = load().drain_ms / 1000

    def stop_listening() -> None:
        take_the_last(worker)
        gc.freeze()  # what ends with the process needs no collecting: that took seconds on a busy machine
        if callable(end):
            end(signal.SIGTERM, None)

    def begin() -> None:
        timer = Timer(seconds, worker.method_queue.defer, (stop_listening,))
        timer.daemon = True  # a worker that is told to end at once (SIGQUIT) does not wait for it
        timer.start()

    def terminated(number: int, frame: Any) -> None:
        if not is_draining():  # systemd may tell each worker, and gunicorn tells them again
            drain()
            # Not from here: the main thread may hold, just now, the lock that starting a thread needs.
            worker.method_queue.defer(begin)

    signal.signal(signal.SIGTERM, terminated)
    if not worker.alive:
        # Told to end while it was loading. Calls that wait since then are answered all the same.
        worker.alive = True
        terminated(signal.SIGTERM, None)


def take_the_last(worker: Any) -> None:
    """Takes the connections that wait already, and closes this worker's listening sockets at once.

    gunicorn would keep them open until the last answer was sent: what a proxy connected to meanwhile would hang, and be
    lost in the end. A connection that is refused can be tried elsewhere, as nothing was sent. On a reload the other
    workers have sockets of their own, and take what comes.
    """
    worker.set_accept_enabled(False)
    for listener in worker.sockets:
        waiting = select.poll()
        waiting.register(listener, select.POLLIN)
        for _ in range(_MOST_WAITING):
            if not waiting.poll(0):
                break
            worker.accept(listener)
        listener.close()


def child_exit(server: Any, worker: Any) -> None:
    """The gauges of a worker that ended are dropped; what it counted stays."""
    if os.environ.get(METRICS_FOLDER):
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
