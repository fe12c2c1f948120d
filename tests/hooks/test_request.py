"""What is read from a hook call's body, and which oddities of real clients are accepted."""

import json

import msgspec
import pytest

from cds_service.errors import BadRequest
from cds_service.hooks.request import Authorization, parse
from tests.corpus import SANDBOX

UUID = "588af03f-879b-4321-a503-9af457dba9e4"


def request_with(**changes):
    body = {"hook": "patient-view", "hookInstance": UUID, "context": {"userId": "Practitioner/1", "patientId": "pat1"}}
    body["context"] |= changes.pop("context", {})
    return parse(json.dumps(body | changes).encode(), hook=changes.get("hook", "patient-view"))


def draft(**resource):
    return {"resourceType": "Bundle", "entry": [{"resource": resource}]}


@pytest.mark.parametrize("path", SANDBOX, ids=lambda path: path.stem)
def test_the_public_sandbox_is_read_as_it_is(path):
    body = path.read_bytes()
    sent = json.loads(body)

    read = parse(body, hook=sent["hook"])

    assert read.patient_id == "pat1"
    assert read.hook_instance == sent["hookInstance"]
    assert read.fhir_server == sent["fhirServer"]
    assert list(read.context.selections) == sent["context"].get("selections", [])
    assert set(read.prefetch) == {"anc", "meds", "patient"}
    assert msgspec.json.decode(read.prefetch["anc"]) == sent["prefetch"]["anc"]
    assert (read.context.draft_orders is None) == (sent["hook"] == "patient-view")
    assert read.notes == ()


def test_drafts_come_byte_for_byte():
    body = SANDBOX[0].read_bytes()

    drafts = parse(body, hook="order-select").context.draft_orders

    assert bytes(drafts) in body
    resource = msgspec.json.decode(drafts)["entry"][0]["resource"]
    assert isinstance(resource["category"], dict)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("pat1", "pat1"),
        (" pat1 ", "pat1"),
        ("Patient/pat1", "pat1"),
        ("Patient/pat1/_history/3", "pat1"),
        ("https://ehr.example.org/fhir/Patient/pat1", "pat1"),
        ("eOlD.Patient-Id", "eOlD.Patient-Id"),
        ("e" * 200, "e" * 200),
    ],
)
def test_a_patient_id_is_made_bare(sent, read):
    assert request_with(context={"patientId": sent}).patient_id == read


@pytest.mark.parametrize(
    ("changes", "notes"),
    [
        ({}, ()),
        ({"hookInstance": f"urn:uuid:{UUID}"}, ()),
        ({"hookInstance": UUID.upper()}, ()),
        ({"hookInstance": "call-1"}, ("hookInstance is not a UUID",)),
    ],
)
def test_a_hook_instance_that_is_no_uuid_is_noted(changes, notes):
    assert request_with(**changes).notes == notes


def test_an_empty_selection_is_noted():
    read = request_with(hook="order-select", context={"selections": [], "draftOrders": draft()})

    assert read.notes == ("selections is empty: nothing was selected",)


ODD_BUT_READ = {
    "unknown fields": {"extension": {"a": 1}, "user": "Practitioner/1", "oauth": None},
    "unknown context fields": {"context": {"extension": None, "patient": {}}},
    "an encounter that is no string": {"context": {"encounterId": 5}},
    "an encounter of null": {"context": {"encounterId": None}},
    "selections of another hook": {"context": {"selections": 5, "draftOrders": 5}},
    "prefetch null": {"prefetch": None},
    "fhirServer null": {"fhirServer": None},
    "fhirAuthorization null": {"fhirAuthorization": None},
    "fhirAuthorization empty": {"fhirAuthorization": {}},
}


@pytest.mark.parametrize("changes", ODD_BUT_READ.values(), ids=ODD_BUT_READ)
def test_what_nothing_depends_on_never_breaks_a_call(changes):
    read = request_with(**changes)

    assert (read.patient_id, read.context.encounter_id, dict(read.prefetch)) == ("pat1", "", {})
    assert (read.fhir_server, read.authorization, read.access_token) == ("", None, "")


def test_null_is_told_from_absent_in_prefetch():
    read = request_with(prefetch={"labs": None, "vitals": "<html>"})

    assert bytes(read.prefetch["labs"]) == b"null"
    assert bytes(read.prefetch["vitals"]) == b'"<html>"'
    assert "neutrophils" not in read.prefetch


def test_a_byte_order_mark_is_skipped():
    body = json.dumps({"hook": "patient-view", "hookInstance": UUID, "context": {"userId": "é", "patientId": "pat1"}})

    assert parse(b"\xef\xbb\xbf" + body.encode(), hook="patient-view").context.user_id == "é"


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ({"access_token": "abc"}, Authorization("abc")),
        (
            {
                "access_token": "abc",
                "token_type": "bearer",
                "expires_in": "300",
                "scope": "patient/*.read",
                "subject": "x",
            },
            Authorization("abc", "patient/*.read"),
        ),
        ({"access_token": "abc", "patient": "pat1", "scope": None}, Authorization("abc", "", "pat1")),
    ],
)
def test_the_token_is_read_and_never_shown(given, read):
    request = request_with(fhirServer="https://ehr.example.org/fhir", fhirAuthorization=given)

    assert request.authorization == read
    assert request.access_token == "abc"
    assert "abc" not in repr(request)


DSTU2 = draft(resourceType="MedicationOrder", id="1")
ODD_DRAFTS = {
    "an entry that is no object": {"resourceType": "Bundle", "entry": [5]},
    "an entry without a resource": {"resourceType": "Bundle", "entry": [{}]},
    "a resource without a type": draft(id="1"),
    "a type that is no string": draft(resourceType=5),
    "no entry": {"resourceType": "Bundle"},
    "entry null": {"resourceType": "Bundle", "entry": None},
}


@pytest.mark.parametrize("drafts", ODD_DRAFTS.values(), ids=ODD_DRAFTS)
def test_odd_drafts_are_left_to_their_reader(drafts):
    assert request_with(hook="order-sign", context={"draftOrders": drafts}).context.draft_orders is not None


def test_dstu2_is_told_plainly():
    with pytest.raises(BadRequest, match="FHIR R4 only"):
        request_with(hook="order-sign", context={"draftOrders": DSTU2})


GOOD = b'"hook": "patient-view", "hookInstance": "1", "context": {"userId": "1", "patientId": "1"}'


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"[]", "The body must be of type object, not array."),
        (b'{"hook": 5}', "hook must be of type string, not number."),
        (b'{"context": []}', "context must be of type object, not array."),
        (b'{"fhirServer": {}}', "fhirServer must be of type string, not object."),
        (b'{"x": NaN}', "The body is not JSON (JSON is malformed: invalid character (byte 6)): send one JSON object."),
        (b'{"x": "\xff"}', "The body is not UTF-8 (at byte 7): send JSON encoded as UTF-8."),
        (b'{%b, "prefetch": {"a": 1, "a": 2}}', "prefetch: the same name occurs twice. Send each name once."),
        (b'{%b, "context": {}}', "The body has 'context' or 'prefetch' twice: send each once."),
        (
            b'{"hook": "order-sign", "hookInstance": "1", "context": {}}',
            "hook does not fit this service: send 'patient-view', or call the service listed for your hook.",
        ),
    ],
)
def test_a_refusal_names_the_field_and_the_fix(body, told):
    with pytest.raises(BadRequest) as refusal:
        parse(body.replace(b"%b", GOOD), hook="patient-view")

    assert refusal.value.messages == (told,)
