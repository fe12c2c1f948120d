"""Names that occur twice in one object: in which resources, and in what no one can look through."""

import json

import pytest

from cds_service.fhir.read.repeated_names import repeating_resources, repeats_a_name
from tests.fhir.read.sheet import anc, bundle, key

LOW, NORMAL = '{"value": 0.4}', '{"value": 4.2}'


@pytest.mark.parametrize(
    ("body", "repeats"),
    [
        ("{}", False),
        ('{"a": 1, "b": {"a": 1}, "c": [{"a": 1}, {"a": 1}]}', False),
        ('{"a": 1, "A": 1}', False),
        ('{"a": 1, "a": 1}', True),
        ('{"a": 1, "\\u0061": 1}', True),
        ('{"b": [{"c": {"a": 1, "a": null}}]}', True),
        ('{"a": "{\\"b\\": 1, \\"b\\": 2}"}', False),
        (f'{{"a": {"9" * 5000}, "b": 1e999, "c": NaN}}', False),
        ('{"a": "\\ud800"}', False),
        # an escaped colon is one that the decoder gives back, and does not make up for one it lost
        ('{"a": "\\u003a"}', False),
        ('{"a": "\\u003A", "a": "1"}', True),
        ('{"a\\u003a": "b:c", "a:": ""}', True),
        ('{"a" : 1, "b"\n: {"c":"\\":"}}', False),
        ('{"a" : 1, "a"\n: ":"}', True),
        # what cannot be told counts as a doubt
        ("", True),
        ('{"a": ', True),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, True),
    ],
)
def test_a_name_twice_in_one_object(body: str, repeats: bool) -> None:
    assert repeats_a_name(body.encode()) is repeats


def test_text_that_is_no_utf_8_counts_as_a_doubt() -> None:
    assert repeats_a_name(b'{"a": "\xff"}')


def _twice(resource: object) -> str:
    return f'{{"resource": {json.dumps(resource)[:-1]}, "status": "final"}}}}'


@pytest.mark.parametrize(
    ("page", "named"),
    [
        (bundle(anc(), anc(id="2")).decode(), []),
        (f'{{"entry": [{_twice(anc())}, {{"resource": {json.dumps(anc(id="2"))}}}]}}', ["Observation/anc-1"]),
        (
            f'{{"entry": [{_twice(anc(id=None))}, {_twice({"status": 1})}]}}',
            ["Observation without id", "a resource without id"],
        ),
        (f'{{"entry": [{_twice({"resourceType": 5, "status": ""})}]}}', ["a resource without id"]),
        ('{"resourceType": "Bundle", "entry": [], "entry": []}', ["the Bundle"]),
        ('{"entry": [{"fullUrl": "a", "fullUrl": "b"}]}', ["the Bundle"]),
        ('{"entry": 1, "total": 0, "total": 1}', ["the Bundle"]),
        ('{"resourceType": "Patient", "id": "p1", "birthDate": "2025", "birthDate": "1990"}', ["Patient/p1"]),
    ],
)
def test_the_resource_is_named(page: str, named: list[str]) -> None:
    assert list(repeating_resources(key("neutrophils", page.encode()))) == named


def test_a_large_page_is_told_without_all_of_it_in_memory() -> None:
    many = ",".join(f'{{"a": {number}}}' for number in range(100_000))
    assert repeats_a_name(f"[{many}]".encode()) is False
    assert repeats_a_name(f'[{many}, {{"a": 1, "a": 2}}]'.encode()) is True
