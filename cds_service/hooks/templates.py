"""What is wrong with a prefetch template, anybody's: tokens, form, and searches outside the recommended subset.

https://cds-hooks.hl7.org/2.0/#prefetch-tokens and #prefetch-query-restrictions. A template that an EHR cannot run is
found out in its production otherwise: HAPI and the CRD tests ran into wrong ones.
"""

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from cds_service.hooks.tokens import USER_TOKENS

TOKEN = re.compile(r"\{\{(.*?)\}\}")
_FIELD = re.compile(r"context\.[A-Za-z_][A-Za-z0-9_]*")
_TYPED_USER = re.compile(r"(?:Practitioner|PractitionerRole|Patient|RelatedPerson)/\{\{\s*context\.userId")
_RESOURCE = re.compile(r"[A-Z][A-Za-z]{2,63}")
_READ = re.compile(r"[A-Z][A-Za-z]{2,63}/\{\{[^{}]+\}\}")
_DATE = re.compile(r"(?:eq|lt|gt|ge|le)?(?:\d{4}.*|\{\{[^{}]+\}\})")
_COUNT = re.compile(r"0*[1-9][0-9]*")
_SORT = re.compile(r"-?[a-z_][A-Za-z-]*(?:,-?[a-z_][A-Za-z-]*)*")

DATE_PARAMETERS = frozenset(
    {"_lastUpdated", "authoredon", "birthdate", "date", "effective", "effective-time", "onset-date", "recorded-date"}
)
TOKEN_PARAMETERS = frozenset({"_id", "category", "clinical-status", "code", "intent", "status"})
REFERENCE_PARAMETERS = frozenset({"encounter", "patient", "subject"})
# Of a type that the subset leaves out: strings, numbers, quantities, composites, special ones.
_OTHER_PARAMETERS = re.compile(r"name|family|given|address(-.*)?|near|probability|.*-quantity|.*-value(-.*)?|combo-.*")
_RESULT_PARAMETERS = frozenset({"_id", "_lastUpdated", "_count", "_sort"})


class Rule(Enum):
    """Which rule a template breaks."""

    DELIMITERS = "delimiters"
    TOKEN = "token"  # noqa: S105
    CONTEXT_FIELD = "context field"
    FORM = "form"
    SUBSET = "subset"


class TemplateFault(NamedTuple):
    """One fault of a template, in words; ``token`` is the one at fault, if it is one."""

    rule: Rule
    message: str
    token: str = ""


class Parameter(NamedTuple):
    """One search parameter of a template, such as ``code:in=...``."""

    name: str
    modifier: str
    value: str


def template_faults(template: str, fields: frozenset[str] | None) -> Iterator[TemplateFault]:
    """Every fault of ``template`` at a hook whose ``fields`` may be tokens (None: every root-level field)."""
    yield from _token_faults(template, fields)
    path, question, query = template.partition("?")
    if re.search(r"[\s#\\]", TOKEN.sub("", template)) or path.startswith("/") or "://" in path:
        yield TemplateFault(Rule.FORM, "is not a relative FHIR URL")
    if not question:
        if not (_READ.fullmatch(path) or path == "{{context.userId}}"):
            yield TemplateFault(
                Rule.FORM, "is neither a read (Type/{{token}}) nor a search of one type (Type?name=value)"
            )
        return
    if not _RESOURCE.fullmatch(path):
        yield TemplateFault(Rule.FORM, "searches something else than one resource type")
    for parameter in parameters(query):
        yield from (TemplateFault(Rule.SUBSET, message) for message in _faults_of(parameter))


def parameters(query: str) -> list[Parameter]:
    """The search parameters of a query, in order."""
    parts = [part.partition("=") for part in query.split("&")]
    names = [(name.partition(":"), value) for name, _, value in parts]
    return [Parameter(name, modifier, value) for (name, _, modifier), value in names]


def _token_faults(template: str, fields: frozenset[str] | None) -> Iterator[TemplateFault]:
    for token in TOKEN.findall(template):
        message = f"token {{{{{token}}}}} is not a root-level primitive context field"
        if token in USER_TOKENS:
            continue
        if not token.startswith("context."):
            yield TemplateFault(Rule.TOKEN, message, token)
        elif not _FIELD.fullmatch(token) or (fields is not None and token.removeprefix("context.") not in fields):
            yield TemplateFault(Rule.CONTEXT_FIELD, message, token)
    if re.search(r"[{}]", TOKEN.sub("", template)):
        yield TemplateFault(Rule.DELIMITERS, "has an unbalanced brace")
    if _TYPED_USER.search(template):
        message = "puts a type before context.userId, which carries its type already: use userPractitionerId"
        yield TemplateFault(Rule.FORM, message)


def _faults_of(parameter: Parameter) -> Iterator[str]:
    name, modifier, value = parameter
    if not value:
        yield f"{name} has no value"
    elif name != "_has" and ("." in name or modifier[:1].isupper()):
        yield f"{name} is a chained search: search on the resource's own elements"
    elif name in ("sort", "_sort"):
        yield from _sort_faults(parameter)
    elif name == "_count":
        yield from () if not modifier and _COUNT.fullmatch(value) else ("_count is not a positive number",)
    elif name in DATE_PARAMETERS:
        if modifier or not _DATE.fullmatch(value):
            yield f"{name} is not a date with one of the prefixes eq, lt, gt, ge, le"
    elif name in TOKEN_PARAMETERS:
        if modifier not in ("", "in"):
            yield f"{name}:{modifier} is a modifier: only :in is in the recommended subset"
    elif _is_outside(parameter):
        yield outside(parameter)


def outside(parameter: Parameter) -> str:
    """The fault of a search that is in no subset."""
    colon = ":" if parameter.modifier else ""
    return f"{parameter.name}{colon}{parameter.modifier} is outside the searches that every client can run"


def _is_outside(parameter: Parameter) -> bool:
    name, modifier, _ = parameter
    other_type = bool(_OTHER_PARAMETERS.fullmatch(name)) or (name.startswith("_") and name not in _RESULT_PARAMETERS)
    return other_type or modifier not in ("", "in") or (bool(modifier) and name in REFERENCE_PARAMETERS)


def _sort_faults(parameter: Parameter) -> Iterator[str]:
    if parameter.name != "_sort" or parameter.modifier or not _SORT.fullmatch(parameter.value):
        # The specification's own example, sort:desc=date, is no FHIR R4.
        yield "sorts in another way than FHIR R4: write _sort=-date"
