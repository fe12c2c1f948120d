"""``cds-service evidence``: what was never checked at its source, and what is past its review date."""

from collections.abc import Iterator
from datetime import UTC, datetime

import click

from cds_service.advice.library import load_library
from cds_service.advice.profile import load_profile
from cds_service.advice.register import Entry, overdue, register, unverified
from cds_service.data_files import cards_folder
from cds_service.hooks.response import encode

PROFILES = ("us", "eu")
PAST_REVIEW = 1


@click.command()
@click.option("--all", "everything", is_flag=True, help="Every entry of the register, not only what needs work.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="Judge review dates as of this day [default: today].")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def evidence(everything: bool, today: datetime | None, form: str) -> None:
    """Print what is unverified or past its review date. Exit code 1 if anything is past its review date."""
    folder = cards_folder()
    entries = register(load_library(folder), tuple(load_profile(folder, name) for name in PROFILES))
    day = (today or datetime.now(UTC)).date()
    late, unchecked = overdue(entries, day), unverified(entries)
    if form == "json":
        parts = {"overdue": late, "unverified": unchecked} | ({"entries": entries} if everything else {})
        click.echo(encode({name: [_json(each) for each in found] for name, found in parts.items()}))
    else:
        for line in _text(late, unchecked, entries if everything else ()):
            click.echo(line)
    if late:
        raise click.exceptions.Exit(PAST_REVIEW)


def _text(late: tuple[Entry, ...], unchecked: tuple[Entry, ...], entries: tuple[Entry, ...]) -> Iterator[str]:
    yield f"Past its review date: {len(late) or 'nothing'}"
    yield from _listed(late)
    yield f"Not checked at its source: {len(unchecked) or 'nothing'}"
    yield from _listed(unchecked)
    if entries:
        yield f"The whole register: {len(entries)}"
        yield from _listed(entries)


def _listed(entries: tuple[Entry, ...]) -> Iterator[str]:
    for each in entries:
        sources = ", ".join(each.sources)
        yield f"  {each.kind} {each.name} [{sources}]: {each.says}"
        yield f"    {each.place}; to be checked by {each.to_check}, by {each.review_by}"


def _json(entry: Entry) -> dict[str, object]:
    return {
        "kind": entry.kind,
        "name": entry.name,
        "says": entry.says,
        "sources": list(entry.sources),
        "verified": entry.verified,
        "toCheck": entry.to_check,
        "reviewBy": entry.review_by.isoformat(),
        "place": entry.place,
    }
