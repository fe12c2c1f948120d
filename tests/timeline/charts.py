"""Charts for these tests: of patients in the notation of the clinical tables, and of the stories."""

from functools import cache
from xml.etree import ElementTree

from cds_service import stories
from cds_service.clinical.picture import Picture
from cds_service.clinical.record import Record
from cds_service.settings import Settings
from cds_service.site import Site
from cds_service.timeline.chart import Chart
from cds_service.timeline.compose import Remarks, chart_of
from cds_service.timeline.look import Look
from cds_service.timeline.patient import chart_of_story
from tests.clinical.moments import NOW
from tests.clinical.notation import patient

CASE_1, CASE_2 = "case-1-g-last-follow-up", "case-2-e-after"
SVG = "{http://www.w3.org/2000/svg}"


@cache
def site(profile: str = "us") -> Site:
    return Site.open(Settings(profile=profile))


def chart(remarks: Remarks | None = None, profile: str = "us", **cells: str) -> Chart:
    """``chart(counts="0.96 @ day -1", orders="anakinra active from day -9")``."""
    return chart_of_record(patient(**cells), remarks, profile)


def chart_of_record(record: Record, remarks: Remarks | None = None, profile: str = "us") -> Chart:
    at = site(profile)
    picture = Picture(record, NOW, at.profile.thresholds)
    return chart_of(picture, remarks or {}, at.profile, at.library.sources, at.settings.zone)


@cache
def story_chart(name: str) -> Chart:
    return chart_of_story(site(), stories.read(name))


def as_drawn(svg: str) -> ElementTree.Element:
    """The document, parsed: an SVG that is no XML fails here."""
    return ElementTree.fromstring(svg)


def marks(svg: str, kind: str) -> list[ElementTree.Element]:
    """The marks of a kind ("point", "bar", "stop", "dose", "episode", "unread") in their order."""
    return [each for each in as_drawn(svg).iter(f"{SVG}g") if f"tl-{kind}" in each.get("class", "").split()]


def told(mark: ElementTree.Element) -> str:
    """What a mark says on hover."""
    return mark.findtext(f"{SVG}title") or ""


def words(svg: str) -> list[str]:
    """Every line of text that is drawn."""
    return ["".join(each.itertext()) for each in as_drawn(svg).iter(f"{SVG}text")]


BUSY = chart(
    counts="6.1 @ day -60; <0.5 @ day -40; 0 @ day -38; segmented 0.9 @ day -36 08:00; bands 0.1 @ day -36 08:00; "
    "unreadable @ day -30; pending 0.4 @ day -1; 2.4 @ day -20; unreadable undated",
    orders="anakinra on-hold from day -50 until day -39 (reason neutropenia); anakinra given day -45; "
    "tocilizumab active from day -15; prednisone active from day -900; methotrexate stopped from day -90 until day -80",
)
LOOKS = [Look(), Look(axis="linear", days=True), Look(theme="dark", width=420), Look(height=300, heading=False)]
