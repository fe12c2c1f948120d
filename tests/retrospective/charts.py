"""Charts for the comparison of the hook and the retrospective evaluation, and what was known of each at a moment."""

import json
import random
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import strategies as st

from cds_service import stories
from cds_service.ehr.fhir_store import FhirStore
from cds_service.retrospective.chart import HOOK_INSTANCE, USER
from cds_service.stories import Story
from tests.retrospective.exports import Json, by_type, in_one_file

BESIDE = "row-ou00-other-drug"
"""Another patient's story, so that there is a line of every type."""
ORDER_HOOKS = ("order-select", "order-sign")
TIMES = ("effectiveDateTime", "issued", "authoredOn", "recordedDate")


class Chart:
    """A story's resources, changed; ``layout`` says how they are written to files."""

    def __init__(self, story: Story, resources: list[Json], layout: str = "by type") -> None:
        self.story, self.resources, self.layout = story, resources, layout

    def __repr__(self) -> str:
        return f"{self.story.name}, {self.layout}: {json.dumps(self.resources)}"

    @property
    def patient(self) -> str:
        return self.story.patient_id

    def export(self, folder: Path) -> Path:
        others = stories.read(BESIDE if self.story.name != BESIDE else "case-1-b-day-4").resources
        everything = [*self.resources, *others]
        if self.layout == "shuffled into one file":
            random.Random(len(self.resources)).shuffle(everything)
            return in_one_file(folder, *everything)
        return by_type(folder, everything, packed=self.layout == "compressed")


def known(resource: Json, moment: datetime) -> bool:
    """Whether a resource was known by then: its latest date of those that say so; a day begins at midnight."""
    names = {"Observation": TIMES[:2], "MedicationRequest": ("authoredOn",), "Condition": ("recordedDate",)}
    dates = [resource[name] for name in names.get(resource["resourceType"], ()) if name in resource]
    if resource["resourceType"] == "Condition" and not dates:
        dates = [resource[name] for name in ("onsetDateTime",) if name in resource]
    return all(_instant(each) <= moment for each in dates)


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def session_of(chart: Chart, moment: datetime) -> list[Json]:
    """The orders written at the moment, as they were then."""
    mine = [each for each in chart.resources if each["resourceType"] == "MedicationRequest"]
    then = [each for each in mine if "authoredOn" in each and _instant(each["authoredOn"]) == moment]
    return [
        {n: v for n, v in each.items() if n not in ("statusReason", "extension")} | {"status": "draft"} for each in then
    ]


def body_of(chart: Chart, hook: str, moment: datetime) -> tuple[Json, FhirStore]:
    """The hook call of the moment without prefetch, and the EHR's store by then."""
    context: Json = {"userId": USER, "patientId": chart.patient}
    drafts: list[Json] = []
    if hook in ORDER_HOOKS:
        drafts = sorted(session_of(chart, moment), key=lambda each: str(each["id"]))
        context["draftOrders"] = {"resourceType": "Bundle", "entry": [{"resource": each} for each in drafts]}
    if hook == "order-select":
        context["selections"] = [f"MedicationRequest/{each['id']}" for each in drafts]
    ids = {each["id"] for each in drafts}
    on_file = [each for each in chart.resources if known(each, moment) and each["id"] not in ids]
    return {"hook": hook, "hookInstance": HOOK_INSTANCE, "context": context}, FhirStore(on_file)


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    """A story with values, dates and statuses changed, and resources left out."""
    story = stories.read(draw(st.sampled_from(stories.names())))
    resources = [deepcopy(each) for each in story.resources if draw(st.integers(0, 9)) > 0 or _stays(each)]
    for each in resources:
        if draw(st.booleans()):
            draw(st.sampled_from((_rescale, _move, _issue_later, _restate, _undate)))(draw, each)
    return Chart(story, resources, draw(st.sampled_from(("by type", "compressed", "shuffled into one file"))))


def _stays(resource: Json) -> bool:
    """A Medication that is gone could not be read, which an EHR and an export say in other words."""
    return resource["resourceType"] in ("Patient", "Medication")


def _rescale(draw: st.DrawFn, resource: Json) -> None:
    if "value" in resource.get("valueQuantity", {}):
        resource["valueQuantity"]["value"] = draw(st.sampled_from((0.3, 0.96, 1.0, 1.2, 1.5, 4.4, 0, -1)))


def _move(draw: st.DrawFn, resource: Json) -> None:
    span = timedelta(hours=draw(st.sampled_from((-24 * 40, -30, -1, 0, 2, 24 * 3))))
    for name in TIMES:
        if len(resource.get(name, "")) > len("2026-11-20"):
            resource[name] = (_instant(resource[name]) + span).isoformat()


def _issue_later(draw: st.DrawFn, resource: Json) -> None:
    if resource["resourceType"] == "Observation" and "effectiveDateTime" in resource:
        later = _instant(resource["effectiveDateTime"]) + timedelta(hours=draw(st.integers(0, 90)))
        resource["issued"] = later.isoformat()


def _restate(draw: st.DrawFn, resource: Json) -> None:
    if resource["resourceType"] == "MedicationRequest":
        resource["status"] = draw(st.sampled_from(("active", "on-hold", "stopped", "completed", "draft", "bogus")))
    elif resource["resourceType"] == "Observation":
        resource["status"] = draw(st.sampled_from(("final", "preliminary", "entered-in-error", "corrected")))


def _undate(draw: st.DrawFn, resource: Json) -> None:
    for name in TIMES if draw(st.integers(0, 3)) == 0 else ():
        resource.pop(name, None)


@st.composite
def moments(draw: st.DrawFn, chart: Chart, hook: str) -> list[datetime]:
    """For a chart: any time near one at which something became known. For orders: when one was written."""
    names = ("authoredOn",) if hook in ORDER_HOOKS else TIMES
    dates = sorted({_instant(each[name]) for each in chart.resources for name in names if name in each})
    if hook in ORDER_HOOKS:
        return (
            draw(st.lists(st.sampled_from(dates), min_size=1, max_size=2, unique=True))
            if dates
            else [chart.story.today]
        )
    near = st.sampled_from((-1, 0, 1, 3600, 3 * 86_400, 200 * 86_400)).map(lambda seconds: timedelta(seconds=seconds))
    one = st.builds(lambda at, by: at + by, st.sampled_from([*dates, chart.story.today]), near)
    return draw(st.lists(one, min_size=1, max_size=2, unique=True))
