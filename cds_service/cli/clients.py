"""``cds-service clients check``: is the file of clients right, and would production start with it?"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cds_service.ehr.problems import CannotStart
from cds_service.settings import load
from cds_service.switches.discretion import ACTIVE
from cds_service.switches.known import critical_codes

if TYPE_CHECKING:
    from cds_service.trust.client_table import ClientTable


def clients_file(named: Path | None) -> Path:
    """The file that is named, else that of CDS_CLIENTS. Raises CannotStart if neither is."""
    setting = load().clients
    if named is None and not setting:
        raise CannotStart("No file of clients: name one, or set CDS_CLIENTS (docs/clients.md).")
    return named or Path(setting)


@click.group()
def clients() -> None:
    """The EHRs that may call this service (docs/clients.md)."""


@clients.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--fetch", is_flag=True, help="Ask each jku for its keys, too.")
def check(file: Path | None, fetch: bool) -> None:
    """Print what FILE (or CDS_CLIENTS) says of each client, and every fault. Exit code 1 if there is one.

    Faults are those of the file, and whatever else in the environment would keep production from starting.
    """
    from cds_service.trust.clients import read_clients
    from cds_service.trust.start import refusals_of

    chosen = clients_file(file)
    read = read_clients(chosen)
    faults = [*read.faults, *refusals_of(load(mode="production", clients=str(chosen)))]
    for table in read.tables:
        lines, wrong = _about(table, chosen.parent, fetch)
        click.echo("\n  ".join(lines))
        faults += wrong
    for fault in faults:
        click.echo(fault)
    if faults:
        raise click.exceptions.Exit(1)
    click.echo(f"{chosen} is right.")


def _about(table: "ClientTable", folder: Path, fetch: bool) -> tuple[list[str], list[str]]:
    """What the file says of a client, and what is wrong with keys that were fetched: the file's own are judged."""
    keys, wrong = _keys(table, folder, fetch)
    tenant = f", tenant {table.tenant}" if table.tenant else ""
    lines = [
        f"{table.name}: {table.mode}, issuer {table.issuer}{tenant}",
        f"tokens for {table.audience.rstrip('/')}/cds-services and below, {' or '.join(table.algorithms)}",
        *keys,
        f"FHIR servers: {', '.join(table.fhir_servers) or 'none, prefetch only'}",
        f"in networks: {', '.join(table.allowed_networks) or 'the internet only, no private address'}",
        f"suggestions: {table.suggestions}",
        *_kept_back(table),
    ]
    return lines, [f"client {table.name}: {each}" for each in wrong]


def _kept_back(table: "ClientTable") -> Iterator[str]:
    """What of the advice this client does not get, with a warning where a critical card is among it."""
    critical = critical_codes()
    for code, mode in table.codes.items():
        if mode != ACTIVE:
            warning = ": WARNING, its cards can be critical" if code in critical else ""
            yield f"{mode} for it: {code}{warning}"
    hours, days = table.repeats.hours, table.repeats.days_after_override
    if hours or days:
        spans = ([f"{hours} h"] if hours else []) + ([f"{days} days after an override"] if days else [])
        yield f"not shown again within: {', '.join(spans)}, but critical cards"


def _keys(table: "ClientTable", folder: Path, fetch: bool) -> tuple[list[str], list[str]]:
    from cds_service.fhir.key_sets import NoKeySet, fetch_key_set, key_client
    from cds_service.trust.client_faults import written_keys
    from cds_service.trust.jwks import NotKeys, read_jwks

    source = f"fetched from {table.jku}"
    try:
        written = written_keys(table, folder)
        if written is not None:
            return [f"keys of the file: {', '.join(written.usable_with(table.algorithms)) or 'none'}"], []
        if not fetch:
            return [f"keys: {source} (--fetch asks for them now)"], []
        settings = load()
        asking = key_client(settings.ca_bundle, settings.https_proxy)
        keys = read_jwks(fetch_key_set(asking, table.jku or "", table.allowed_networks))
    except NotKeys as none:
        return [], [f"keys {source}: {none}"] * (table.jku is not None)
    except NoKeySet as none:
        return [], [f"keys {source}: {none}"]
    usable = keys.usable_with(table.algorithms)
    wrong = [f"keys {source}: {fault}" for fault in keys.faults]
    wrong += [] if usable else [f"keys {source}: none can be used with {' or '.join(table.algorithms)}"]
    return [f"keys {source}: {', '.join(usable) or 'none'}"], wrong
