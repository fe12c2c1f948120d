"""One hook call as an EHR makes it: discovery, prefetch, request, answer."""

import uuid
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from cds_service.ehr.client import Answer, Place
from cds_service.ehr.prefetch import Prefetched, resolve
from cds_service.ehr.problems import CannotStart, WrongAnswer

DISCOVERY = "cds-services"


def service_path(service_id: Any) -> str:
    """Where the service of that id is called, below the base URL, whatever stands in the id."""
    return f"{DISCOVERY}/{quote(str(service_id), safe='')}"


@dataclass(frozen=True, slots=True)
class Call:
    """What is to be called: the hook with its context, whether the EHR prefetches and whether it names its server."""

    hook: str
    context: dict[str, Any]
    prefetch: bool = True
    service_id: str = ""
    fhir_server: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a call: the service called, the request, its answer, and the prefetch keys that made trouble."""

    service: dict[str, Any]
    request: dict[str, Any]
    answer: Answer
    troubles: dict[str, str]

    @property
    def response(self) -> dict[str, Any]:
        """The answer's JSON object; WrongAnswer (one line) if it is an error or has no list of cards."""
        said = self.answer.json
        if not self.answer.ok:
            raise WrongAnswer(f"The service answered {self.answer.in_a_line()}")
        if not isinstance(said, dict) or not isinstance(said.get("cards"), list):
            raise WrongAnswer(f"The service answered HTTP {self.answer.status} without a JSON list of cards.")
        return said


def fire_hook(call: Call, service: Place, fhir: Place) -> Outcome:
    """Makes the call. WrongAnswer if the service is none, CannotStart if somebody is not there."""
    chosen = choose(discover(service), call)
    prefetched = Prefetched({}, {})
    if call.prefetch:
        templates = chosen.get("prefetch")
        prefetched = resolve(templates if isinstance(templates, dict) else {}, call.context, fhir)
    request = body(call, fhir, prefetched.values)
    answer = service.post(service_path(chosen["id"]), request)
    return Outcome(chosen, request, answer, prefetched.troubles)


def body(call: Call, fhir: Place, prefetch: dict[str, Any]) -> dict[str, Any]:
    """The request body. https://cds-hooks.hl7.org/2.0/#http-request_1"""
    request: dict[str, Any] = {
        "hook": call.hook,
        "hookInstance": str(uuid.uuid4()),
        "context": call.context,
    }
    if call.fhir_server:
        request["fhirServer"] = fhir.base
    if call.fhir_server and fhir.token:
        request["fhirAuthorization"] = {
            "access_token": fhir.token,
            "token_type": "Bearer",
            "expires_in": 300,
            "scope": "patient/*.read",
            "subject": "cds-service",
            "patient": call.context["patientId"],
        }
    if prefetch:
        request["prefetch"] = prefetch
    return request


def service_place(found: Place) -> Place:
    """The same service, whether the user gave its base, its discovery URL or one service's URL."""
    base, slash, rest = found.base.rpartition(f"/{DISCOVERY}")
    return replace(found, base=base) if slash and rest.count("/") <= 1 else found


def discover(service: Place) -> list[dict[str, Any]]:
    """The services listed at ``/cds-services``. https://cds-hooks.hl7.org/2.0/#discovery"""
    answer = service.get(DISCOVERY)
    listed = answer.json.get("services") if isinstance(answer.json, dict) else None
    if not answer.ok or not isinstance(listed, list):
        raise WrongAnswer(
            f"{service.base}/{DISCOVERY} answered {answer.in_a_line()}, not a list of services. "
            f"Is {service.base} the base URL of a CDS Hooks service?"
        )
    return [each for each in listed if isinstance(each, dict) and each.get("id") and each.get("hook")]


def choose(services: list[dict[str, Any]], call: Call) -> dict[str, Any]:
    """The one service for this hook; CannotStart names what to add if there is none or more than one."""
    fitting = [each for each in services if each["hook"] == call.hook]
    if call.service_id:
        fitting = [each for each in fitting if each["id"] == call.service_id]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        ids = ", ".join(str(each["id"]) for each in fitting)
        raise CannotStart(f"Several services listen to {call.hook}: add --service-id, one of {ids}.")
    offered = ", ".join(f"{each['id']} ({each['hook']})" for each in services) or "none"
    wanted = f" with the id {call.service_id}" if call.service_id else ""
    raise CannotStart(f"No service{wanted} listens to {call.hook} there. Listed: {offered}.")
