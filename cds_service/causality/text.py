"""A report for a terminal, as a reviewer reads it: what was found, what is proposed and why, what is left to them."""

from collections.abc import Iterator
from typing import Any


def lines_of(report: dict[str, Any]) -> Iterator[str]:
    """The lines of ``causality.report.report``; what came from a record is ids, dates and numbers only."""
    yield report["note"]
    if not report["episodes"]:
        yield ""
        yield "No low run of neutrophils on or after anakinra is on record: there is nothing to judge."
    for number, episode in enumerate(report["episodes"], 1):
        yield ""
        yield from _episode(number, episode)
    for each in report.get("notJudged", ()):
        yield ""
        yield f"Not judged: a low run from {_day(each['onset'])}: {each['reason']}."
    if report["episodes"]:
        yield ""
        yield "For the reviewer:"
        yield from (f"  - {each}" for each in report["forTheReviewer"])


def _episode(number: int, episode: dict[str, Any]) -> Iterator[str]:
    yield f"Episode {number}: onset {_day(episode['onset'])}, nadir {_count(episode['nadir'])}"
    french, naranjo = episode["french"], episode["naranjo"]
    yield f"  French method (1985): {french['score']}, intrinsic {french['I'] or 'open: ' + french['noteOnI']}"
    yield f"    delay {episode['delay']}{_after(episode)}"
    for name in ("dechallenge", "rechallenge"):
        found = episode[name]
        confirm = " (inferred: for the reviewer to confirm)" if found.get("inferred") else ""
        yield f"    {name} {found['answer']}: {found['reason']}{confirm}"
    causes = ", ".join(each["name"] for each in episode.get("otherCauses", ()))
    yield f"    other causes: {causes or 'none recorded; confirm'}"
    for later in episode.get("laterReexposures", ()):
        c, score = later["french"]["C"], later["french"]["score"]
        yield f"    judged on the re-exposure of {_start(later)} alone {c} ({score}): {later['reason']}"
    unknown = ", ".join(map(str, naranjo["unknown"]))
    yield f"  Naranjo: {naranjo['score']}, {naranjo['category']}; questions {unknown} are open"
    yield from (
        f"    {item['number']:>2}. {item['question']} {item['answer']} ({item['points']:+d}): {item['why']}"
        for item in naranjo["items"]
    )
    if episode["basedOnIncompleteData"]:
        yield "  Based on incomplete data: counts or orders could not be read to the end."


def _after(episode: dict[str, Any]) -> str:
    days = episode.get("onsetDelayDays")
    return "" if days is None else f": {days} days after the first dose of that exposure"


def _count(count: dict[str, Any]) -> str:
    scale = f" ({count['scale']})" if "scale" in count else ""
    sure = f", {count['certainty']}" if "certainty" in count else ""
    return f"{count.get('comparator', '')}{count['value']} x10⁹/L{scale}{sure}, {', '.join(count['sources'])}"


def _start(again: dict[str, Any]) -> str:
    return _day(again["exposure"].get("start", "an unknown date"))


def _day(date: str) -> str:
    return date.partition("T")[0]
