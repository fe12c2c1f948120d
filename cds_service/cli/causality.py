"""``cds-service causality``: was it the drug, and what happened last time? Proposed scores for a reviewer."""

from datetime import UTC, datetime

import click
import msgspec

from cds_service.causality.report import report
from cds_service.causality.text import lines_of
from cds_service.ehr.client import TOKEN_HELP, TOKEN_SETTING
from cds_service.hooks.response import encode
from cds_service.patient import Whereabouts, read_patient
from cds_service.settings import load
from cds_service.site import Site


@click.command()
@click.option("--fhir", "fhir_url", required=True, metavar="URL", help="The FHIR R4 server that has the patient.")
@click.option("--patient", required=True, metavar="ID", help="The patient's id on that server.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--profile", type=click.Choice(["us", "eu"]), default="us", show_default=True, help="Label thresholds.")
@click.option("--token", default="", envvar=TOKEN_SETTING, metavar="TOKEN", help=TOKEN_HELP)
def causality(fhir_url: str, patient: str, form: str, profile: str, token: str) -> None:
    """Propose, for each low run of neutrophils, the French method's and Naranjo's scores, with every input."""
    site = Site.open(load(mode="sandbox", profile=profile))
    found = report(read_patient(site, Whereabouts(fhir_url, patient, token), datetime.now(UTC)))
    if form == "json":
        click.echo(msgspec.json.format(encode(found), indent=2))
    else:
        for line in lines_of(found):
            click.echo(line)
