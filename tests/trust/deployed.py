"""The service by gunicorn, in processes of its own, on a free port."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

import requests

import cds_service

WORKERS = ("--workers", "2")


def wait_for(happened: Callable[[], bool], seconds: float = 20) -> None:
    ends = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.02)


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
    process = subprocess.Popen(
        [sys.executable, "-c", code], env=kept | settings | source | environ, stderr=subprocess.PIPE, text=True
    )
    try:
        url = _told(process)
        wait_for(lambda: _live(url))
        yield url
    finally:
        process.terminate()
        process.communicate()


def _told(process: "subprocess.Popen[str]") -> str:
    assert process.stderr
    for line in process.stderr:
        if found := re.search(r"Listening at: (http://\S+)", line):
            return found[1]
    raise AssertionError("gunicorn ended before it listened")


def _live(url: str) -> bool:
    try:
        return requests.get(f"{url}/health/live", timeout=2).ok
    except requests.RequestException:
        return False
