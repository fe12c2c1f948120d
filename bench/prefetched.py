"""The prefetch path on the reference request, interleaved with what it is measured against (goals a)."""

from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from statistics import median

from bench import reference
from bench.servers import ROOT, Client, gunicorn, running, uvicorn

ROUNDS, CALLS = 40, 15
HEALTHCHAIN = ROOT / ".venv-healthchain" / "bin" / "python"
OURS, TRACED = "this service", "this service, with the trace"
FLOOR, YARDSTICK = "bare Flask, body not parsed", "Flask get_json, fixed card"
READ = "this service's reading, fixed card"
PEER = "HealthChain 0.16.1, fixed card"
SERVICE, HOOK = "cds_service:create_app()", "/cds-services/anakinra-neutropenia-view"


def report() -> str:
    """A table of medians and ratios, and the two goals."""
    body = reference.body(datetime.now(UTC))
    with ExitStack() as stack:

        def client(command: list[str], path: str, **environment: str) -> Client:
            return Client(stack.enter_context(running(command, **environment)).port, path, body)

        clients = {
            FLOOR: client(gunicorn("bench.peers:unparsed()"), "/call"),
            YARDSTICK: client(gunicorn("bench.peers:parsed()"), "/call"),
            READ: client(gunicorn("bench.peers:typed()"), "/call"),
            OURS: client(gunicorn(SERVICE), HOOK),
            TRACED: client(gunicorn(SERVICE), HOOK, CDS_TRACE="on"),
        }
        if HEALTHCHAIN.exists():
            clients[PEER] = client(uvicorn(HEALTHCHAIN, "bench.healthchain_peer:app"), "/cds/cds-services/fixed")
        medians = interleaved(clients)
    return _table(len(body), medians)


def interleaved(clients: Mapping[str, Client], rounds: int = ROUNDS, calls: int = CALLS) -> dict[str, float]:
    """The median seconds of a call, each client in turn, ``calls`` calls at a time; the first round warms up."""
    times: dict[str, list[float]] = {name: [] for name in clients}
    for number in range(rounds + 1):
        for name, client in clients.items():
            taken = [client.call()[0] for _ in range(calls)]
            if number:
                times[name] += taken
    return {name: median(each) for name, each in times.items()}


def _table(size: int, medians: Mapping[str, float]) -> str:
    ours, yardstick = medians[OURS], medians[YARDSTICK]
    lines = [
        f"## Prefetch path, {size / 1000:.0f} KB, {ROUNDS * CALLS} calls each, interleaved\n",
        "| server | p50 ms | x Flask get_json | x floor |",
        "|---|---|---|---|",
        *(
            f"| {name} | {1000 * each:.2f} | {each / yardstick:.2f} | {each / medians[FLOOR]:.1f} |"
            for name, each in sorted(medians.items(), key=lambda pair: pair[1])
        ),
        f"\nGoal: at most 0.6 x Flask get_json: **{ours / yardstick:.2f}**.",
    ]
    peer = f"**{ours / medians[PEER]:.2f}**" if PEER in medians else "not measured, it is not installed"
    lines.append(f"Goal: at most 0.5 x HealthChain's fixed card: {peer}.")
    return "\n".join(lines) + "\n"
