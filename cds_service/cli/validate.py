"""``cds-service validate``: what is wrong with a CDS Hooks payload, where, and how to mend it."""

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from cds_service.cli.card_panel import console
from cds_service.cli.findings import show_report
from cds_service.cli.payload import STDIN, read_payload, title
from cds_service.cli.signing import sign_options, signer_of
from cds_service.contract.schemas import PROFILES
from cds_service.ehr.call import DISCOVERY
from cds_service.validate import Report
from cds_service.validate import validate as check
from cds_service.validate.kinds import AUTO, KINDS
from cds_service.validate.sarif import sarif

MAX_BYTES = 20 * 1024 * 1024


@click.command()
@click.argument("payload", metavar="FILE|-|URL")
@click.option("--kind", type=click.Choice([AUTO, *KINDS]), default=AUTO, show_default=True, help="What it is.")
@click.option("--request", "asked", metavar="FILE", help="The request that a response answers: compare its actions.")
@click.option("--profile", type=click.Choice(PROFILES), default=PROFILES[0], show_default=True, help="Which rules.")
@click.option("--format", "form", type=click.Choice(["text", "json", "sarif"]), default="text", show_default=True)
@click.option(
    "--max-bytes", default=MAX_BYTES, show_default=True, type=click.IntRange(1), help="Refuse more than this."
)
@sign_options
def validate(  # noqa: PLR0913  an option each
    payload: str, kind: str, asked: str | None, form: str, max_bytes: int, profile: str, **signing: Any
) -> int:
    """Check a CDS Hooks payload: a request, a response, discovery, feedback or one card, anybody's.

    Exit code 0 without an error, 1 with one, 2 if there is no JSON to be read.
    """
    request = None if asked is None else read_payload(asked, max_bytes)
    sign = signer_of(signing, payload.partition(f"/{DISCOVERY}")[0])
    report = check(read_payload(payload, max_bytes, sign), kind, request=request, profile=profile)
    if form == "text":
        show_report(console(), report, title(payload))
    else:
        click.echo(report.as_json() if form == "json" else _sarif(report, payload))
    return 1 if report.errors else 0


def _sarif(report: Report, payload: str) -> str:
    return json.dumps(sarif(report, _uri(payload), version("anakinra-cds")), indent=2)


def _uri(payload: str) -> str:
    """Relative to the working directory where the file is inside it, as code scanning wants it."""
    if payload == STDIN or "://" in payload:
        return title(payload)
    path = Path(payload)
    if path.is_absolute():
        path = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
