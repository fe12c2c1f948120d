"""The path without prefetch, against one round trip of the same FHIR server (goal b)."""

import sys
from datetime import UTC, datetime

from bench import reference
from bench.prefetched import interleaved
from bench.servers import Client, gunicorn, running

SEARCH = "/fhir/Observation?code=751-8"
OURS, TRIP = "this service, six searches", "one round trip"


def report() -> str:
    """The ratio of a whole hook call to one GET, medians of one interleaved run."""
    with (
        running([sys.executable, "-m", "bench.stub_fhir"]) as stub,
        running(gunicorn("cds_service:create_app()")) as service,
    ):
        body = reference.body(datetime.now(UTC), prefetch=False, fhir=f"http://127.0.0.1:{stub.port}/fhir")
        taken = interleaved(
            {
                TRIP: Client(stub, SEARCH),
                OURS: Client(service, "/cds-services/anakinra-neutropenia-view", body),
            },
            rounds=20,
            calls=10,
        )
        medians = {name: each.median for name, each in taken.items()}
    return (
        "## Without prefetch, FHIR server answering after 20 ms\n\n"
        "| | p50 ms | x one round trip |\n|---|---|---|\n"
        + "".join(f"| {name} | {1000 * each:.1f} | {each / medians[TRIP]:.2f} |\n" for name, each in medians.items())
        + f"\nGoal: at most 1.5 x one round trip: **{medians[OURS] / medians[TRIP]:.2f}**.\n"
    )
