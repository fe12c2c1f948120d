"""Prefetch templates: filled in for a call, and refused at start-up where an EHR could not run them."""

import pytest

from cds_service.errors import ContentError
from cds_service.hooks.context import Context
from cds_service.hooks.prefetch import fill, lint

CODES = frozenset({"751-8", "777-3"})
P = "patient={{context.patientId}}"

GOOD = [
    "Patient/{{context.patientId}}",
    "Practitioner/{{userPractitionerId}}",
    "Encounter/{{context.encounterId}}",
    f"Observation?{P}",
    f"Observation?{P}&code=751-8,777-3&_sort=-date&_count=200",
    f"Observation?{P}&code=http://loinc.org|751-8",
    f"Observation?{P}&code:in=http://example.org/ValueSet/anc",
    f"Observation?{P}&date=ge2026-01-01&date=lt2026-06-01",
    f"MedicationRequest?{P}&intent=order&_sort=-authoredon,_id",
    "Condition?subject=Patient/{{context.patientId}}",
    f"Condition?{P}&encounter={{{{context.encounterId}}}}",
]

# template -> the fault that is told
BAD = {
    # tokens
    "Patient/{{context.patient.id}}": "token {{context.patient.id}} is not a root-level primitive context field",
    "Patient/{{patientId}}": "token {{patientId}} is not a root-level primitive context field",
    "Patient/{{ context.patientId }}": "token {{ context.patientId }} is not a root-level primitive context field",
    "Bundle/{{context.draftOrders}}": "token {{context.draftOrders}} is not a root-level primitive context field",
    f"Observation?{P}&_id={{{{context.selections}}}}": "token {{context.selections}} is not a root-level",
    f"Observation?{P}&date=ge{{{{today()}}}}": "token {{today()}} is not a root-level primitive context field",
    "Patient/{{context.patientId}": "has an unbalanced brace",
    "Patient/{context.patientId}": "has an unbalanced brace",
    "Practitioner/{{context.userId}}": "puts a type before context.userId, which carries its type already",
    # shape
    "": "is neither a read (Type/{{token}}) nor a search",
    "{{context.userId}}": "is neither a read (Type/{{token}}) nor a search",
    "Patient": "is neither a read (Type/{{token}}) nor a search",
    "Patient/123": "is neither a read (Type/{{token}}) nor a search",
    "Patient/{{context.patientId}}/$everything": "is neither a read (Type/{{token}}) nor a search",
    "Patient/{{context.patientId}}/_history/1": "is neither a read (Type/{{token}}) nor a search",
    f"Patient/{{{{context.patientId}}}}/Observation?{P}": "searches something else than one resource type",
    f"/Observation?{P}": "is not a relative FHIR URL",
    f"https://ehr.example.org/Observation?{P}": "is not a relative FHIR URL",
    f"Observation?{P}&code=751-8 ": "is not a relative FHIR URL",
    f"Observation?{P}#x": "is not a relative FHIR URL",
    # whose data
    "Observation?code=751-8": "is not restricted to the patient",
    "Observation?patient=1": "is not restricted to the patient",
    "Observation?patient={{context.userId}}": "is not restricted to the patient",
    # search features outside the subset
    f"Observation?{P}&subject.name=x": "subject.name is a chained search",
    f"Observation?{P}&subject:Patient.name=x": "subject is a chained search",
    f"Observation?{P}&code:not=751-8": "code:not is a modifier: only :in is in the recommended subset",
    f"Observation?{P}&code:text=anc": "code:text is a modifier: only :in is in the recommended subset",
    f"Observation?{P}&_include=Observation:specimen": "_include is outside the searches that every client can run",
    f"Observation?{P}&_revinclude=Provenance:target": "_revinclude is outside the searches",
    f"Observation?{P}&_has:Group:member:_id=1": "_has",
    f"Observation?{P}&_elements=code": "_elements is outside the searches",
    f"Observation?{P}&value-quantity=lt1.5": "value-quantity is outside the searches",
    f"Observation?{P}&patient:missing=false": "patient:missing is outside the searches",
    f"Observation?{P}&code": "code has no value",
    f"Observation?{P}&code=751-8&code=777-3": "code is given twice, which means AND",
    # sorting, counting, dates
    f"Observation?{P}&sort:desc=date": "write _sort=-date",
    f"Observation?{P}&_sort:desc=date": "write _sort=-date",
    f"Observation?{P}&_sort=date:desc": "write _sort=-date",
    f"Observation?{P}&_sort=+date": "write _sort=-date",
    f"Observation?{P}&_count=0": "_count is not a positive number",
    f"Observation?{P}&_count=all": "_count is not a positive number",
    f"Observation?{P}&date=sa2026-01-01": "date is not a date with one of the prefixes",
    f"Observation?{P}&date=ne2026-01-01": "date is not a date with one of the prefixes",
    f"Observation?{P}&date:missing=true": "date is not a date with one of the prefixes",
    # codes
    f"Observation?{P}&code=751-8,35039-7": "asks for codes that this service does not read: 35039-7",
    f"Observation?{P}&code=http://loinc.org|4548-4": "asks for codes that this service does not read: 4548-4",
}


@pytest.mark.parametrize("template", GOOD)
def test_what_every_client_can_run_passes(template):
    lint("a-service", {"labs": template}, CODES)


@pytest.mark.parametrize(("template", "fault"), BAD.items())
def test_what_a_client_could_not_run_stops_the_start(template, fault):
    with pytest.raises(ContentError) as refusal:
        lint("a-service", {"labs": template}, CODES)

    assert any(
        message.startswith("service a-service, prefetch key labs: ") and fault in message
        for message in refusal.value.messages
    )


def test_every_fault_is_told_at_once():
    with pytest.raises(ContentError) as refusal:
        lint("a-service", {"labs": "Observation?sort:desc=date", "patient": "Patient"}, CODES)

    assert len(refusal.value.messages) == 3


CONTEXT = Context("Practitioner/1", "pat:1", "", (), None)


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("Patient/{{context.patientId}}", "Patient/pat%3A1"),
        (f"Observation?{P}&_sort=-date", "Observation?patient=pat%3A1&_sort=-date"),
        ("{{context.userId}}", "Practitioner/1"),
    ],
)
def test_a_template_is_filled_with_the_context(template, filled):
    assert fill({"a": template}, CONTEXT) == {"a": filled}


def test_a_token_without_a_value_is_a_content_error():
    with pytest.raises(ContentError, match="userPractitionerId"):
        fill({"a": "Practitioner/{{userPractitionerId}}"}, CONTEXT)
