"""``cds-service ready``: does this service take calls? For whoever starts one, and for a container's own check."""

import time

import click

from cds_service.ehr.client import Answer, place
from cds_service.ehr.problems import CannotStart, WrongAnswer

_PAUSE = 0.2
_SECONDS = 5.0


@click.command()
@click.argument("url", default="http://127.0.0.1:8000")
@click.option("--wait", "seconds", default=0.0, type=click.FloatRange(0, 600), help="Ask again for so many seconds.")
def ready(url: str, seconds: float) -> None:
    """Ask the service at URL (GET /health/ready). Exit code 0: it takes calls; 1: not now; 2: nobody answers."""
    latest = time.monotonic() + seconds
    while True:
        try:
            answer = _asked(url)
            break
        except (CannotStart, WrongAnswer):
            if time.monotonic() >= latest:
                raise
        time.sleep(_PAUSE)
    for warning in answer.json.get("warnings", ()):
        click.echo(f"Warning: {warning}", err=True)
    click.echo(f"{url} takes calls.")


def _asked(url: str) -> Answer:
    """The answer of a service that is ready. Raises CannotStart and WrongAnswer."""
    answer = place("URL", url, seconds=_SECONDS).get("health/ready")
    if not answer.ok or not isinstance(answer.json, dict):
        raise WrongAnswer(f"{url} takes no calls now: {answer.in_a_line()}")
    return answer
