"""The service as it may be set: each variant is the one before it with something more, so that each cost is seen."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from bench.clients import Known
from bench.servers import ROOT, Client, Server, gunicorn, running

SERVICE, HOOK = "cds_service:create_app()", "/cds-services/anakinra-neutropenia-view"
WORKERS_TOGETHER = ("--config", "python:cds_service.web.gunicorn_hooks")

_BARE = {"CDS_AUDIT": "off", "CDS_FEEDBACK": "off", "CDS_LOG": "json"}
_KEPT = _BARE | {"CDS_AUDIT": "on", "CDS_FEEDBACK": "on"}
_COUNTED = _KEPT | {"CDS_METRICS": "on"}
_KNOWN = _COUNTED | {"CDS_MODE": "production", "CDS_AUDIT_KEY": "k" * 32, "CDS_RATE_PER_MINUTE": "1000000"}


class Variant(NamedTuple):
    """One way to run the service. ``algorithm``: of the client's tokens, "" where nobody is asked for one."""

    settings: Mapping[str, str]
    algorithm: str = ""


BARE = "this service, bare: log only"
AUDITED = "... and audit and feedback (SQLite)"
COUNTED = "... and metrics"
FULL = "... and authentication, ES384: all on"
FULL_RSA = "the same with RS384"
TRACED = "the same, bare, with the trace"

VARIANTS: Mapping[str, Variant] = {
    BARE: Variant(_BARE),
    AUDITED: Variant(_KEPT),
    COUNTED: Variant(_COUNTED),
    FULL: Variant(_KNOWN, "ES384"),
    FULL_RSA: Variant(_KNOWN, "RS384"),
    TRACED: Variant(_BARE | {"CDS_TRACE": "on"}),
}


@contextmanager
def service(variant: Variant) -> Iterator[tuple[Server, Callable[[bytes], Client]]]:
    """The service, started; and what makes a client of it that may call."""
    with tempfile.TemporaryDirectory() as folder:
        signer = Known(variant.algorithm) if variant.algorithm else None
        settings = {"CDS_DATABASE_URL": database(Path(folder))}
        if signer:
            settings["CDS_CLIENTS"] = str(signer.write(Path(folder)))
        if variant.settings.get("CDS_METRICS") == "on":
            # As with several workers, which is the dearer way.
            settings["PROMETHEUS_MULTIPROC_DIR"] = os.path.join(folder, "metrics")
        with running(gunicorn(SERVICE, *WORKERS_TOGETHER), **variant.settings, **settings) as server:
            sign = {"sign": signer.authorization} if signer else {}
            yield server, lambda body: Client(server, HOOK, body, **sign)


def database(folder: Path) -> str:
    """The URL of a SQLite file with its tables, as every start but the very first finds it."""
    url = f"sqlite:///{folder}/records.sqlite3"
    upgrade = [sys.executable, "-m", "cds_service.cli", "database", "upgrade"]
    subprocess.run(upgrade, cwd=ROOT, env=os.environ | {"CDS_DATABASE_URL": url}, check=True, capture_output=True)
    return url
