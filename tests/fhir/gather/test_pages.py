"""What one page says about itself, however loosely it is written; nothing unread may pass for nothing there."""

import pytest

from cds_service.fhir.failures import FetchFailure
from cds_service.fhir.pages import Page, read_page, read_single

HIT = '{"resource":{"resourceType":"Observation","id":"a"}}'
SEEN = (("Observation", "a"),)
PAGES = (
    (f'{{"resourceType":"Bundle","entry":[{HIT}]}}', Page(SEEN)),
    (f'{{"resourceType":"Bundle","total":7,"entry":[{HIT}]}}', Page(SEEN, total=7)),
    (f'{{"resourceType":"Bundle","total":"7","entry":[{HIT}],"link":null}}', Page(SEEN, total=7)),
    ('{"resourceType":"Bundle","entry":null}', Page(())),
    (
        '{"resourceType":"Bundle","entry":[{"search":{"mode":"include"},"resource":{"resourceType":"Medication"}}]}',
        Page(()),
    ),
    (
        '{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Observation","id":5}}]}',
        Page((("Observation", 0),)),
    ),
    (
        '{"resourceType":"Bundle","entry":[{"search":{"mode":["x"]},"resource":{"resourceType":"A"}}]}',
        Page((("A", 0),)),
    ),
    ('{"resourceType":"Bundle","link":[{"relation":"next","url":"n"}]}', Page((), next_link="n")),
    ('{"resourceType":"Bundle","link":[{"relation":" NEXT","url":"n"}]}', Page((), next_link="n")),
    ('{"resourceType":"Bundle","link":[{"relation":["self","next"],"url":"n"}]}', Page((), next_link="n")),
    ('{"resourceType":"Bundle","link":[{"relation":7,"url":"n"},{"url":"n"}]}', Page(())),
    *(
        (f'{{"resourceType":"Bundle","total":{total}}}', Page((), total=read))
        for total, read in (("12", 12), ("12.0", 12), ('"12"', 12), ("-1", 0), ("null", 0), ('"many"', 0), ("[]", 0))
    ),
    *(
        (
            f'{{"resourceType":"Bundle","entry":[{{"resource":{{"resourceType":"OperationOutcome","issue":{issue}}}}}]}}',
            Page((), trouble="an error was reported beside the results" if error else ""),
        )
        for issue, error in (
            ('[{"severity":"warning"}]', False),
            ('[{"severity":"Information"},{"severity":"success"}]', False),
            ('[{"severity":"warning"},{"severity":"ERROR"}]', True),
            ('[{"severity":"severe"}]', True),
            ("[{}]", True),
            ("[]", True),
            ("null", True),
        )
    ),
)
ODD = (
    f'{{"resourceType":"Bundle","entry":[{HIT},{{"search":"match","resource":{{"resourceType":"Observation"}}}}]}}',
    f'{{"resourceType":"Bundle","entry":{HIT}}}',
    '{"resourceType":"Bundle","entry":[null]}',
    '{"resourceType":"Bundle","entry":[{"fullUrl":"x"}]}',
    '{"resourceType":"Bundle","entry":[7]}',
    '{"resourceType":"Bundle","link":{"relation":"next","url":"n"}}',
    '{"resourceType":"Bundle","entry":[{"search":{"mode":"outcome"},"resource":{"resourceType":"Observation"}}]}',
)
REFUSED = (
    "",
    "7",
    "[]",
    '"<html>"',
    '{"resourceType":"Bundle",',
    '{"resourceType":"Bundle"} {}',
    '{"resourceType":"Patient"}',
    '{"resourceType":["Bundle"]}',
    '{"resourceType":"Bundle","type":"batch-response"}',
    '{"resourceType":"Bundle","type":["searchset"]}',
    '{"resourceType":"OperationOutcome","issue":"x"}',
    '{"resourceType":"OperationOutcome","issue":[{"code":"Not A Code <b>"}]}',
    '{"resourceType":"Bundle","entry":[{"resource":' + "[" * 50_000 + "]" * 50_000 + "}]}",
    '{"entry":7,"x":' + "[" * 50_000 + "]" * 50_000 + "}",
)


@pytest.mark.parametrize(("text", "page"), PAGES)
def test_pages(text: str, page: Page) -> None:
    assert read_page(text.encode()) == page


@pytest.mark.parametrize(
    ("other", "hits"),
    [
        ('{"resource":{"resourceType":"Observation","id":"b"}}', (*SEEN, ("Observation", "b"))),
        (HIT, SEEN),
    ],
)
def test_a_page_of_one_type_is_decoded_once_and_for_all(other: str, hits: tuple[object, ...]) -> None:
    page = read_page(f'{{"resourceType":"Bundle","entry":[{HIT},{other}]}}'.encode(), "labs")
    assert page.typed is not None
    assert page.hits == hits


@pytest.mark.parametrize(
    ("other", "hits"),
    [
        ('{"resource":{"resourceType":"Device","id":"b"}}', (*SEEN, ("Device", "b"))),
        ('{"resource":{"id":"b"}}', (*SEEN, ("None", "b"))),
        ('{"resource":{"resourceType":"OperationOutcome","issue":[]}}', SEEN),
        ('{"resource":{"resourceType":"Observation","id":"b","status":7}}', (*SEEN, ("Observation", "b"))),
    ],
)
def test_a_page_with_anything_else_on_it_is_left_to_be_read_entry_by_entry(
    other: str, hits: tuple[object, ...]
) -> None:
    page = read_page(f'{{"resourceType":"Bundle","entry":[{HIT},{other}]}}'.encode(), "labs")
    assert page.typed is None
    assert (page.hits, page.unread) == (hits, 0)


@pytest.mark.parametrize("text", ODD)
def test_what_could_not_be_read_is_counted_and_costs_completeness(text: str) -> None:
    page = read_page(text.encode())
    assert page.unread == 1
    assert page.trouble == "1 entries or links could not be read"
    assert page.holds_data


def test_a_next_link_without_a_url_costs_completeness() -> None:
    page = read_page(b'{"resourceType":"Bundle","link":[{"relation":"next"}]}')
    assert page.trouble == "the link to the next page is no URL"


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_page(text: str) -> None:
    with pytest.raises(FetchFailure) as failure:
        read_page(text.encode())
    assert "<" not in failure.value.reason


def test_text_that_is_not_utf8_in_a_field_that_is_read() -> None:
    with pytest.raises(FetchFailure, match="malformed"):
        read_page(b'{"resourceType":"\xff"}')


def test_a_single_resource_is_of_the_type_and_id_asked_for() -> None:
    patient = b'{"resourceType":"Patient","id":"1","link":[{"other":{"reference":"Patient/2"}}]}'
    assert read_single(patient, "Patient", "1").hits == (("Patient", "1"),)
    for resource_type, resource_id in (("Patient", "2"), ("Medication", "1")):
        with pytest.raises(FetchFailure, match="not the"):
            read_single(patient, resource_type, resource_id)
