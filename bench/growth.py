"""How the time grows with the number of Observations, and that the cards stay the same (goal d)."""

import json
import logging
import time
from datetime import UTC, datetime
from statistics import median
from typing import Any

from bench import reference

SIZES = (10, 100, 1_000, 10_000)


def report() -> str:
    """Time per request and per Observation at each size."""
    from cds_service import create_app
    from cds_service.settings import Settings

    client = create_app(Settings(max_body_bytes=100_000_000, trace="off", audit="off", feedback="off")).test_client()
    logging.disable(logging.INFO)  # a line a call would be all one sees
    now = datetime.now(UTC)
    lines = ["## Growth with the number of Observations\n", "| Observations | p50 ms | us each |", "|---|---|---|"]
    cards: list[Any] = []
    for size in SIZES:
        body = reference.body(now, observations=size + len(reference.COUNTS))
        times = []
        for _ in range(max(5, 2_000 // size)):
            started = time.perf_counter()
            answer = client.post("/cds-services/anakinra-neutropenia-view", data=body)
            times.append(time.perf_counter() - started)
        cards.append([_essence(card) for card in json.loads(answer.data)["cards"]])
        taken = median(times)
        lines.append(f"| {size} | {1000 * taken:.2f} | {1e6 * taken / size:.0f} |")
    same = "identical" if all(each == cards[0] for each in cards) else f"DIFFERENT: {cards}"
    return "\n".join(lines) + f"\n\nCards at all sizes: {same}.\n"


def _essence(card: dict[str, Any]) -> tuple[str, str, str]:
    return card["summary"], card["indicator"], card["source"]["topic"]["code"]
