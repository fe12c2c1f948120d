"""This service's prefetch templates: filled in for one hook call, and linted once at start-up.

What is wrong with a template for any client is in ``templates``; here is what this service asks of its own beyond that.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from urllib.parse import quote

from cds_service.errors import ContentError
from cds_service.hooks.context import Context
from cds_service.hooks.templates import (
    DATE_PARAMETERS,
    REFERENCE_PARAMETERS,
    TOKEN,
    TOKEN_PARAMETERS,
    Parameter,
    outside,
    parameters,
    template_faults,
)

_FIELDS = frozenset({"patientId", "userId", "encounterId"})
_KNOWN = DATE_PARAMETERS | TOKEN_PARAMETERS | REFERENCE_PARAMETERS | {"sort", "_sort", "_count"}
_PATIENT = frozenset({"patient={{context.patientId}}", "subject=Patient/{{context.patientId}}"})


def fill(templates: Mapping[str, str], context: Context) -> dict[str, str]:
    """The FHIR URLs of ``templates`` by key, relative to the base URL of the FHIR server.

    Raises ContentError for a token that has no value here; ``lint`` has refused those at start-up.
    """
    values = {
        "context.patientId": context.patient_id,
        "context.userId": context.user_id,
        "context.encounterId": context.encounter_id,
    }

    def value_of(match: re.Match[str]) -> str:
        name = match[1]
        if name not in values:
            raise ContentError(f"prefetch token {{{{{name}}}}} has no value")
        return quote(values[name], safe="/" if name == "context.userId" else "")

    return {key: TOKEN.sub(value_of, template) for key, template in templates.items()}


def lint(service_id: str, templates: Mapping[str, str], codes: Collection[str]) -> None:
    """Raises ContentError naming the service, the key and each fault; ``codes`` are those that may be asked for."""
    faults = [
        f"service {service_id}, prefetch key {key}: {fault}"
        for key, template in templates.items()
        for fault in _faults(template, codes)
    ]
    if faults:
        raise ContentError(*faults)


def _faults(template: str, codes: Collection[str]) -> Iterator[str]:
    """What is wrong for every client, and what this service has set itself beyond that."""
    yield from (fault.message for fault in template_faults(template, _FIELDS))
    path, question, query = template.partition("?")
    if not question:
        if path == "{{context.userId}}":
            yield "is neither a read (Type/{{token}}) nor a search: the type it reads depends on the user"
        return
    if _PATIENT.isdisjoint(query.split("&")):
        yield "is not restricted to the patient: add patient={{context.patientId}}"
    yield from _parameter_faults(parameters(query), codes)


def _parameter_faults(asked: list[Parameter], codes: Collection[str]) -> Iterator[str]:
    names = [parameter.name for parameter in asked if parameter.name not in DATE_PARAMETERS]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{name} is given twice, which means AND: join the values with commas"
    for parameter in asked:
        if parameter.name == "code" and not parameter.modifier:
            wanted = [token.rpartition("|")[2] for token in parameter.value.split(",") if token]
            if unknown := [code for code in wanted if code not in codes]:
                yield f"asks for codes that this service does not read: {', '.join(unknown)}"
        elif parameter.name not in _KNOWN:
            yield outside(parameter)
