"""The validator against the corpus: every fault of the invalid payloads, and nothing that is not there.

The tables were written from the specification, by other hands than the validator.
"""

import pytest

from cds_service.contract.requirements import requirement
from cds_service.validate import Unreadable, validate
from tests.corpus import CORPUS, FOLDERS, Expected, Payload, payloads

PAYLOADS = tuple(payloads())
READABLE = [each for each in PAYLOADS if not each.unreadable]
UNREADABLE = [each for each in PAYLOADS if each.unreadable]
NO_PAYLOADS = {"expected.toml"}
WITHOUT_A_SIGN = {"invalid/cards-missing"}
"""What has lost the only member that tells its kind is taken for none."""


def found(payload: Payload) -> list[Expected]:
    request = payload.request.read_bytes() if payload.request else None
    report = validate(payload.file.read_bytes(), payload.kind, request=request, profile=payload.profile)
    return [Expected(str(each.severity), each.line, each.pointer, each.requirement) for each in report.findings]


@pytest.mark.parametrize("payload", READABLE, ids=lambda payload: payload.name)
def test_exactly_what_is_expected_is_found(payload: Payload) -> None:
    assert sorted(found(payload)) == sorted(payload.findings)


@pytest.mark.parametrize("payload", UNREADABLE, ids=lambda payload: payload.name)
def test_what_is_no_json_is_told_in_one_line(payload: Payload) -> None:
    with pytest.raises(Unreadable) as told:
        validate(payload.file.read_bytes(), payload.kind)
    assert len(str(told.value).splitlines()) == 1


@pytest.mark.parametrize("payload", [each for each in READABLE if each.profile == "2.0"], ids=lambda each: each.name)
def test_the_kind_is_recognised_by_the_content(payload: Payload) -> None:
    kind = validate(payload.file.read_bytes()).kind
    assert kind == ("unknown" if payload.name in WITHOUT_A_SIGN else payload.kind)


def test_every_file_is_in_a_table_and_every_row_has_its_file() -> None:
    told = {each.file for each in PAYLOADS}
    assert told == {file for folder in FOLDERS for file in (CORPUS / folder).iterdir() if file.name not in NO_PAYLOADS}


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda payload: payload.name)
def test_a_row_keeps_to_its_folder(payload: Payload) -> None:
    severities = {each.severity for each in payload.findings}
    for each in payload.findings:
        assert requirement(each.requirement)
    match payload.file.parent.name:
        case "valid":
            assert severities == set()
        case "tricky":
            assert severities <= {"warning", "hint"}
        case _:
            assert severities & {"error", "warning"} or payload.unreadable


def test_the_corpus_covers_every_kind_in_every_folder() -> None:
    assert {(each.file.parent.name, each.kind) for each in READABLE} == {
        (folder, kind) for folder in FOLDERS for kind in ("discovery", "request", "response", "feedback", "card")
    }
