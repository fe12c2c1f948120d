"""The prefetch path on the reference request, interleaved with what it is measured against (goals a)."""

from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from statistics import median
from typing import NamedTuple

from bench import reference
from bench.servers import ROOT, Client, gunicorn, running, uvicorn
from bench.variants import AUDITED, BARE, COUNTED, FULL, VARIANTS, service

ROUNDS, CALLS = 40, 15
HEALTHCHAIN = ROOT / ".venv-healthchain" / "bin" / "python"
FLOOR, YARDSTICK = "bare Flask, body not parsed", "Flask get_json, fixed card"
READ = "this service's reading, fixed card"
PEER = "HealthChain 0.16.1, fixed card"
_STEPS = ((BARE, AUDITED), (AUDITED, COUNTED), (COUNTED, FULL))


class Taken(NamedTuple):
    """What the calls of one server took: seconds of each, by round; and processor seconds of a call, all threads."""

    rounds: list[list[float]]
    processor: float

    @property
    def median(self) -> float:
        return median(each for taken in self.rounds for each in taken)


def report() -> str:
    """A table of medians and ratios, the cost of what can be switched on, and the two goals."""
    body = reference.body(datetime.now(UTC))
    with ExitStack() as stack:

        def peer(command: list[str], path: str) -> Client:
            return Client(stack.enter_context(running(command)), path, body)

        clients = {
            FLOOR: peer(gunicorn("bench.peers:unparsed()"), "/call"),
            YARDSTICK: peer(gunicorn("bench.peers:parsed()"), "/call"),
            READ: peer(gunicorn("bench.peers:typed()"), "/call"),
        }
        if HEALTHCHAIN.exists():
            clients[PEER] = peer(uvicorn(HEALTHCHAIN, "bench.healthchain_peer:app"), "/cds/cds-services/fixed")
        for name, variant in VARIANTS.items():
            _, client_of = stack.enter_context(service(variant))
            clients[name] = client_of(body)
        taken = interleaved(clients)
    return "\n".join((_table(len(body), taken), _steps(taken), _goals(taken)))


def interleaved(clients: Mapping[str, Client], rounds: int = ROUNDS, calls: int = CALLS) -> dict[str, Taken]:
    """Each client in turn, ``calls`` calls at a time; every round begins with another one, and the first warms up."""
    names = list(clients)
    times: dict[str, list[list[float]]] = {name: [] for name in names}
    spent: dict[str, float] = {}
    for number in range(rounds + 1):
        if number == 1:
            spent = {name: client.server.processor_seconds() for name, client in clients.items()}
        for name in (*names[number % len(names) :], *names[: number % len(names)]):
            taken = clients[name].calls(calls)
            if number:
                times[name].append(taken)
    return {
        name: Taken(times[name], (client.server.processor_seconds() - spent[name]) / (rounds * calls))
        for name, client in clients.items()
    }


def _table(size: int, taken: Mapping[str, Taken]) -> str:
    yardstick, floor = taken[YARDSTICK].median, taken[FLOOR].median
    lines = [
        f"## Prefetch path, {size / 1000:.0f} KB, {ROUNDS * CALLS} calls each, interleaved\n",
        "| server | p50 ms | x Flask get_json | x floor | processor ms a call |",
        "|---|---|---|---|---|",
        *(
            f"| {name} | {1000 * each.median:.2f} | {each.median / yardstick:.2f} | {each.median / floor:.1f} "
            f"| {1000 * each.processor:.2f} |"
            for name, each in taken.items()
        ),
    ]
    return "\n".join(lines) + "\n"


def _steps(taken: Mapping[str, Taken]) -> str:
    """What each thing that is switched on costs: the median over the rounds, so that a slow minute counts for both."""
    lines = ["| switched on | microseconds of p50 | % | processor microseconds |", "|---|---|---|---|"]
    for before, after in _STEPS:
        pairs = zip(taken[before].rounds, taken[after].rounds, strict=True)
        more = median(median(one) - median(other) for other, one in pairs)
        processor = taken[after].processor - taken[before].processor
        share = 100 * more / taken[BARE].median
        lines.append(f"| {after.removeprefix('... and ')} | {1e6 * more:.0f} | {share:.1f} | {1e6 * processor:.0f} |")
    return "\n".join(lines) + "\n"


def _goals(taken: Mapping[str, Taken]) -> str:
    bare, full = taken[BARE].median, taken[FULL].median
    lines = [_goal("0.6 x Flask get_json", full, bare, taken[YARDSTICK].median)]
    if PEER in taken:
        lines.append(_goal("0.5 x HealthChain's fixed card", full, bare, taken[PEER].median))
    else:
        lines.append("HealthChain is not installed, and was not measured: make .venv-healthchain/stamp.")
    return "\n".join(lines) + "\n"


def _goal(wanted: str, full: float, bare: float, against: float) -> str:
    return f"Goal: at most {wanted}: **{full / against:.2f}** with all on, {bare / against:.2f} bare."
