"""``cds-service fire``: act as an EHR against any CDS Hooks service and any FHIR R4 server."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import click
import msgspec

from cds_service.cli.card_panel import clean, console, show_answer
from cds_service.cli.signing import sign_options, signer_of
from cds_service.ehr.call import Call, Outcome, fire_hook, service_place
from cds_service.ehr.client import TOKEN_HELP, TOKEN_SETTING, place
from cds_service.ehr.orders import draft_orders, selections
from cds_service.ehr.patients import check_patient
from cds_service.ehr.problems import CannotStart, WrongAnswer

HOOKS = ("patient-view", "order-select", "order-sign")
ORDER_HELP = "Drafted drug for the order hooks: anakinra, another listed drug or an RxNorm code. May be repeated."
PREFETCH_ONLY_HELP = "Name no FHIR server in the call, as an EHR that sends everything as prefetch."
_MOST_FAULTS = 10


@click.command()
@click.argument("hook", type=click.Choice(HOOKS))
@click.option("--service", "service_url", required=True, metavar="URL", help="The CDS Hooks service.")
@click.option("--fhir", "fhir_url", required=True, metavar="URL", help="The EHR's FHIR R4 server.")
@click.option("--patient", required=True, metavar="ID", help="The patient's id on that server.")
@click.option("--order", "orders", multiple=True, metavar="DRUG", help=ORDER_HELP)
@click.option("--user", default="Practitioner/example", show_default=True, help="Who is at the EHR.")
@click.option("--service-id", default="", metavar="ID", help="Which service, if several listen to the hook.")
@click.option("--no-prefetch", is_flag=True, help="Send no prefetch: the service fetches for itself.")
@click.option("--prefetch-only", is_flag=True, help=PREFETCH_ONLY_HELP)
@click.option("--json", "as_json", is_flag=True, help="Print the service's answer as JSON, nothing else.")
@click.option("--token", default="", envvar=TOKEN_SETTING, metavar="TOKEN", help=TOKEN_HELP)
@sign_options
def fire(service_url: str, fhir_url: str, token: str, as_json: bool, **asked: Any) -> None:
    """Call a CDS Hooks service about a patient, as an EHR would, and print the cards.

    HOOK is patient-view, order-select or order-sign.
    """
    service = service_place(place("--service", service_url))
    service = replace(service, sign=signer_of(asked, service.base))
    fhir = place("--fhir", fhir_url, token)
    patient = asked["patient"].removeprefix("Patient/")
    call = Call(
        asked["hook"],
        context_of(asked["hook"], patient, asked["user"], asked["orders"]),
        prefetch=not asked["no_prefetch"],
        service_id=asked["service_id"],
        fhir_server=not asked["prefetch_only"],
    )
    check_patient(fhir, patient, f"Set {TOKEN_SETTING}.")
    report(fire_hook(call, service, fhir), as_json=as_json)


def context_of(hook: str, patient: str, user: str, orders: tuple[str, ...]) -> dict[str, Any]:
    """The hook's context; draft orders for the order hooks, selections for order-select only."""
    context: dict[str, Any] = {"userId": user, "patientId": patient}
    if hook == "patient-view":
        if orders:
            raise CannotStart("patient-view has no orders: leave out --order, or fire order-select.")
        return context
    if not orders:
        raise CannotStart(f"{hook} is about an order: add --order, e.g. --order anakinra.")
    drafts = draft_orders(orders, patient, user, datetime.now(UTC))
    chosen = {"selections": selections(drafts)} if hook == "order-select" else {}
    return context | chosen | {"draftOrders": drafts}


def report(outcome: Outcome, *, as_json: bool) -> None:
    """Prints the answer; WrongAnswer if it is an error or its cards do not conform."""
    errors = console(stderr=True)
    for key, trouble in outcome.troubles.items():
        errors.print(f"prefetch {clean(key)}: {clean(trouble)}", style="dim", markup=False)
    if as_json and outcome.answer.json is not None:
        click.echo(msgspec.json.format(outcome.answer.body, indent=2))
    response = outcome.response
    if not as_json:
        show_answer(console(), response)
    require_conformity(outcome)


def require_conformity(outcome: Outcome, about: str = "The answer") -> None:
    """WrongAnswer naming every error of the answer; ``about`` begins the line."""
    from cds_service.validate import Unreadable, validate

    try:
        errors = validate(outcome.answer.body, "response").errors
    except Unreadable as fault:
        raise WrongAnswer(f"{about} cannot be judged. {fault.message}") from None
    if errors:
        faults = [f"{each.pointer}: {each.message.rstrip('.')}" for each in errors[:_MOST_FAULTS]]
        more = [f"and {len(errors) - _MOST_FAULTS} more"] if len(errors) > _MOST_FAULTS else []
        raise WrongAnswer(f"{about} does not conform to CDS Hooks 2.0: {'; '.join(faults + more)}")
