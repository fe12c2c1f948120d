"""``cds-service switch``: silence or switch off everything, a service or one kind of advice, without a restart."""

from pathlib import Path

import click

from cds_service.ehr.problems import CannotStart
from cds_service.settings import load
from cds_service.switches.discretion import ACTIVE, MODES, SILENT, Mode

_NO_FILE = "No file of switches: name one with --file, or set CDS_SWITCHES (docs/switches.md)."


@click.command()
@click.argument("name", required=False)
@click.argument("mode", required=False, type=click.Choice(MODES))
@click.option("--file", "named", type=click.Path(path_type=Path), help="The switches' file [default: CDS_SWITCHES].")
def switch(name: str | None, mode: Mode | None, named: Path | None) -> None:
    """Set NAME (all, a service or an advice code) to MODE for everybody; without them, print all switches.

    A running service whose CDS_SWITCHES is this file takes it up within a second. For one client, write its mode or
    codes into the clients' file (docs/clients.md).
    """
    from cds_service.switches.file import NONE_SUCH, read_switches, switchable, write_switches
    from cds_service.switches.known import wrong_name

    if fault := wrong_name(name, switchable(), NONE_SUCH) if name else "":
        raise CannotStart(f"{fault}.")
    path = _path(named)
    if name is None or mode is None:
        switches = read_switches(path)
        for each in (name,) if name else switchable():
            click.echo(f"{switches.get(each, ACTIVE):8}{each}")
        return
    switches = dict(read_switches(path)) if path.exists() else {}
    write_switches(path, switches | {name: mode})
    click.echo(f"{name} is {mode} in {path}: {_meaning(name, mode)}.")
    for other, its in switches.items():
        if other != name and its != ACTIVE:
            click.echo(f"{other} is still {its}.")


def _meaning(name: str, mode: Mode) -> str:
    from cds_service.switches.known import advice_codes, critical_codes

    if mode == ACTIVE:
        return "as usual"
    critical = ". WARNING, its cards can be critical" if name in critical_codes() else ""
    if mode == SILENT:
        return f"evaluated and audited, and not shown{critical}"
    if name in advice_codes():
        return f"in its place a card says that it is not assessed{critical}"
    return "calls are refused with 403"


def _path(named: Path | None) -> Path:
    setting = load().switches
    if named is None and not setting:
        raise CannotStart(_NO_FILE)
    return named or Path(setting)
