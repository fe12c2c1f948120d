"""The validator as a whole: places, the JSON itself, and that nothing at all makes it fail."""

import json
from contextlib import suppress
from time import process_time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cds_service.contract.requirements import requirement
from cds_service.validate import Unreadable, validate
from cds_service.validate.kinds import AUTO, KINDS
from cds_service.validate.report import MOST
from cds_service.validate.text import MOST_ITEMS
from tests.corpus import SANDBOX
from tests.validate.payloads import FEEDBACK, OFFERING, REQUEST, SERVICE, found

REAL: list[Any] = [
    *(json.loads(path.read_text()) for path in SANDBOX),
    REQUEST,
    {"cards": [OFFERING | {"detail": "**x** <b> [a](b)\n\n#### c"}]},
    {"services": [SERVICE | {"prefetch": {"a": "Patient/{{context.patientId}}"}}]},
    {"feedback": [FEEDBACK]},
]


def test_a_finding_says_where_it_stands() -> None:
    body = b'{"cards": [\n  {"indicator": "info", "source": {"label": "x"},\n   "summary": 7}]}'
    first = validate(body).errors[0]
    assert (first.pointer, first.line, first.column) == ("/cards/0/summary", 3, 15)
    assert first.message == "summary is a number; it has to be text."


def test_what_is_missing_stands_where_its_holder_begins_and_a_wrong_name_where_the_name_does() -> None:
    body = b'{"cards": [],\n "systemActions": [{"type": "delete", "resourceId": "A/1"}]}'
    (about_name, _, about_holder) = (*validate(body).findings[:1], None, validate(b' {"x": 1}').findings[0])
    assert (about_name.line, about_name.column) == (2, 2)
    assert (about_holder.line, about_holder.column) == (1, 2)


def test_columns_count_characters() -> None:
    text = '{"cards": [{"uuid": "🩺🩺", "summary": 1}]}'
    at = {each.pointer: each.column for each in validate(text.encode()).findings}
    assert at["/cards/0/summary"] == text.index("1}") + 1


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"cards": [], "cards": []}', ("error", "/cards", "json_rfc8259@4")),
        (b'{"cards": [], "extension": {"a.b": NaN}}', ("error", "/extension/a.b", "json_rfc8259@6")),
        (b'{"cards": [], "extension": {"a.b": 1e999}}', ("warning", "/extension/a.b", "json_rfc8259@6")),
        (b'{"cards": [], "extension": {"a.b": "\\ud83d"}}', ("warning", "/extension/a.b", "json_rfc8259@8.2")),
        (b'\xef\xbb\xbf{"cards": []}', ("warning", "", "json_rfc8259@8.1")),
        ('{"cards": []}'.encode("utf-16"), ("error", "", "json_rfc8259@8.1")),
    ],
)
def test_what_is_wrong_with_the_json_itself_is_a_finding(body: bytes, expected: tuple[str, str, str]) -> None:
    assert found(body) == [expected]


def test_a_request_that_cannot_be_read_is_refused_too() -> None:
    with pytest.raises(Unreadable, match="The request is no readable JSON"):
        validate(b'{"cards": []}', request=b"{")


def test_the_worst_comes_first_where_two_findings_stand_at_one_place() -> None:
    severities = [each.severity.value for each in validate(b'{"cards": [{}]}').findings]
    assert severities == sorted(severities, key=["error", "warning", "hint"].index)


@given(st.binary() | st.text().map(str.encode), st.sampled_from([AUTO, *KINDS]))
def test_any_bytes_are_reported_on_or_refused(body: bytes, kind: str) -> None:
    with suppress(Unreadable):
        _check(validate(body, kind))


WORDS = st.text(max_size=20) | st.sampled_from(["1e9", "Patient", "MedicationRequest", "accepted"])
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | WORDS
ANY_VALUE = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """A real payload with some values replaced, added or taken away."""
    value = json.loads(json.dumps(draw(st.sampled_from(REAL))))
    for _ in range(draw(st.integers(1, 4))):
        holder = value
        while isinstance(holder, dict | list) and holder:
            key = draw(st.sampled_from(list(holder) if isinstance(holder, dict) else range(len(holder))))
            if not isinstance(holder[key], dict | list) or not holder[key] or draw(st.integers(0, 3)) == 0:
                break
            holder = holder[key]
        change = draw(st.integers(0, 3))
        if not isinstance(holder, dict | list) or not holder:
            continue
        if change == 0:
            del holder[key]
        elif change == 1 and isinstance(holder, dict):
            holder[draw(st.text(max_size=8))] = draw(ANY_VALUE)
        else:
            holder[key] = draw(ANY_VALUE)
    return value


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(mutated(), st.sampled_from([AUTO, *KINDS]), st.sampled_from(["2.0", "3.0-ballot", "crd"]))
def test_mutated_real_payloads_are_reported_on(payload: Any, kind: str, profile: str) -> None:
    body = json.dumps(payload).encode()
    _check(validate(body, kind, profile=profile))
    _check(validate(body, kind, profile=profile, request=body))


def _check(report: Any) -> None:
    """Every finding names a requirement that there is, stands somewhere, and says what and how in a line each."""
    for each in report.findings:
        assert requirement(each.requirement)
        assert each.line >= 1
        assert each.column >= 1
        assert each.message
        assert each.fix
        assert not set("\n\r\x1b") & set(each.message + each.fix)
    json.loads(report.as_json())


STOPPED = f"Checking stopped: there is more to find than these {MOST}."
MANY = 100_000
BUSY_S = 2.5
"""On a busy machine; half a second on an idle one, where checking to the end took up to thirteen."""
FIRST = f"Of the {MANY} there are here, the first {MOST_ITEMS} were checked."


def _around(drafts: Any = None, prefetched: Any = None) -> dict[str, Any]:
    """A request with these entries in draftOrders, and these in a prefetched Bundle."""
    orders, found = ({"resourceType": "Bundle", "type": "searchset", "entry": each} for each in (drafts, prefetched))
    context = {"userId": "Practitioner/1", "patientId": "1", "draftOrders": orders}
    return {
        "hook": "order-sign",
        "hookInstance": REQUEST["hookInstance"],
        "context": context,
        "prefetch": {"counts": found},
    }


CARD = {"summary": "s", "indicator": "info", "source": {"label": "x"}}
FAULTY = {
    "drafts of null": _around([None] * MANY),
    "empty drafts": _around([{}] * MANY),
    "drafts that are numbers": _around([1] * MANY),
    "drafts of no type": _around([{"resource": {}}] * MANY),
    "prefetched entries without a resource": _around(None, [{}] * MANY),
    "prefetched entries of no type": _around(None, [{"resource": {}}] * MANY),
    "empty cards": {"cards": [{}] * MANY},
    "cards that are numbers": {"cards": [1] * MANY},
    "empty suggestions": {"cards": [CARD | {"suggestions": [{}] * MANY}]},
    "empty services": {"services": [{}] * MANY},
    "empty feedback": {"feedback": [{}] * MANY},
    "empty system actions": {"cards": [], "systemActions": [{}] * MANY},
    "extensions of null": {"cards": [], "extension": {"a.b": [None] * MANY}},
    "prefetched keys": _around() | {"prefetch": {f"key{each}": 1 for each in range(MANY)}},
}


@pytest.mark.parametrize("payload", FAULTY.values(), ids=FAULTY)
def test_of_very_many_faults_the_first_are_told_soon(payload: dict[str, Any]) -> None:
    body = json.dumps(payload).encode()
    validate(b'{"cards": []}')
    begun = process_time()  # of this process: other work on the machine is no concern
    report = validate(body)

    assert process_time() - begun < BUSY_S
    assert FIRST in [each.message for each in report.findings]
    told = [each for each in report.findings if each.message not in (FIRST, STOPPED)]
    assert len(told) <= MOST
    assert (STOPPED in [each.message for each in report.findings]) is (len(told) == MOST)


def test_of_very_many_findings_the_worst_are_told() -> None:
    cards = [7] * 4000
    body = json.dumps({"cards": cards, "extension": {"a.b": [None] * 4000}}).encode()
    report = validate(body)
    assert len(report.errors) == len(cards)
    assert len(report.findings) == MOST + 1
    assert [each.message for each in report.findings].count(STOPPED) == 1


def test_names_given_twice_are_told_of_the_members_that_are_read() -> None:
    body = ('{"cards": [' + ",".join(['{"a": 1, "a": 2}'] * MANY) + "]}").encode()
    begun = process_time()
    report = validate(body)
    assert process_time() - begun < BUSY_S
    assert {each.requirement for each in report.errors} == {"json_rfc8259@4"}
    assert {FIRST, STOPPED} <= {each.message for each in report.findings}
