"""How fast the service answers, and whether calls at the same time get in each other's way."""

import json
from concurrent.futures import ThreadPoolExecutor
from statistics import median, quantiles

from cds_service.conform.bench import Bench, Offered, gist
from cds_service.conform.verdicts import Group, Verdict, failed, not_tested, passed

group = Group("time", each_service=True)

ABOUT_SECONDS = 0.5
CRD_SECONDS = 5.0
_SIDE_BY_SIDE = 4


@group.check("Answers come in about 500 ms", "cds-hooks_2.0@27")
def answers_quickly(bench: Bench, service: Offered) -> Verdict:
    plain = bench.plain(service)
    made = [bench.call(service, plain.body) for _ in range(bench.options.calls)]
    times = bench.timed[service] = [each.seconds for each in made if each.ok]
    if not times:
        return failed(f"None of {len(made)} calls was answered: {made[0].said}", made[0])
    slowest = max(made, key=lambda each: each.seconds)
    said = f"median {_ms(median(times))}, 90 % within {_ms(ninetieth(times))} ({len(times)} timed)"
    return passed(slowest, note=said) if median(times) <= ABOUT_SECONDS else failed(said, slowest)


@group.check("Nine answers of ten come within 5 seconds", "anakinra-cds_1@crd-five-seconds")
def within_five_seconds(bench: Bench, service: Offered) -> Verdict:
    bench.plain(service)
    times = bench.timed.get(service)
    if not times:
        return not_tested("No call was timed")
    said = f"90 % within {_ms(ninetieth(times))}"
    return passed(note=said) if ninetieth(times) <= CRD_SECONDS else failed(said)


@group.check("Calls side by side are answered like calls in turn", "anakinra-cds_1@side-by-side")
def side_by_side(bench: Bench, service: Offered) -> Verdict:
    bench.plain(service)
    # Different patients, so that an answer that went to the wrong call is noticed.
    chosen = [each for each in bench.played[service] if each.exchange.cards is not None]
    chosen = (chosen * _SIDE_BY_SIDE)[:_SIDE_BY_SIDE]
    path = bench.path(service)
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        made = list(pool.map(lambda each: bench.wire.post(path, json.dumps(each.body).encode()), chosen))
    for before, exchange in zip(chosen, made, strict=True):
        if gist(exchange.cards) != gist(before.exchange.cards):
            return failed(f"Side by side: {exchange.said}; alone: {before.exchange.said}", exchange, before.exchange)
    return passed(*made)


def ninetieth(times: list[float]) -> float:
    """The time within which nine of ten calls were answered."""
    return quantiles(times, n=10, method="inclusive")[-1] if len(times) > 1 else times[0]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"
