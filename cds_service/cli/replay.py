"""``cds-service replay``: what the service would have advised about past charts, before anybody switches it on."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import click
from rich.text import Text

from cds_service.audit.keyed import PATIENT, Keyed
from cds_service.cli.card_panel import console
from cds_service.cli.records import moment
from cds_service.cli.replay_page import as_json, as_line, show
from cds_service.clinical.scene import Hook
from cds_service.ehr.problems import CannotStart
from cds_service.hooks.context import HOOKS
from cds_service.retrospective.evaluate import Evaluation
from cds_service.retrospective.files import find
from cds_service.retrospective.moments import Choice
from cds_service.retrospective.run import Plan
from cds_service.retrospective.run import replay as run
from cds_service.settings import load
from cds_service.site import Site

AT_HELP = "Judge every chart as of this instant; may be repeated [default: whenever a count or an order was new]."
ORDERS_HELP = "as-then: an order runs until the end that its own dates state, whatever its status is today."
EACH_HELP = "Write one JSON line for each evaluation (with dates of care: keep it as you keep the export)."
AS_EXPORTED, AS_THEN = "as-exported", "as-then"


@click.command()
@click.argument("places", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FOLDER_OR_FILE...")
@click.option("--hook", type=click.Choice(HOOKS), default=HOOKS[0], show_default=True, help="Which call.")
@click.option("--at", multiple=True, type=moment, metavar="INSTANT", help=AT_HELP)
@click.option("--since", type=moment, metavar="DATE", help="Only moments at this date (UTC) or later.")
@click.option("--until", type=moment, metavar="DATE", help="Only moments up to this date (UTC) [default: now].")
@click.option(
    "--orders", type=click.Choice([AS_EXPORTED, AS_THEN]), default=AS_EXPORTED, show_default=True, help=ORDERS_HELP
)
@click.option("--profile", type=click.Choice(["us", "eu"]), help="Whose thresholds [default: us].")
@click.option("--each", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help=EACH_HELP)
@click.option("--with-ids", is_flag=True, help="In --each, patients by their id instead of a keyed hash of it.")
@click.option("--client", default="sandbox", show_default=True, help="Whose patients, for the keyed hash.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def replay(places: tuple[Path, ...], form: str, each: Path | None, with_ids: bool, client: str, **asked: Any) -> int:
    """Read a FHIR Bulk Data export (NDJSON, .gz too) and tell what the service would have advised.

    Exit code 0, 1 if a part of the export could not be read, 2 if none could.
    """
    plan = plan_of(**asked)
    profile = {"profile": asked["profile"]} if asked["profile"] else {}
    site = Site.open(load(mode="sandbox", trace="off", **profile))
    keyed = None if with_ids else Keyed(site.settings.audit_key.get_secret_value())
    files = find(places)
    with written(each) as out, console(stderr=True).status("Reading") as status:

        def note(evaluation: Evaluation) -> None:
            if out is not None:
                name = keyed.hash(PATIENT, client, evaluation.patient) if keyed else evaluation.patient
                out.write(as_line(evaluation, name))

        report = run(files, plan, site, note, lambda doing: status.update(Text(doing)))
    if form == "json":
        click.echo(as_json(report, site), nl=False)
    else:
        show(report)
    if each and keyed and keyed.passing:
        click.echo("CDS_AUDIT_KEY is not set: the patients' hashes are of this run only.", err=True)
    return 1 if report.faults.count else 0


def plan_of(
    hook: str,
    at: tuple[datetime, ...],
    since: datetime | None,
    until: datetime | None,
    orders: str,
    **_: Any,
) -> Plan:
    """What the options ask for; CannotStart for what cannot be had."""
    if at and Hook(hook) is not Hook.VIEW:
        raise CannotStart(f"{hook} is called when an order is written: leave out --at, or use --since and --until.")
    if at and (since or until):
        raise CannotStart("--at names the moments: leave out --since and --until.")
    return Plan(hook, Choice(until or datetime.now(UTC), at, since), orders == AS_THEN)


@contextmanager
def written(file: Path | None) -> Iterator[IO[bytes] | None]:
    """The file, a new one for its owner only; None if there is none."""
    if file is None:
        yield None
        return
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as fault:
        raise CannotStart(f"--each {file}: {fault.strerror}.") from None
    with os.fdopen(descriptor, "wb") as out:
        yield out
