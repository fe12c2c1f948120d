"""The prefetch path on the reference request, interleaved with what it is measured against (goals a)."""

from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from statistics import median

from bench import reference
from bench.servers import ROOT, Client, gunicorn, running, uvicorn

ROUNDS, CALLS = 40, 15
HEALTHCHAIN = ROOT / ".venv-healthchain" / "bin" / "python"
OURS, YARDSTICK, PEER = "this service", "Flask get_json, fixed card", "HealthChain 0.16.1, fixed card"
FLOOR = "bare Flask, body not parsed"


def report() -> str:
    """A table of medians and ratios, and the two goals."""
    body = reference.body(datetime.now(UTC))
    with ExitStack() as stack:
        start = stack.enter_context
        clients = {
            FLOOR: Client(start(running(gunicorn("bench.peers:unparsed()"))).port, "/call", body),
            YARDSTICK: Client(start(running(gunicorn("bench.peers:parsed()"))).port, "/call", body),
            OURS: Client(
                start(running(gunicorn("cds_service:create_app()"))).port,
                "/cds-services/anakinra-neutropenia-view",
                body,
            ),
        }
        if HEALTHCHAIN.exists():
            peer = start(running(uvicorn(HEALTHCHAIN, "bench.healthchain_peer:app")))
            clients[PEER] = Client(peer.port, "/cds/cds-services/fixed", body)
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
    if PEER in medians:
        lines.append(f"Goal: at most 0.5 x HealthChain's fixed card: **{ours / medians[PEER]:.2f}**.")
    return "\n".join(lines) + "\n"
