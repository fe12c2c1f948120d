"""``cds-service export``: what the service knows, as files: the decision table, the value sets, what it is."""

from pathlib import Path

import click
import msgspec

from cds_service.advice.library import Library, load_library
from cds_service.data_files import cards_folder
from cds_service.ehr.problems import CannotStart
from cds_service.hooks.response import encode
from cds_service.published.about import about
from cds_service.published.decision_table import decision_table
from cds_service.published.value_sets import value_sets

KINDS = ("decision-table", "value-sets", "about")


@click.command()
@click.argument("kind", type=click.Choice(KINDS))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="A file, or for value-sets a folder.")
@click.option("--profile", type=click.Choice(["us", "eu"]), default="us", show_default=True)
def export(kind: str, output: Path | None, profile: str) -> None:
    """Write what the service knows, made from the rules and cards it runs on.

    KIND is decision-table (Markdown), value-sets (FHIR R4 ValueSets: a Bundle, or with -o a file each) or about (JSON).
    """
    library = load_library(cards_folder())
    try:
        if kind == "value-sets" and output is not None:
            _write_each(library, output)
        else:
            _write(_text(kind, library, profile), output)
    except OSError as fault:
        raise CannotStart(f"Cannot write {output or 'the output'}: {fault.strerror}.") from None


def _text(kind: str, library: Library, profile: str) -> str:
    if kind == "decision-table":
        return decision_table(library)
    if kind == "about":
        return _json(about(library, profile))
    entries = [{"fullUrl": each["url"], "resource": each} for each in value_sets(library).values()]
    return _json({"resourceType": "Bundle", "type": "collection", "entry": entries})


def _write_each(library: Library, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    sets = value_sets(library)
    for name, each in sets.items():
        (folder / f"ValueSet-{name}.json").write_text(_json(each), "utf-8")
    click.echo(f"{len(sets)} ValueSets are in {folder}.")


def _write(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    output.write_text(text, "utf-8")
    click.echo(f"Written: {output}")


def _json(value: object) -> str:
    return msgspec.json.format(encode(value), indent=2).decode() + "\n"
