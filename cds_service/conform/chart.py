"""The EHR's data in a run: this tool's own FHIR server on loopback, or one that the user names."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

from cds_service.conform.patients import (
    Case,
    generated_cases,
    generated_resources,
    patient_cases,
    story_cases,
)
from cds_service.ehr.client import Answer, Place, on_loopback
from cds_service.ehr.fhir_server import Asked, serving
from cds_service.ehr.fhir_store import FhirStore
from cds_service.ehr.prefetch import Fhir, resolve
from cds_service.ehr.problems import CannotStart

Json = dict[str, Any]

FAR_AWAY = (
    "The service is on another machine and cannot reach this tool's FHIR server: name one that it can reach, --fhir URL"
)
PREFETCH_ONLY = "Left out with --prefetch-only"


@dataclass(slots=True)
class Chart:
    """Patients to call about, and where their data are.

    ``base`` is what goes out as fhirServer, "" where none does, for the reason ``none``. ``asked`` holds what the
    service asked of our own server; None where the server is somebody else's and nobody can look.
    """

    cases: list[Case]
    base: str
    token: str
    source: Fhir
    asked: list[Asked] | None = None
    kept: dict[tuple[str, str], Any] = field(default_factory=dict)
    none: str = ""

    def prefetch(self, templates: Mapping[str, Any], case: Case) -> Json:
        """Every key that can be satisfied, as a client sends it; each asked once a run."""
        context = case.body["context"]
        new = {key: each for key, each in templates.items() if (str(each), str(context)) not in self.kept}
        found = resolve(new, context, self.source).values if new else {}
        for key, template in new.items():
            self.kept[str(template), str(context)] = found.get(key, ...)
        values = {key: self.kept[str(template), str(context)] for key, template in templates.items()}
        return {key: value for key, value in values.items() if value is not ...}

    def access(self, case: Case) -> Json:
        """The members of a call by which the service may fetch for itself; none where it could not reach the server."""
        if not self.base or "fhirServer" in case.body:
            return {}
        if not self.token:
            return {"fhirServer": self.base}
        granted = {
            "access_token": self.token,
            "token_type": "Bearer",
            "expires_in": 300,
            "scope": "patient/*.read",
            "subject": "cds-service",
            "patient": str(case.body["context"].get("patientId", "")),
        }
        return {"fhirServer": self.base, "fhirAuthorization": granted}


@contextmanager
def own_chart(target: str, number: int, *, named: bool = True) -> Iterator[Chart]:
    """Stories and generated patients on a server of our own, for the time of the block; ``named`` if calls name it."""
    now = datetime.now(UTC)
    cases, resources = story_cases(number, now)
    store = FhirStore([*resources, *generated_resources()], strict=False)
    asked: list[Asked] = []
    with serving(store, asked) as base:
        none = PREFETCH_ONLY if not named else "" if on_loopback(target) else FAR_AWAY
        cases += generated_cases(now)
        yield Chart(cases, "" if none else base, token_hex(16), _Within(store), asked, none=none)


def given_chart(fhir: Place, number: int, *, named: bool = True) -> Chart:
    """Patients of the user's server: the stories it holds (``cds-service load``), else the first it lists.

    CannotStart if it is not there or has no patient.
    """
    now = datetime.now(UTC)
    cases, _ = story_cases(number, now)
    held = [each for each in cases if fhir.get(f"Patient/{each.body['context']['patientId']}").ok]
    if not held:
        held = patient_cases(_patients(fhir, number), now)
    return Chart(held, fhir.base if named else "", fhir.token, fhir, none="" if named else PREFETCH_ONLY)


def _patients(fhir: Place, number: int) -> list[str]:
    answer = fhir.get(f"Patient?_count={number}")
    bundle = answer.json if answer.ok and isinstance(answer.json, dict) else {}
    resources = [each.get("resource") for each in bundle.get("entry") or () if isinstance(each, dict)]
    found = [each["id"] for each in resources if isinstance(each, dict) and each.get("resourceType") == "Patient"]
    if not found:
        raise CannotStart(f"{fhir.base} lists no patient ({answer.in_a_line()}): load some, or leave out --fhir.")
    return found[:number]


@dataclass(frozen=True, slots=True)
class _Within:
    """Our own store, asked without HTTP: what an EHR does that prefetches from its own memory."""

    store: FhirStore

    def get(self, path: str) -> Answer:
        status, resource = self.store.get(path)
        return Answer(status, b"", resource, path)
