"""The schemas themselves: valid, complete in words, whole without a network, and fast."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cds_service.contract.requirements import requirement
from cds_service.contract.schemas import KINDS, PROFILES, documents, schema, validator
from tests.contract.schemas.payloads import GOOD
from tests.corpus import sandbox_request
from tests.in_time import in_time, processor_seconds

every_document = pytest.mark.parametrize("name", documents())
_SCHEMAS_BY_NAME = {"properties", "$defs"}
_WORDS = {"examples", "enum", "const", "required", "dependentRequired"}
_GUARDS = {"if", "not", "contains"}


@every_document
def test_it_is_valid_json_schema(name: str) -> None:
    Draft202012Validator.check_schema(documents()[name])


@every_document
def test_it_is_whole(name: str) -> None:
    document = documents()[name]

    assert "$ref" not in json.dumps(document)
    assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert document["$id"].startswith("https://anakinra-cds.example/schemas/")
    assert document["title"]
    assert document["description"]


@every_document
def test_every_member_is_explained_in_words(name: str) -> None:
    for where, member in members(documents()[name], name):
        for word in ("title", "description", "x-requirement", "x-fix"):
            assert member.get(word), f"{where} has no {word}"
        assert member["description"].endswith("."), where
        assert member["x-fix"].endswith("."), where
        assert "\n" not in member["x-fix"], where


@every_document
def test_every_requirement_exists(name: str) -> None:
    for where, member in words(documents()[name], name):
        assert requirement(member["x-requirement"]), where
        assert member.get("x-severity", "error") in {"error", "warning", "hint"}, where


@every_document
def test_the_examples_are_good(name: str) -> None:
    for where, member in words(documents()[name], name):
        for example in member.get("examples", []):
            assert not list(Draft202012Validator(member).iter_errors(example)), where


def members(value: Any, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema of a member of an object, but for those that only test whether a rule applies."""
    if isinstance(value, list):
        for each in value:
            yield from members(each, where)
    elif isinstance(value, dict):
        for word, member in value.items():
            if word == "properties":
                yield from ((f"{where}.{name}", each) for name, each in member.items())
                yield from (found for name, each in member.items() for found in members(each, f"{where}.{name}"))
            elif word not in _GUARDS | _WORDS:
                yield from members(member, where)


def words(value: Any, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, list):
        for each in value:
            yield from words(each, where)
    elif isinstance(value, dict):
        if "x-requirement" in value:
            yield where, value
        for word, member in value.items():
            if word not in _WORDS:
                yield from words(member, f"{where}.{word}")


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("kind", KINDS)
def test_there_is_a_schema_of_every_kind_and_profile(kind: str, profile: str) -> None:
    assert schema(kind, profile)["type"] == "object"


@pytest.mark.parametrize(("hook", "title"), [("order-sign", "order-sign request"), ("encounter-start", "Hook request")])
def test_a_hook_has_its_own_schema_or_the_general_one(hook: str, title: str) -> None:
    assert schema("request", "2.0", hook)["title"] == title


@pytest.mark.parametrize(("kind", "profile"), [("request", "1.0"), ("common", "2.0"), ("request-order-sign", "2.0")])
def test_what_there_is_not(kind: str, profile: str) -> None:
    with pytest.raises(ValueError, match="the kinds are discovery, request"):
        schema(kind, profile)


@pytest.mark.parametrize("name", ["order-select-drug", "order-select-no-medication", "patient-view"])
def test_the_public_sandbox_keeps_to_the_specification(name: str) -> None:
    """What it bends is inside FHIR (draftOrders without a type, a category that is no list): the models' affair."""
    body = sandbox_request(name)

    assert list(validator("request", "2.0", body["hook"]).iter_errors(body)) == []


def test_others_see_errors_and_no_recommendations() -> None:
    """``x-should`` is a word of ours: a validator that does not know it takes what the specification allows."""
    body = {"services": [{"hook": "patient-view", "description": "Untitled.", "id": "a"}]}

    assert list(Draft202012Validator(schema("discovery")).iter_errors(body)) == []
    assert len(list(validator("discovery").iter_errors(body))) == 1


def test_a_hook_that_a_stranger_made_up_is_not_kept() -> None:
    assert validator("request", "2.0", "made-up") is validator("request", "2.0", "another") is validator("request")
    assert validator("request", "2.0", "../order-sign") is validator("request")


def test_a_response_is_checked_in_milliseconds() -> None:
    body = {"cards": GOOD["response"]["cards"] * 3}
    checked = validator("response")
    assert in_time(0.02, lambda: processor_seconds(lambda: list(checked.iter_errors(body)))) == []


def test_hostile_text_does_not_slow_a_pattern_down() -> None:
    long = "a" * 200_000
    body = {**GOOD["order-select"], "hookInstance": long, "fhirServer": f"http://{long} "}
    body["context"] = {**body["context"], "userId": f"Practitioner/{long}/", "selections": [f"A{long}/", long]}

    found, seconds = processor_seconds(lambda: list(validator("request", "2.0", "order-select").iter_errors(body)))
    assert len(found) == 5
    assert seconds < 1
