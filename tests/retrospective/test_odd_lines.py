"""Lines that cannot be read: named by file and number, without what stood there, and no loss to other lines."""

import json
from pathlib import Path

import pytest

from cds_service.retrospective import odd_lines, reading
from tests.canary import MARK, found_in
from tests.retrospective.exports import count, faults_of, in_one_file, order, patient, read_from
from tests.retrospective.test_scan import names

ODD = [
    (b'{"resourceType":"Observation","id":"a","subject":{"reference":"Patient/p1"}', odd_lines.NOT_JSON, "p1"),
    (b'{"resourceType":"Observation","id":"a","subject":{"refer', odd_lines.NOT_JSON, ""),
    (b"<html>", odd_lines.NOT_JSON, ""),
    (b'{"resourceType":"Observation"} {"resourceType":"Observation"}', odd_lines.NOT_JSON, ""),
    (b'{"resourceType":"Observation","subject":{"reference":"Patient/p1"},"x":NaN}', odd_lines.NOT_JSON, "p1"),
    (b'{"resourceType":"Observation","x":' + b"[" * 5000 + b"]" * 5000 + b"}", odd_lines.TOO_DEEP, ""),
    (b"7", odd_lines.NO_RESOURCE, ""),
    (b"[]", odd_lines.NO_RESOURCE, ""),
    (b'{"resourceType":7}', odd_lines.NO_RESOURCE, ""),
    (b'{"resourceType":"Observation","subject":["Patient/p1"]}', odd_lines.NO_RESOURCE, "p1"),
    (b'{"resourceType":"Observation","subject":{"reference":7}}', odd_lines.NO_RESOURCE, ""),
    (b"{}", odd_lines.NO_TYPE, ""),
    (b'{"resourceType":"Observatoin"}', odd_lines.NO_TYPE, ""),
    (b'{"exportId":"1","eventId":"download_error","eventDetail":{}}', odd_lines.LOGGED_ERROR, ""),
    (b'{"exportId":"1"}', odd_lines.NO_TYPE, ""),
    (b'{"exportId":1,"eventId":"kickoff"}', odd_lines.NO_TYPE, ""),
    (b'{"eventId":"kickoff"}', odd_lines.NO_TYPE, ""),
    (b'{"resourceType":"Bundle","type":"transaction"}', odd_lines.BUNDLE, ""),
    (b'{"resourceType":"OperationOutcome","issue":[{"severity":"error"}]}', odd_lines.NOT_ALL, ""),
    (b'{"resourceType":"OperationOutcome"}', odd_lines.NOT_ALL, ""),
    (b'{"resourceType":"OperationOutcome","issue":7}', odd_lines.NOT_ALL, ""),
    (b'{"resourceType":"Observation"}', reading.NO_SUBJECT, ""),
    (b'{"resourceType":"Observation","subject":{"identifier":{"value":"1"}}}', reading.NO_SUBJECT, ""),
    (b'{"resourceType":"Observation","subject":{"reference":"Patient/p1"},"code":7}', reading.ODD_CODE, "p1"),
    (b'{"resourceType":"Patient"}', reading.NO_ID, ""),
    (b'{"resourceType":"Patient","id":7}', reading.NO_ID, ""),
    (b'{"resourceType":"Patient","id":"p1","birthDate":"1999-01-01"}', reading.SECOND_PATIENT, "p1"),
]


@pytest.mark.parametrize(("line", "why", "whose"), ODD, ids=[f"{each[0][:60]!r}" for each in ODD])
def test_a_line_that_is_none_is_named_and_costs_no_other(line: bytes, why: str, whose: str, tmp_path: Path) -> None:
    export = read_from(in_one_file(tmp_path, order(), patient(), line, count(0.9, "2026-11-20T08:00:00Z")))
    assert faults_of(export) == [f"all.ndjson, line 3: {why}"]
    assert export.faults.touches("p1")
    assert (export.faults.patients, export.faults.of_anybody) == ({whose} - {""}, not whose)
    assert names(export) == ["Observation/anc-1", "MedicationRequest/order-1"]


FINE = [
    b'{"exportId":"1","timestamp":"2026-11-20T08:00:00Z","eventId":"kickoff","eventDetail":{}}',
    b'{"resourceType":"Parameters","parameter":[{"name":"header","valueReference":{"reference":"Patient/p1"}}]}',
    b'{"resourceType":"Contract","subject":[{"reference":"Patient/p1"}]}',
    b'{"resourceType":"OperationOutcome","issue":[{"severity":"warning"},{"severity":"information"}]}',
    b'{"resourceType":"Observation","subject":{"reference":"Group/g1"}}',
    b'{"resourceType":"Observation","subject":{"reference":"Patient/p2"},"code":7}',
    b'{"resourceType":"Patient","id":"p2"}',
    b"",
    b"  \r",
]


@pytest.mark.parametrize("line", FINE)
def test_a_line_that_concerns_nobody_is_no_fault(line: bytes, tmp_path: Path) -> None:
    export = read_from(in_one_file(tmp_path, order(), patient(), line, count(0.9, "2026-11-20T08:00:00Z")))
    assert faults_of(export) == []


def test_a_broken_line_of_one_patient_is_nobody_elses(tmp_path: Path) -> None:
    broken = b'{"resourceType":"Observation","subject":{"reference":"Patient/p9"}'
    export = read_from(in_one_file(tmp_path, order(), broken))
    assert not export.faults.touches("p1")


def test_many_faults_are_counted_and_the_first_are_named(tmp_path: Path) -> None:
    export = read_from(in_one_file(tmp_path, order(), *[b"{"] * 1000, b"[]"))
    assert (export.faults.count, len(export.faults.named)) == (1001, 20)
    assert export.faults.by_reason == {odd_lines.NOT_JSON: 1000, odd_lines.NO_RESOURCE: 1}


CANARY = f"p1-{MARK}"


@pytest.mark.parametrize("line", [each[0] for each in ODD])
def test_no_fault_tells_what_stood_there(line: bytes, tmp_path: Path) -> None:
    planted = json.dumps({"resourceType": "Observation", "note": MARK}).encode()
    line = line.replace(b"p1", CANARY.encode()).replace(b"<html>", f"<html>{MARK}".encode())
    export = read_from(in_one_file(tmp_path, order(whose=CANARY), patient(CANARY), line, planted))
    assert export.faults.count == 2
    assert not found_in(" ".join(faults_of(export)) + repr(export.faults.by_reason))
