"""``cds-service timeline``: one patient's neutrophil counts and treatment over time, as a figure or as a table."""

from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from cds_service import stories
from cds_service.cli.card_panel import clean
from cds_service.cli.load import check_story
from cds_service.ehr.client import TOKEN_HELP, TOKEN_SETTING, place
from cds_service.ehr.patients import check_patient
from cds_service.ehr.problems import CannotStart
from cds_service.patient import Whereabouts
from cds_service.settings import load as load_settings
from cds_service.site import Site
from cds_service.timeline.chart import Chart
from cds_service.timeline.look import Look
from cds_service.timeline.page import page_of
from cds_service.timeline.palette import DARK, LIGHT
from cds_service.timeline.patient import chart_at, chart_of_story
from cds_service.timeline.png import png_of
from cds_service.timeline.svg import svg_of, title_of
from cds_service.timeline.table import rows_of
from cds_service.timeline.value_axis import LINEAR, LOG

KINDS = (".svg", ".png", ".html")
_DATE_WIDTH = len("about 20 Nov 2026 08:10")


@click.command()
@click.option("--fhir", "fhir_url", default="", metavar="URL", help="The FHIR R4 server that has the patient.")
@click.option("--patient", default="", metavar="ID", help="The patient's id on that server.")
@click.option("--story", default="", metavar="NAME", help="A patient story instead, read without any server.")
@click.option("-o", "--output", default="", metavar="FILE", help="figure.svg, .png or .html [default: print a table].")
@click.option("--axis", type=click.Choice([LOG, LINEAR]), default=LOG, show_default=True, help="How counts are drawn.")
@click.option("--days", is_flag=True, help="Days since the first dose of anakinra instead of dates.")
@click.option("--theme", type=click.Choice([LIGHT, DARK]), help="Colours [default: light; html follows the reader's].")
@click.option("--size", default="960", metavar="WIDTH[xHEIGHT]", help="In pixels.  [default: 960, as high as it takes]")
@click.option("--now", "as_of", default="", metavar="DATE", help="Draw it as of this day [default: today].")
@click.option("--profile", type=click.Choice(["us", "eu"]), help="Whose thresholds [default: us].")
@click.option("--token", default="", envvar=TOKEN_SETTING, metavar="TOKEN", help=TOKEN_HELP)
def timeline(output: str, theme: str | None, **asked: Any) -> None:
    """Draw a patient's neutrophil counts over time, with exposure to anakinra and tocilizumab, holds and episodes.

    Without -o the same facts are printed as a table.
    """
    kind = Path(output).suffix.lower()
    if output and kind not in KINDS:
        raise CannotStart(f"-o {output}: name a file that ends in .svg, .png or .html.")
    width, height = size_of(asked["size"])
    look = Look(asked["axis"], asked["days"], theme or LIGHT, width, height)
    chart = chart_asked_for(**asked)
    if output:
        write(Path(output), content_of(kind, chart, look, theme or ""))
        click.echo(f"{output}: {title_of(chart)}, {len(chart.points)} counts")
    else:
        print_rows(chart)
    for gap in chart.gaps:
        click.echo(f"Incomplete: {clean(gap)}", err=True)


def chart_asked_for(  # noqa: PLR0913 - one a option
    fhir_url: str, patient: str, story: str, as_of: str, profile: str | None, token: str, **_: Any
) -> Chart:
    """The chart of the story, or of the patient on the server; CannotStart if neither or both are named."""
    settings = load_settings(mode="sandbox", **({"profile": profile} if profile else {}))
    now = instant_of(as_of, settings.zone) if as_of else None
    if story and not (fhir_url or patient):
        check_story(story)
        return chart_of_story(Site.open(settings), stories.read(story), now)
    if story or not (fhir_url and patient):
        raise CannotStart("Whose timeline? Give --fhir URL and --patient ID, or --story NAME.")
    fhir = place("--fhir", fhir_url, token)
    check_patient(fhir, patient.removeprefix("Patient/"))
    return chart_at(Site.open(settings), Whereabouts(fhir.base, patient, token), now or datetime.now(UTC))


def size_of(text: str) -> tuple[int, int]:
    """ "960" or "960x540" as width and height; a height of 0 lets the drawing choose."""
    width, _, height = text.lower().partition("x")
    try:
        size = int(width), int(height or 0)
    except ValueError:
        size = (0, 0)
    if not (280 <= size[0] <= 10_000 and (size[1] == 0 or 280 <= size[1] <= 10_000)):
        raise CannotStart("--size must be a width, or WIDTHxHEIGHT, of 280 to 10000 pixels, such as 960x540.")
    return size


def instant_of(text: str, zone: ZoneInfo) -> datetime:
    """A day means its end: what was known by then. An instant means itself."""
    try:
        at = datetime.fromisoformat(text)
        if not 1900 <= at.year < 2200:  # no chart lies there, and a day more or less could overflow
            raise ValueError
    except ValueError:
        raise CannotStart("--now must be a date such as 2026-11-22, or an instant with its zone.") from None
    if len(text) <= len("2026-11-22"):
        at = datetime.combine(at.date(), time(23, 59, 59))
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def content_of(kind: str, chart: Chart, look: Look, theme: str) -> bytes:
    """The file's bytes, by the ending of its name."""
    svg = svg_of(chart, look)
    if kind == ".png":
        return png_of(svg)
    return (page_of(title_of(chart), svg, rows_of(chart), theme) if kind == ".html" else svg).encode()


def write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as fault:
        raise CannotStart(f"-o {file}: {fault.strerror or 'cannot be written'}.") from None


def print_rows(chart: Chart) -> None:
    """The facts as lines: date and fact, and under it what else is known of it."""
    click.echo(title_of(chart))
    for row in rows_of(chart):
        fact = " ".join(filter(None, (row.what + (":" if row.value else ""), row.value, row.unit)))
        click.echo(f"{row.date:>{_DATE_WIDTH}}  {clean(fact)}" + (f"  {row.scale}" if row.scale else ""))
        beside = (row.anakinra, row.certainty, row.source)
        click.echo(" " * (_DATE_WIDTH + 2) + clean(" | ".join(filter(None, beside))))
