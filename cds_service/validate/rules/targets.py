"""A response beside its request: what is updated or deleted is there, and is this patient's."""

from collections.abc import Iterator

from cds_service.validate.finding import Finding
from cds_service.validate.node import Node
from cds_service.validate.rules.requests import bare_id, draft_ids, entries, local

_TARGET = "anakinra-cds_1@action-target"


def targets_exist(actions: list[Node], request: Node) -> Iterator[Finding]:
    """Deletes are of draft orders, where the hook has any; updates of draft orders or prefetched resources."""
    drafts = draft_ids(request)
    on_file = drafts | _prefetched(request)
    has_drafts = request["context"]["draftOrders"].is_object
    for action in actions:
        kind, resource = action["type"].text, action["resource"]
        target = action["resourceId"]
        if kind == "delete" and target.text and has_drafts and local(target.text) not in drafts:
            message = "There is no such order in the request's draftOrders."
            yield target.warning(_TARGET, message, "Delete a draft order of the request, by its type and id.")
        if kind == "update" and resource["id"].text:
            named = f"{resource['resourceType'].text}/{resource['id'].text}"
            if named not in on_file:
                message = "There is no such resource in the request, neither in draftOrders nor in prefetch."
                fix = "Update a resource that the client sent, or one that was read from its FHIR server."
                yield resource.warning(_TARGET, message, fix)


def suggestions_are_for_the_patient(actions: list[Node], request: Node) -> Iterator[Finding]:
    patient = bare_id(request["context"]["patientId"].text)
    for action in actions:
        for name in ("subject", "patient", "for"):
            reference = action["resource"][name]["reference"]
            if patient and "Patient/" in reference.text and bare_id(reference.text) != patient:
                message = "The suggested resource is about another patient than the request."
                yield reference.warning("anakinra-cds_1@one-patient", message, "Name the patient of context.patientId.")


def _prefetched(request: Node) -> set[str]:
    values = [value for _, value in request["prefetch"].members]
    found = [each for value in values for each in (value, *entries(value))]
    return {f"{each['resourceType'].text}/{each['id'].text}" for each in found}
