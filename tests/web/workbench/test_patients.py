"""The list of patients, from servers good and bad."""

import pytest

from cds_service.ehr import patients

ADA = {"resourceType": "Patient", "id": "p1", "name": [{"given": ["Ada"], "family": "<b>Bold</b>"}], "gender": "female"}
STORY = {"resourceType": "Patient", "id": "case1b", "name": [{"family": "Story", "given": ["Un"]}]}


def bundle(*patients, **more):
    return 200, {"resourceType": "Bundle", "entry": [{"resource": each} for each in patients], **more}


def test_stories_come_first_by_title_and_everything_is_escaped(stub, post):
    server = stub({"/Patient?_count=200": bundle(ADA, STORY)})

    answer = post("patients", {"fhir": server.url}).get_json()

    assert answer["count"] == 2
    html = answer["html"]
    assert html.index("Case 1, day 4: neutrophils 750/mm3 on anakinra") < html.index("Ada &lt;b&gt;Bold&lt;/b&gt;")
    assert 'value="case1b" data-story="case-1-b-day-4"' in html


def test_the_token_goes_to_the_fhir_server_and_nowhere_else(stub, post):
    server = stub({"/Patient?_count=200": bundle(ADA)})
    answer = post("patients", {"fhir": server.url, "token": "secret-token"})
    assert server.asked[0].headers["Authorization"] == "Bearer secret-token"
    assert "secret-token" not in answer.get_data(as_text=True)


def test_a_search_is_by_name_and_by_id(stub, post):
    server = stub({"/Patient?name=p1&_count=200": bundle(), "/Patient/p1": (200, ADA)})
    assert "p1" in post("patients", {"fhir": server.url, "search": "p1"}).get_json()["html"]


def test_a_server_that_has_more_says_so(stub, post):
    server = stub({"/Patient?_count=200": bundle(ADA, link=[{"relation": "next", "url": "x"}])})
    assert "more than these" in post("patients", {"fhir": server.url}).get_json()["html"]


def test_an_empty_server_says_how_to_fill_it(stub, post):
    server = stub({"/Patient?_count=200": bundle()})
    assert "cds-service load" in post("patients", {"fhir": server.url}).get_json()["html"]


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ((401, ""), "The FHIR server wants a valid token (HTTP 401)."),
        ((500, "no"), "gave no list of patients (HTTP 500). Is it a FHIR R4 server?"),
        ((200, "<html>"), "gave no list of patients (HTTP 200). Is it a FHIR R4 server?"),
        ((200, [1]), "gave no list of patients (HTTP 200). Is it a FHIR R4 server?"),
    ],
)
def test_a_server_that_gives_no_list(stub, refused, answer, says):
    server = stub({"/Patient?_count=200": answer})
    assert says in refused("patients", {"fhir": server.url})


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "Name a FHIR server first, such as http://127.0.0.1:8080/fhir."),
        ("ftp://x", "The FHIR server's URL does not begin with https:// (or http://, in sandbox mode)."),
        (
            "http://169.254.169.254/latest",
            "The FHIR server's URL names a link-local or metadata address, never",
        ),
        ("http://user:word@127.0.0.1/", "The FHIR server's URL holds a user name or password."),
        ("http://127.0.0.1:1/fhir", "Nobody answers at http://127.0.0.1:1/fhir. Is it running? Check the FHIR"),
    ],
)
def test_an_address_that_cannot_be_asked(refused, url, says):
    assert refused("patients", {"fhir": url}).startswith(says)


def test_what_is_no_patient_is_left_out_and_little_is_enough():
    assert patients.person({"resourceType": "Patient", "id": "x", "name": ["?", {}], "gender": 1}) == patients.Person(
        "x", "", "", ""
    )
