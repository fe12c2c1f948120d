"""Patient stories: read one from its folder, and move its dates so that its "today" is now.

A story is ``bundle.json`` (what the EHR's FHIR server holds), ``hook.json`` (the hook call) and ``expected.json``
(the answer a clinician expects). Its dates are written around a fixed "today"; a count of "two days ago" must stay
two days old whenever the story is loaded.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from cds_service.data_files import stories_folder
from cds_service.errors import ContentError

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})")
_DAY_IN_TEXT = re.compile(r"\b(\d{4}-\d{2}-\d{2}|\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4})\b")


@dataclass(frozen=True, slots=True)
class Story:
    """One story: its folder's name and the parsed JSON of its three files."""

    name: str
    bundle: dict[str, Any]
    hook: dict[str, Any]
    expected: dict[str, Any]

    @property
    def today(self) -> datetime:
        """The instant (aware, UTC) the story's dates are written around."""
        return datetime.fromisoformat(self.expected["today"]).astimezone(UTC)

    @property
    def hook_name(self) -> str:
        return str(self.hook["hook"])

    @property
    def patient_id(self) -> str:
        return str(self.hook["context"]["patientId"])

    @property
    def resources(self) -> list[dict[str, Any]]:
        """Every resource of the bundle, as the EHR's server holds it."""
        return [entry["resource"] for entry in self.bundle.get("entry", [])]


def names() -> list[str]:
    """The names of all stories, sorted."""
    return sorted(each.name for each in stories_folder().iterdir() if (each / "bundle.json").is_file())


def read(name: str) -> Story:
    """The story of that name, dates as written; ContentError names the file that is missing or wrong."""
    folder = stories_folder() / name
    story = Story(
        name, _object(folder / "bundle.json"), _object(folder / "hook.json"), _object(folder / "expected.json")
    )
    for file, has, field in (
        ("hook.json", "hook" in story.hook, "hook"),
        ("hook.json", "patientId" in story.hook.get("context", {}), "context.patientId"),
        ("expected.json", "today" in story.expected, "today"),
    ):
        if not has:
            raise ContentError(f"fhir_fixtures/{name}/{file}: {field} is missing.")
    return story


def read_all() -> Iterator[Story]:
    """Every story, in the order of their names."""
    return (read(name) for name in names())


def title(name: str) -> str:
    """What the story is called: the first heading of its README, else the folder's name."""
    readme = stories_folder() / name / "README.md"
    lines = readme.read_text("utf-8").splitlines() if readme.is_file() else []
    return next((line.lstrip("# ").strip() for line in lines if line.startswith("#")), name)


def shifted(story: Story, now: datetime) -> Story:
    """The same story with "today" moved to ``now`` (aware): instants by the exact difference, days by whole days.

    Dates inside the expected texts ("last 1.2 on 20 Nov 2026") move by whole days too.
    """
    now = now.astimezone(UTC).replace(microsecond=0)
    move = _Move(now - story.today, now.date() - story.today.date())
    return Story(
        story.name,
        _walk(story.bundle, move.value),
        _walk(story.hook, move.value),
        _walk(story.expected, move.text),
    )


def same_time_of_day(story: Story, day: date) -> datetime:
    """The story's "today" on another day: shifting to it is by whole days, so that every date moves alike."""
    return datetime.combine(day, story.today.timetz())


@dataclass(frozen=True, slots=True)
class _Move:
    exactly: timedelta
    days: timedelta

    def value(self, text: str) -> str:
        """A FHIR date, dateTime or instant moved; any other string as it is."""
        if _DAY.fullmatch(text):
            return (date.fromisoformat(text) + self.days).isoformat()
        if not _INSTANT.fullmatch(text):
            return text
        moved = (datetime.fromisoformat(text) + self.exactly).isoformat()
        return moved.removesuffix("+00:00") + "Z" if text.endswith("Z") else moved

    def text(self, text: str) -> str:
        """As ``value``, and days named inside a sentence."""
        moved = self.value(text)
        return moved if moved != text else _DAY_IN_TEXT.sub(self._day, text)

    def _day(self, found: re.Match[str]) -> str:
        if _DAY.fullmatch(found[0]):
            return (date.fromisoformat(found[0]) + self.days).isoformat()
        day = datetime.strptime(found[0], "%d %b %Y").replace(tzinfo=UTC) + self.days
        return f"{day.day} {day:%b %Y}"


def _walk(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _walk(each, change) for key, each in value.items()}
    if isinstance(value, list):
        return [_walk(each, change) for each in value]
    return value


def _object(file: Path) -> dict[str, Any]:
    shown = f"fhir_fixtures/{file.parent.name}/{file.name}"
    try:
        found = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise ContentError(f"{shown} is missing.") from None
    except ValueError as wrong:
        raise ContentError(f"{shown} is not JSON: {wrong}") from None
    if not isinstance(found, dict):
        raise ContentError(f"{shown} must be a JSON object.")
    return found
