"""Cold start and memory (goal c), in production with all that can be switched on."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bench import reference
from bench.clients import Known
from bench.servers import ROOT
from bench.variants import FULL, HOOK, VARIANTS, database, service

FIRST_ANSWER = f"""
import os, sys
from cds_service import create_app
client = create_app().test_client()
body = open(sys.argv[1], "rb").read()
answer = client.post("{HOOK}", data=body, headers={{"Authorization": sys.argv[2]}})
assert answer.status_code == 200, answer.status_code
os._exit(0)  # what is kept of the call is written after the answer
"""
YARDSTICK = "import flask, requests, jsonschema"
STARTS = 9
CALLS = (1_000, 5_000, 10_000)
MINUTES, CALLS_A_SECOND = 10, 20


def report() -> str:
    ours, yardstick = _starts()
    lines = [
        "## Cold start and memory\n",
        f"From process start to the first answer: **{ours:.2f} s** (goal 0.6 s), "
        f"{ours / yardstick:.2f} x `{YARDSTICK}` ({yardstick:.2f} s).\n",
        "| calls | worker's resident memory, MiB |",
        "|---|---|",
        *(f"| {calls} | {mib:.1f} |" for calls, mib in _memory()),
        "\nGoal: at most 80 MiB after 10,000 calls, and flat.",
    ]
    return "\n".join(lines) + "\n"


def minutes() -> str:
    """Ten minutes under a steady load: too long for every run, so only where it is named."""
    lines = [f"## Ten minutes, {CALLS_A_SECOND} calls a second\n", "| minute | resident memory, MiB |", "|---|---|"]
    return "\n".join((*lines, *(f"| {minute} | {mib:.1f} |" for minute, mib in _steady()))) + "\n"


def _starts() -> tuple[float, float]:
    """Medians of the seconds to the first answer, and of the yardstick's, in turn."""
    variant = VARIANTS[FULL]
    with tempfile.TemporaryDirectory() as folder:
        signer = Known(variant.algorithm)
        settings = {
            **variant.settings,
            "CDS_CLIENTS": str(signer.write(Path(folder))),
            "CDS_DATABASE_URL": database(Path(folder)),
            "PROMETHEUS_MULTIPROC_DIR": folder,
        }
        request = Path(folder) / "request.json"
        request.write_bytes(reference.body(datetime.now(UTC)))
        pairs = [
            (
                _seconds(FIRST_ANSWER, str(request), signer.authorization(HOOK)["Authorization"], **settings),
                _seconds(YARDSTICK),
            )
            for _ in range(STARTS)
        ]
    return median(each[0] for each in pairs), median(each[1] for each in pairs)


def _seconds(program: str, *arguments: str, **settings: str) -> float:
    command, environment = [sys.executable, "-c", program, *arguments], os.environ | settings
    started = time.perf_counter()
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    seconds = time.perf_counter() - started
    if ran.returncode:
        raise RuntimeError(ran.stderr[-1000:])
    return seconds


def _memory() -> Iterator[tuple[int, float]]:
    with service(VARIANTS[FULL]) as (server, client_of):
        client = client_of(reference.body(datetime.now(UTC)))
        done = 0
        for goal in CALLS:
            while done < goal:
                client.call()
                done += 1
            yield done, server.memory_mib()


def _steady() -> Iterator[tuple[int, float]]:
    with service(VARIANTS[FULL]) as (server, client_of):
        client = client_of(reference.body(datetime.now(UTC)))
        started = time.monotonic()
        for minute in range(1, MINUTES + 1):
            for number in range(60 * CALLS_A_SECOND):
                client.call()
                due = started + 60 * (minute - 1) + (number + 1) / CALLS_A_SECOND
                time.sleep(max(0.0, due - time.monotonic()))
            yield minute, server.memory_mib()
