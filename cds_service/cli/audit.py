"""``cds-service audit``: what was said about a hook call, and why; and how to forget it."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from cds_service.cli.records import DATABASE_HELP, moment, opened, purge_options, purged
from cds_service.ehr.problems import CannotStart
from cds_service.settings import load

if TYPE_CHECKING:
    from cds_service.audit.find import Wanted

_NO_KEY = "--patient and --hook-instance are looked up by their keyed hash: set CDS_AUDIT_KEY to the service's key."


@click.group(invoke_without_command=True)
@click.option("--hook-instance", metavar="ID", help="The call with this hookInstance (needs CDS_AUDIT_KEY).")
@click.option("--patient", metavar="ID", help="Calls about this patient (needs CDS_AUDIT_KEY).")
@click.option("--client", default="sandbox", show_default=True, help="Whose hookInstance or patient.")
@click.option("--card", metavar="UUID", help="The call that showed this card.")
@click.option("--id", "correlation_id", metavar="ID", help="The call with this id in the log or a refusal.")
@click.option("--since", type=moment, metavar="DATE", help="Only calls at this date (UTC) or later.")
@click.option("--most", default=20, show_default=True, type=click.IntRange(1, 10_000), help="At most so many calls.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--database", metavar="URL", help=DATABASE_HELP)
@click.pass_context
def audit(
    context: click.Context,
    hook_instance: str | None,
    patient: str | None,
    client: str,
    card: str | None,
    correlation_id: str | None,
    since: datetime | None,
    most: int,
    form: str,
    database: str | None,
) -> None:
    """Print what was said about hook calls, and why, the latest first."""
    if context.invoked_subcommand is not None:
        context.obj = database
        return
    from cds_service.audit.find import Wanted, find
    from cds_service.cli.audit_page import as_json, text

    hashes = _hashes(hook_instance, patient, client)
    wanted = Wanted(*hashes, card or "", correlation_id or "", since, most)
    engine, place = opened(database)
    found = find(engine, wanted) if engine is not None else []
    if form == "json":
        click.echo(as_json(found), nl=False)
    elif found:
        click.echo(text(found), nl=False)
    else:
        click.echo(f"No call{_of_this_kind(wanted)} is recorded in {place}.")


@audit.command()
@purge_options
@click.pass_context
def purge(context: click.Context, before: datetime, database: str | None, yes: bool) -> None:
    """Delete what is kept of the calls before a date. There is no way back. Feedback has its own purge."""
    from cds_service.audit import write

    engine, place = opened(database or context.obj)
    old = write.count_before(engine, before) if engine is not None else 0
    what = f"{old} {'call' if old == 1 else 'calls'} before {before:%Y-%m-%d %H:%M} UTC in {place}"
    purged(engine, bool(old), what, yes, lambda found: write.purge(found, before))


def _hashes(hook_instance: str | None, patient: str | None, client: str) -> tuple[str, str]:
    if not (hook_instance or patient):
        return "", ""
    from cds_service.audit.keyed import HOOK_INSTANCE, PATIENT, Keyed
    from cds_service.hooks.context import bare_id

    key = load().audit_key.get_secret_value()
    if not key:
        raise CannotStart(_NO_KEY)
    keyed = Keyed(key)
    return (
        keyed.hash(HOOK_INSTANCE, client, hook_instance) if hook_instance else "",
        keyed.hash(PATIENT, client, bare_id(patient, "--patient")) if patient else "",
    )


def _of_this_kind(wanted: "Wanted") -> str:
    return " of this kind" if any((*_given(wanted), wanted.since)) else ""


def _given(wanted: "Wanted") -> tuple[str, ...]:
    return wanted.hook_instance_hash, wanted.patient_hash, wanted.card, wanted.correlation_id
