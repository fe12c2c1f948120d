"""Past charts: the rate of the retrospective evaluation beside ``json.loads`` of each line of the same export (goal e).

Each patient of the export is the one of the reference request, under an id of its own. Read with ``json.loads`` alone
the lines are only parsed; the evaluation reads them, checks them, finds the patients concerned and calls the hook.
"""

import json
import random
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from bench import reference
from cds_service.retrospective.files import Files, find
from cds_service.retrospective.moments import Choice
from cds_service.retrospective.run import Plan, Report, replay
from cds_service.settings import Settings
from cds_service.site import Site

ROUNDS = 7
POPULATIONS = (
    ("1 patient in 1000 has anakinra", 1000, 1000, False),
    ("1 patient in 100 has anakinra", 400, 100, False),
    ("the same, each chart judged once (--at)", 400, 100, True),
    ("all have anakinra", 40, 1, False),
    ("the same, each chart judged once (--at)", 40, 1, True),
)


def report() -> str:
    """Medians over the rounds, in which both read the same files in turn."""
    lines = [
        "## Past charts: `cds-service replay` beside `json.loads`, one process\n",
        "Goal: at least 3 x the rate of `json.loads` alone over the same NDJSON.\n",
        "Each patient 126 lines, 165 KB, 14 moments; the lines of each file shuffled.\n",
        "| export | MB | evaluations | json.loads MB/s | replay MB/s | x json.loads |",
        "|---|---|---|---|---|---|",
    ]
    site = Site.open(Settings(trace="off"))
    return "\n".join((*lines, *(_row(*each, site) for each in POPULATIONS))) + "\n"


def _row(name: str, patients: int, every: int, at_once: bool, site: Site) -> str:
    now = datetime.now(UTC)
    plan = Plan("patient-view", Choice(now, (now,) if at_once else ()))
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), now, patients, every)
        files = find([Path(folder)])
        found = _evaluate(files, plan, site)
        parsed: list[float] = []
        replayed: list[float] = []
        for number in range(ROUNDS):
            both = [(parsed, lambda: _parse(files)), (replayed, lambda: _evaluate(files, plan, site))]
            for seconds, run in both if number % 2 else reversed(both):
                seconds.append(_seconds(run))
        megabytes = sum(each.stat().st_size for each in files.read) / 1e6
    ratio = median(slow / fast for slow, fast in zip(parsed, replayed, strict=True))
    rates = [megabytes / median(each) for each in (parsed, replayed)]
    return (
        f"| {name} | {megabytes:.0f} | {found.tally.evaluations} | {rates[0]:.0f} | {rates[1]:.0f} | **{ratio:.2f}** |"
    )


def write(folder: Path, now: datetime, patients: int, every: int) -> None:
    """An export of so many patients in files of one type each; one patient in ``every`` has anakinra."""
    resources = [found for answer in reference.answers(now).values() for found in _resources(answer)]
    lines: dict[str, list[str]] = {}
    for each in resources:
        lines.setdefault(each["resourceType"], []).append(json.dumps(each, separators=(",", ":")))
    for kind, of_one in lines.items():
        written = [_of(each, number, number % every == 0) for number in range(patients) for each in of_one]
        random.Random(1).shuffle(written)  # noqa: S311  the same order each time
        (folder / f"{kind}.ndjson").write_text("".join(f"{line}\n" for line in written))


def _of(line: str, number: int, on_anakinra: bool) -> str:
    """The same resource of another patient."""
    line = line.replace(reference.PATIENT, f"{reference.PATIENT}-{number}")
    if not on_anakinra:
        line = line.replace("72435", "1998").replace("anakinra", "captopril")
    return line if '"resourceType":"Patient"' in line else line.replace('"id":"', f'"id":"{number}-', 1)


def _resources(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return [each["resource"] for each in answer["entry"]] if answer["resourceType"] == "Bundle" else [answer]


def _parse(files: Files) -> None:
    for file in files.read:
        with file.open("rb") as lines:
            for line in lines:
                json.loads(line)


def _evaluate(files: Files, plan: Plan, site: Site) -> Report:
    return replay(files, plan, site, lambda _: None)


def _seconds(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started
