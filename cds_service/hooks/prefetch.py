"""Prefetch templates: fill them in for one hook call, and lint them once at start-up.

Restrictions: https://cds-hooks.hl7.org/2.0/#prefetch-query-restrictions and #prefetch-tokens. A template that an EHR
cannot run is found out in its production otherwise: HAPI and the CRD tests ran into wrong ones.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import quote

from cds_service.errors import ContentError
from cds_service.hooks.context import Context

_TOKEN = re.compile(r"\{\{(.*?)\}\}")
_USER_TOKENS = frozenset({"userPractitionerId", "userPractitionerRoleId", "userPatientId", "userRelatedPersonId"})
_TOKENS = _USER_TOKENS | {"context.patientId", "context.userId", "context.encounterId"}
_TYPED_USER = re.compile(r"(?:Practitioner|PractitionerRole|Patient|RelatedPerson)/\{\{\s*context\.userId")
_RESOURCE = re.compile(r"[A-Z][A-Za-z]{2,63}")
_READ = re.compile(r"[A-Z][A-Za-z]{2,63}/\{\{[^{}]+\}\}")
_DATE_PARAMETERS = frozenset(
    {"_lastUpdated", "authoredon", "birthdate", "date", "effective", "effective-time", "onset-date", "recorded-date"}
)
_TOKEN_PARAMETERS = frozenset({"_id", "category", "clinical-status", "code", "intent", "status"})
_REFERENCE_PARAMETERS = frozenset({"encounter", "patient", "subject"})
_DATE = re.compile(r"(?:eq|lt|gt|ge|le)?\d{4}.*")
_SORT = re.compile(r"-?[a-z_][A-Za-z-]*(?:,-?[a-z_][A-Za-z-]*)*")
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

    return {key: _TOKEN.sub(value_of, template) for key, template in templates.items()}


class Parameter(NamedTuple):
    """One search parameter of a template, such as ``code:in=...``."""

    name: str
    modifier: str
    value: str


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
    yield from _token_faults(template)
    path, question, query = template.partition("?")
    if re.search(r"[\s#\\]", template) or path.startswith("/") or "://" in path:
        yield "is not a relative FHIR URL"
    if not question:
        if not _READ.fullmatch(path):
            yield "is neither a read (Type/{{token}}) nor a search of one type (Type?name=value)"
        return
    if not _RESOURCE.fullmatch(path):
        yield "searches something else than one resource type"
    if _PATIENT.isdisjoint(query.split("&")):
        yield "is not restricted to the patient: add patient={{context.patientId}}"
    yield from _parameter_faults(_parameters(query), codes)


def _token_faults(template: str) -> Iterator[str]:
    for token in _TOKEN.findall(template):
        if token not in _TOKENS:
            yield f"token {{{{{token}}}}} is not a root-level primitive context field"
    if re.search(r"[{}]", _TOKEN.sub("", template)):
        yield "has an unbalanced brace"
    if _TYPED_USER.search(template):
        yield "puts a type before context.userId, which carries its type already: use userPractitionerId"


def _parameters(query: str) -> list[Parameter]:
    parts = [part.partition("=") for part in query.split("&")]
    names = [(name.partition(":"), value) for name, _, value in parts]
    return [Parameter(name, modifier, value) for (name, _, modifier), value in names]


def _parameter_faults(parameters: list[Parameter], codes: Collection[str]) -> Iterator[str]:
    names = [parameter.name for parameter in parameters if parameter.name not in _DATE_PARAMETERS]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{name} is given twice, which means AND: join the values with commas"
    for parameter in parameters:
        yield from _faults_of(parameter, codes)


def _faults_of(parameter: Parameter, codes: Collection[str]) -> Iterator[str]:
    name, modifier, value = parameter
    if not value:
        yield f"{name} has no value"
    elif "." in name or modifier[:1].isupper():
        yield f"{name} is a chained search: search on the resource's own elements"
    elif name in ("sort", "_sort"):
        yield from _sort_faults(parameter)
    elif name == "_count":
        if modifier or not (value.isascii() and value.isdigit() and int(value) > 0):
            yield "_count is not a positive number"
    elif name in _DATE_PARAMETERS:
        if modifier or not _DATE.fullmatch(value):
            yield f"{name} is not a date with one of the prefixes eq, lt, gt, ge, le"
    elif name in _TOKEN_PARAMETERS:
        yield from _token_parameter_faults(parameter, codes)
    elif name not in _REFERENCE_PARAMETERS or modifier:
        yield f"{name}{':' if modifier else ''}{modifier} is outside the searches that every client can run"


def _sort_faults(parameter: Parameter) -> Iterator[str]:
    if parameter.name != "_sort" or parameter.modifier or not _SORT.fullmatch(parameter.value):
        # The specification's own example, sort:desc=date, is no FHIR R4.
        yield "sorts in another way than FHIR R4: write _sort=-date"


def _token_parameter_faults(parameter: Parameter, codes: Collection[str]) -> Iterator[str]:
    if parameter.modifier not in ("", "in"):
        yield f"{parameter.name}:{parameter.modifier} is a modifier: only :in is in the recommended subset"
    if parameter.name != "code" or parameter.modifier:
        return
    asked = [token.rpartition("|")[2] for token in parameter.value.split(",")]
    if unknown := [code for code in asked if code not in codes]:
        yield f"asks for codes that this service does not read: {', '.join(unknown)}"
