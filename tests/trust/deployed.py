"""The service by gunicorn, in processes of its own, on a free port."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from types import MappingProxyType
from typing import IO

import requests

import cds_service
from tests.in_time import wait_for

WORKERS = ("--workers", "2")


@contextmanager
def instance(
    clients: Path,
    redis_url: str = "",
    options: tuple[str, ...] = WORKERS,
    environ: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[str]:
    """One instance in production mode, unless ``environ`` says otherwise; gives its base URL."""
    shape = ("--bind", "127.0.0.1:0", "--threads", "4", "--worker-class", "gthread", "--no-control-socket")
    arguments = ["gunicorn", *shape, *options, "cds_service:create_app()"]
    code = f"import sys; sys.argv = {arguments!r}; from gunicorn.app.wsgiapp import run; run()"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CDS_")}
    settings = {"CDS_MODE": "production", "CDS_CLIENTS": str(clients), "CDS_REDIS_URL": redis_url}
    settings |= {"CDS_AUDIT_KEY": "k" * 32}
    source = {"PYTHONPATH": str(Path(cds_service.__file__).parent.parent)}
    # Into a file: a pipe that nobody empties fills up, and then a log line would hold up the call it is about.
    with TemporaryFile("a+") as log:
        process = subprocess.Popen([sys.executable, "-c", code], env=kept | settings | source | environ, stderr=log)
        try:
            url = _told(process, log)
            wait_for(lambda: _live(url))
            yield url
        finally:
            process.terminate()
            process.wait(30)
    assert process.returncode == 0, "gunicorn did not end as it was told to"


def _told(process: "subprocess.Popen[bytes]", log: IO[str]) -> str:
    found: list[str] = []

    def told() -> bool:
        log.seek(0)
        found[:] = re.findall(r"Listening at: (http://\S+)", log.read())
        return bool(found) or process.poll() is not None

    wait_for(told)
    assert found, "gunicorn ended before it listened"
    return found[0]


def _live(url: str) -> bool:
    try:
        return requests.get(f"{url}/health/live", timeout=2).ok
    except requests.RequestException:
        return False
