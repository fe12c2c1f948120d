"""``cds-service feedback``: what clinicians did with the cards, by advice code; and how to forget it."""

from datetime import datetime

import click

from cds_service.cli.feedback_formats import FORMATS
from cds_service.cli.records import DATABASE_HELP, moment, opened, purge_options, purged
from cds_service.hooks.services import SERVICES


@click.group(invoke_without_command=True)
@click.option("--database", metavar="URL", help=DATABASE_HELP)
@click.option("--since", type=moment, metavar="DATE", help="Only cards shown at this date (UTC) or later.")
@click.option("--service", "service_id", type=click.Choice(list(SERVICES)), help="Only cards of this service.")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True)
@click.pass_context
def feedback(
    context: click.Context, database: str | None, since: datetime | None, service_id: str | None, form: str
) -> None:
    """Sum up, by advice code: cards shown, suggestions accepted, cards overridden and why, cards not shown and why.

    A card that is ignored is never reported by a client: "no report" is all that is known of it.
    """
    if context.invoked_subcommand is not None:
        context.obj = database
        return
    from cds_service.audit.withheld import with_withheld
    from cds_service.feedback.summary import Scope, Summary, summarise
    from cds_service.records.recorder import Lost

    engine, place = opened(database)
    scope = Scope(service_id or "", since)
    summary = Summary((), 0, Lost())
    if engine is not None:
        summary = with_withheld(engine, scope, summarise(engine, scope))
    if summary.empty and form == "text":
        click.echo(f"No card{' of this kind' if service_id or since else ''} is recorded yet in {place}.")
    else:
        click.echo(FORMATS[form](summary, scope), nl=False)


@feedback.command()
@purge_options
@click.pass_context
def purge(context: click.Context, before: datetime, database: str | None, yes: bool) -> None:
    """Delete the cards shown, and the reports received, before a date. There is no way back."""
    from cds_service.feedback import store

    engine, place = opened(database or context.obj)
    old = store.count_before(engine, before) if engine is not None else store.Old(0, 0)
    what = f"{old.shown} shown {'card' if old.shown == 1 else 'cards'} and {old.reports} "
    what += f"{'report' if old.reports == 1 else 'reports'} before {before:%Y-%m-%d %H:%M} UTC in {place}"
    purged(engine, any(old), what, yes, lambda found: store.purge(found, before))
