"""Hook requests: context, draft orders, prefetch, token. https://cds-hooks.hl7.org/2.0/#http-request_1"""

from collections.abc import Iterator

from cds_service.hooks.tokens import CONTEXTS, ContextField
from cds_service.validate.finding import Finding
from cds_service.validate.node import Node
from cds_service.validate.words import either, kind_of

_KINDS = {"string": str, "array": list, "object": dict}
_IN_WORDS = {"string": "text", "array": "a list", "object": "an object"}
_PATIENT_LINKS = ("subject", "patient", "for", "beneficiary")
_LONGEST_LIFE = 3600
_NO_DRAFTS = "cds-hooks-library_1.0.1@92"
_HAVE_SCHEMAS = ("patient-view", "order-select", "order-sign")


def context_of_other_hooks(request: Node) -> Iterator[Finding]:
    """The context of the library's hooks that have no schema of their own."""
    hook, context = request["hook"].text, request["context"]
    if hook in _HAVE_SCHEMAS or not context.is_object:
        return
    for name, field in CONTEXTS.get(hook, {}).items():
        member = context[name]
        if not member:
            if field.required:
                message = f"{name} is missing; {hook} requires it."
                yield context.error(field.requirement, message, f"Send {name} as {_IN_WORDS[field.kind]}.")
        elif member.value:
            yield from _context_field(member, name, field)


def _context_field(member: Node, name: str, field: ContextField) -> Iterator[Finding]:
    if not isinstance(member.value, _KINDS[field.kind]):
        message = f"{name} is {kind_of(member.value)}; it has to be {_IN_WORDS[field.kind]}."
        yield member.error(field.requirement, message, f"Send {name} as {_IN_WORDS[field.kind]}.")
    elif field.types and member.text.partition("/")[0] not in field.types:
        message = f"{name} does not name its resource type."
        yield member.error(field.requirement, message, f"Send Type/id with {either(field.types)} as the type.")
    elif name in ("patientId", "encounterId") and "/" in member.text:
        message = f"{name} is more than the bare id."
        yield member.warning(field.requirement, message, "Send the id alone, without its type and without a URL.")


def selections_are_drafts(request: Node) -> Iterator[Finding]:
    """Each selection names an order of draftOrders, once."""
    context, seen = request["context"], set[str]()
    known = draft_ids(request)
    for selection in context["selections"].items:
        named = selection.text
        if "/" not in named:
            continue  # not written as Type/id, which the schema tells
        if named in seen:
            message = "This order is selected twice."
            yield selection.warning("cds-hooks-library_1.0.1@88", message, "Name each selected order once.")
        elif context["draftOrders"].is_object and local(named) not in known:
            message = "No order in draftOrders has this type and id."
            fix = "Select orders that are in draftOrders, as Type/id."
            yield selection.error("cds-hooks-library_1.0.1@88", message, fix)
        seen.add(named)


def drafts_are_drafts(request: Node) -> Iterator[Finding]:
    """At order-select nothing is signed yet; at order-sign an order may be signed again."""
    if request["hook"].text != "order-select":
        return
    for order in entries(request["context"]["draftOrders"]):
        status = order["status"]
        if status.text and status.text != "draft":
            message = "The order is in draftOrders and its status is not draft."
            yield status.hint(_NO_DRAFTS, message, "Send only unsigned orders, with the status draft.")


def resources_are_of_the_patient(request: Node) -> Iterator[Finding]:
    """Drafts, prefetched resources and the token are about context.patientId."""
    patient = bare_id(request["context"]["patientId"].text)
    if not patient:
        return
    prefetched = [value for _, value in request["prefetch"].members]
    holders = (request["context"]["draftOrders"], *prefetched)
    for resource in (each for holder in holders for each in (holder, *entries(holder))):
        for place in _patients(resource):
            if bare_id(place.text) != patient:
                message = "This is about another patient than context.patientId."
                fix = "Send data of the patient of the context only."
                yield place.warning("anakinra-cds_1@one-patient", message, fix)
    token = request["fhirAuthorization"]["patient"]
    if token.text and bare_id(token.text) != patient:
        message = "The token is for another patient than context.patientId."
        yield token.warning("anakinra-cds_1@one-patient", message, "Send a token for the patient of the context.")


def _patients(resource: Node) -> Iterator[Node]:
    """Where a resource says whom it is about."""
    if resource["resourceType"].text == "Patient":
        yield from [resource["id"]] if resource["id"].text else []
        return
    for name in _PATIENT_LINKS:
        reference = resource[name]["reference"]
        if "Patient/" in reference.text:
            yield reference


def prefetch_is_whole(request: Node) -> Iterator[Finding]:
    """What a service must know of prefetched data before it relies on them."""
    for _, value in request["prefetch"].members:
        if value["resourceType"].text == "OperationOutcome":
            message = (
                "The client tried to prefetch this and failed: nothing is known, which is not the same as nothing."
            )
            yield value.hint("cds-hooks_2.0@50", message, "As a service, fetch it, or answer 412 if it is required.")
        if any(link["relation"].text == "next" for link in value["link"].objects):
            message = "The Bundle is the first page of several."
            yield value["link"].hint(
                "cds-hooks_2.0@48", message, "As a service, follow the next link before relying on it."
            )


def token_is_fit(request: Node) -> Iterator[Finding]:
    authorization = request["fhirAuthorization"]
    token, life = authorization["access_token"], authorization["expires_in"]
    if token.text.lower().startswith("bearer "):
        message = "access_token begins with Bearer: a service that adds it again is refused."
        yield token.warning("cds-hooks_2.0@66", message, "Send the token alone.")
    if isinstance(life.value, int) and life.value > _LONGEST_LIFE:
        message = "The token lives for more than an hour."
        yield life.hint("cds-hooks_2.0@72", message, "Let it live as long as one hook call, some minutes.")


def entries(bundle: Node) -> list[Node]:
    """The resources of a Bundle."""
    return [entry["resource"] for entry in bundle["entry"].objects if entry["resource"].is_object]


def draft_ids(request: Node) -> set[str]:
    """The orders of draftOrders as "Type/id", by their ids and by their fullUrls."""
    found = {local(entry["fullUrl"].text) for entry in request["context"]["draftOrders"]["entry"].objects}
    orders = entries(request["context"]["draftOrders"])
    return found | {f"{order['resourceType'].text}/{order['id'].text}" for order in orders}


def bare_id(text: str) -> str:
    """ "p1" of "p1", "Patient/p1", "Patient/p1/_history/2" and ".../fhir/Patient/p1"."""
    return text.partition("/_history/")[0].rpartition("/")[2]


def local(reference: str) -> str:
    """ "Type/id" of a reference with or without a base URL and a version."""
    return "/".join(reference.partition("/_history/")[0].split("/")[-2:])
