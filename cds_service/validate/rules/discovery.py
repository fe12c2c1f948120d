"""Discovery: services and their prefetch templates. https://cds-hooks.hl7.org/2.0/#discovery"""

from collections.abc import Iterable, Iterator

from cds_service.hooks.templates import Rule, TemplateFault, template_faults
from cds_service.hooks.tokens import CONTEXTS, USER_TOKENS, token_fields
from cds_service.validate.finding import Finding, Severity
from cds_service.validate.node import Node
from cds_service.validate.words import shown

_RULES = {
    Rule.DELIMITERS: (Severity.ERROR, "cds-hooks_2.0@55", "Write a token as {{context.patientId}}."),
    Rule.TOKEN: (
        Severity.ERROR,
        "cds-hooks_2.0@56",
        f"Use {{{{context.NAME}}}} or one of {', '.join(sorted(USER_TOKENS))}.",
    ),
    Rule.CONTEXT_FIELD: (
        Severity.ERROR,
        "cds-hooks_2.0@57",
        "Use a field that stands directly in the hook's context and holds text, such as context.patientId.",
    ),
    Rule.FORM: (
        Severity.WARNING,
        "cds-hooks_2.0@58",
        "Write a read (Patient/{{context.patientId}}) or a search of one type (Condition?patient=...).",
    ),
    Rule.SUBSET: (
        Severity.WARNING,
        "cds-hooks_2.0@58",
        "Keep to what every client can run, and filter in the service.",
    ),
}
_BARE = ("cds-hooks_2.0@59", "Put context. before the name of the field.")
_UNKNOWN = ("cds-hooks_2.0@56", "Use a field of this hook's context; hooks differ in what they have.")


def services_differ(services: Iterable[Node]) -> Iterator[Finding]:
    """The same id at several hooks is how guidance is updated; at one hook it is a mistake."""
    seen = set()
    for service in services:
        named = (service["id"].text, service["hook"].text)
        if all(named) and named in seen:
            message = "Another service has the same id and the same hook."
            yield service["id"].error("anakinra-cds_1@service-id-hook", message, "Give it another id or another hook.")
        seen.add(named)


def templates_can_run(service: Node, profile: str) -> Iterator[Finding]:
    """Every prefetch template, by the fields that the service's hook has."""
    hook = service["hook"].text
    for _, template in service["prefetch"].members:
        if template.text:
            for fault in template_faults(template.text, token_fields(hook)):
                yield _finding(template, fault, hook, profile)


def _finding(template: Node, fault: TemplateFault, hook: str, profile: str) -> Finding:
    severity, requirement, fix = _RULES[fault.rule]
    fields = CONTEXTS.get(hook, {})
    if fault.token in fields:
        requirement, fix = _BARE
    elif (field := fields.get(fault.token.removeprefix("context."))) is not None:
        requirement = field.token_requirement
    elif fields and fault.rule is Rule.CONTEXT_FIELD and fault.token.count(".") == 1:
        requirement, fix = _UNKNOWN
    if profile != "2.0" and fault.rule is Rule.CONTEXT_FIELD and fault.token.count(".") > 1:
        # The ballot and CRD let templates reach into draft orders, where client and service agreed on it.
        severity = Severity.HINT
    return Finding(severity, template.pointer, requirement, f"The template {shown(fault.message)}.", fix)
