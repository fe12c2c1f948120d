"""Cold start and memory (goal c)."""

import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bench import reference
from bench.servers import ROOT, Client, gunicorn, running

FIRST_ANSWER = """
import os, sys
os.environ["CDS_DATABASE_URL"] = "sqlite://"
from cds_service import create_app
client = create_app().test_client()
body = open(sys.argv[1], "rb").read()
answer = client.post("/cds-services/anakinra-neutropenia-view", data=body)
assert answer.status_code == 200, answer.status_code
os._exit(0)  # which cards were shown is recorded after the answer
"""
YARDSTICK = "import flask, requests, jsonschema"
CALLS = (1_000, 5_000, 10_000)


def report() -> str:
    body = reference.body(datetime.now(UTC))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "request.json"
        file.write_bytes(body)
        pairs = [(_seconds(FIRST_ANSWER, str(file)), _seconds(YARDSTICK)) for _ in range(7)]
    ours, yardstick = median(each[0] for each in pairs), median(each[1] for each in pairs)
    lines = [
        "## Cold start and memory\n",
        f"From process start to the first answer: **{ours:.2f} s** (goal 0.6 s), "
        f"{ours / yardstick:.2f} x `{YARDSTICK}` ({yardstick:.2f} s).\n",
        "| calls | worker's resident memory, MiB |",
        "|---|---|",
        *(f"| {calls} | {mib:.1f} |" for calls, mib in _memory(body)),
        "\nGoal: at most 80 MiB after 10,000 calls, and flat.",
    ]
    return "\n".join(lines) + "\n"


def _seconds(program: str, *arguments: str) -> float:
    started = time.perf_counter()
    ran = subprocess.run([sys.executable, "-c", program, *arguments], cwd=ROOT, capture_output=True, text=True)
    seconds = time.perf_counter() - started
    if ran.returncode:
        raise RuntimeError(ran.stderr[-1000:])
    return seconds


def _memory(body: bytes) -> list[tuple[int, float]]:
    found: list[tuple[int, float]] = []
    with running(gunicorn("cds_service:create_app()")) as server:
        client = Client(server, "/cds-services/anakinra-neutropenia-view", body)
        done = 0
        for goal in CALLS:
            while done < goal:
                client.call()
                done += 1
            found.append((done, server.memory_mib()))
    return found
