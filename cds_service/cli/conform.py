"""``cds-service conform``: play an EHR against any CDS Hooks service, tell what it keeps of the contract."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from cds_service.cli.card_panel import console
from cds_service.cli.conform_lines import show
from cds_service.cli.fire import PREFETCH_ONLY_HELP
from cds_service.cli.signing import forgeries_of, sign_options, signer_of
from cds_service.conform.bench import Options
from cds_service.conform.reports import files
from cds_service.conform.reports.document import document
from cds_service.conform.run import conform as run_against
from cds_service.ehr.call import service_place
from cds_service.ehr.client import TOKEN_HELP, TOKEN_SETTING, place
from cds_service.ehr.problems import CannotStart

SERVICE_TOKEN_SETTING = "CDS_SERVICE_TOKEN"  # noqa: S105  the name of an environment variable
SERVICE_TOKEN_HELP = f"Bearer token for the service; better in the environment, as {SERVICE_TOKEN_SETTING}."
PROFILES = ("2.0", "3.0-ballot", "crd")
FHIR_HELP = "A FHIR R4 server with patients that the service can reach [default: one of this tool's own, on loopback]."
REQUEST_HELP = "A request body of your own (JSON), for a service about something else. May be repeated."
SKIPPABLE = ("prefetch", "malformed", "browsers", "feedback", "time", "security")
SKIP_HELP = "Leave a group of checks out, e.g. feedback where it is counted. May be repeated."
REPORT_HELP = "Write a report: a file that ends in .html, .json or .xml (JUnit). May be repeated."


@click.command()
@click.argument("base_url")
@click.option("--token", default="", envvar=SERVICE_TOKEN_SETTING, metavar="TOKEN", help=SERVICE_TOKEN_HELP)
@click.option("--profile", type=click.Choice(PROFILES), default="2.0", show_default=True, help="Which contract.")
@click.option("--report", "reports", multiple=True, type=click.Path(path_type=Path), metavar="FILE", help=REPORT_HELP)
@click.option("--strict", is_flag=True, help="A failed SHOULD counts like a failed SHALL.")
@click.option("--fhir", "fhir_url", default="", metavar="URL", help=FHIR_HELP)
@click.option("--fhir-token", default="", envvar=TOKEN_SETTING, metavar="TOKEN", help=TOKEN_HELP)
@click.option(
    "--request", "requests", multiple=True, type=click.Path(path_type=Path), metavar="FILE", help=REQUEST_HELP
)
@click.option("--service-id", "service_ids", multiple=True, metavar="ID", help="Only this service; may be repeated.")
@click.option("--skip", multiple=True, type=click.Choice(SKIPPABLE), help=SKIP_HELP)
@click.option("--timeout", default=10.0, show_default=True, type=click.FloatRange(0.1, 600), help="Seconds a call.")
@click.option("--calls", default=20, show_default=True, type=click.IntRange(1, 1000), help="Calls timed a service.")
@click.option("--patients", default=6, show_default=True, type=click.IntRange(1, 50), help="Patients a hook.")
@click.option("--prefetch-only", is_flag=True, help=PREFETCH_ONLY_HELP)
@sign_options
@click.pass_context
def conform(context: click.Context, /, base_url: str, reports: tuple[Path, ...], strict: bool, **asked: Any) -> None:
    """Play an EHR against the CDS Hooks service at BASE_URL, and tell requirement by requirement what it keeps."""
    files.check(reports)
    _check_tokens(asked["token"], asked["fhir_token"])
    asked["requests"] = tuple(_request(each) for each in asked["requests"])
    base = _base(base_url)
    signer = signer_of(asked, base)
    forged = forgeries_of(signer) if signer else {}
    options = Options(base, sign=signer, forged=forged, **asked)
    columns = (TextColumn("Testing"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[check]}"))
    with Progress(*columns, console=console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None, check="discovery")
        found = run_against(
            options, lambda title, done, total: progress.update(task, completed=done, total=total, check=title)
        )
    shown = document(found, strict=strict)
    show(console(), shown)
    files.write(shown, reports)
    for each in reports:
        click.echo(f"Report: {each}", err=True)
    context.exit(shown["exit_code"])


def _base(url: str) -> str:
    """The service's base URL; CannotStart if it is none, or has a login in it, which would end up in reports."""
    base = place("BASE_URL", url).base
    if "@" in urlsplit(base).netloc:
        raise CannotStart("BASE_URL must not have a user name or a password in it: use --token.")
    return service_place(place("BASE_URL", base)).base.removesuffix("/cds-discovery")


def _check_tokens(*tokens: str) -> None:
    """CannotStart, without the token, for one that cannot stand in a header."""
    if not all(each.isascii() and each.isprintable() and " " not in each for each in tokens):
        raise CannotStart("A token must be one word of plain characters, without white space.")


def _request(file: Path) -> dict[str, Any]:
    try:
        body = json.loads(file.read_bytes())
    except OSError as fault:
        raise CannotStart(f"--request {file}: {fault.strerror}.") from None
    except (ValueError, RecursionError):
        raise CannotStart(f"--request {file} is not JSON.") from None
    if not isinstance(body, dict) or not isinstance(body.get("hook"), str) or not isinstance(body.get("context"), dict):
        raise CannotStart(f"--request {file} must be a hook request: an object with hook and context.")
    return body
