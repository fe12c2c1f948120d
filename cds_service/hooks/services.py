"""The three services this server lists, and what each asks of an EHR's FHIR server.

Distinct ids, as the public sandbox keeps services by URL. One set of templates for all three: the six searches carry
the facts of every rule, and an EHR that calls two hooks in a row can reuse what it prefetched.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cds_service.codes import prefetch_keys
from cds_service.codes.labs import ANALYTES, BY_LOINC, NEUTROPHIL_FACTS, PANELS, READ_BY_NO_RULE
from cds_service.errors import ContentError, UnknownService
from cds_service.hooks.context import HOOKS, ORDER_SELECT, ORDER_SIGN, PATIENT_VIEW
from cds_service.hooks.prefetch import lint
from cds_service.hooks.response import encode

VITAL_FACTS = ("temperature", "weight")
LAB_FACTS = tuple(name for name in ANALYTES if name not in {*NEUTROPHIL_FACTS, *VITAL_FACTS, *READ_BY_NO_RULE})


@dataclass(frozen=True, slots=True)
class Service:
    """One CDS service as discovery lists it (https://cds-hooks.hl7.org/2.0/#response)."""

    id: str
    hook: str
    title: str
    description: str
    usage_requirements: str
    prefetch: Mapping[str, str]


def _observations(names: Iterable[str], count: int, panels: Iterable[str] = ()) -> str:
    # Codes without their system: servers name LOINC in several ways, and the reader checks the system of each result.
    codes = ",".join((*(code.value for name in names for code in ANALYTES[name].codes), *panels))
    return f"Observation?patient={{{{context.patientId}}}}&code={codes}&_sort=-date&_count={count}"


# No search asks for a status: a held, stopped or completed request is the very history the advice rests on. The page
# size is the largest that HAPI's and most other servers' defaults give; more pages are followed.
TEMPLATES: Mapping[str, str] = MappingProxyType(
    {
        prefetch_keys.PATIENT: "Patient/{{context.patientId}}",
        prefetch_keys.MEDICATIONS: "MedicationRequest?patient={{context.patientId}}&_sort=-authoredon&_count=200",
        prefetch_keys.NEUTROPHILS: _observations(NEUTROPHIL_FACTS, 200, PANELS),
        prefetch_keys.LABS: _observations(LAB_FACTS, 100),
        prefetch_keys.VITALS: _observations(VITAL_FACTS, 100),
        prefetch_keys.CONDITIONS: "Condition?patient={{context.patientId}}&_count=200",
    }
)

_USAGE = (
    "FHIR R4 (4.0.1). Medication requests and neutrophil counts are required, as prefetch or through fhirServer; the "
    "other keys add warnings. Unreviewed content: for evaluation, not for the care of patients."
)

SERVICES: Mapping[str, Service] = MappingProxyType(
    {
        service.id: service
        for service in (
            Service(
                id="anakinra-neutropenia-view",
                hook=PATIENT_VIEW,
                title="Neutrophils on anakinra: chart review",
                description=(
                    "When a chart opens: neutropenia on or after anakinra (hold, recheck, recover, rechallenge or "
                    "switch to tocilizumab), counts that are due, and warnings that belong beside them."
                ),
                usage_requirements=_USAGE,
                prefetch=TEMPLATES,
            ),
            Service(
                id="anakinra-neutropenia-select",
                hook=ORDER_SELECT,
                title="Neutrophils and anakinra: while ordering",
                description=(
                    "When anakinra, tocilizumab or a drug that can lower neutrophils is selected: the current count "
                    "against the labels' limits, earlier neutropenia, and combinations to avoid."
                ),
                usage_requirements=_USAGE,
                prefetch=TEMPLATES,
            ),
            Service(
                id="anakinra-neutropenia-sign",
                hook=ORDER_SIGN,
                title="Neutrophils and anakinra: before signing",
                description=(
                    "The same checks for every draft order, before anakinra, tocilizumab or a drug that can lower "
                    "neutrophils is signed."
                ),
                usage_requirements=_USAGE,
                prefetch=TEMPLATES,
            ),
        )
    }
)


def find(service_id: str) -> Service:
    """The service of that id. Raises UnknownService."""
    service = SERVICES.get(service_id)
    if service is None:
        raise UnknownService(f"There is no such service. GET /cds-services lists them: {', '.join(SERVICES)}.")
    return service


def discovery(services: Iterable[Service]) -> bytes:
    """The body of GET /cds-services."""
    return encode(
        {
            "services": [
                {
                    "hook": service.hook,
                    "title": service.title,
                    "description": service.description,
                    "id": service.id,
                    "prefetch": dict(service.prefetch),
                    "usageRequirements": service.usage_requirements,
                }
                for service in services
            ]
        }
    )


def lint_services(services: Mapping[str, Service] = SERVICES) -> None:
    """Raises ContentError naming the service and the prefetch key of whatever an EHR could not run."""
    for service_id, service in services.items():
        if service.hook not in HOOKS:
            raise ContentError(f"service {service_id}: hook {service.hook} is none that this server can read")
        if set(service.prefetch) != set(prefetch_keys.ALL):
            raise ContentError(f"service {service_id}: prefetch keys are not {', '.join(prefetch_keys.ALL)}")
        lint(service_id, service.prefetch, {*BY_LOINC, *PANELS})
