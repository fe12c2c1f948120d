"""What stands in a row: enough to say why, and nothing of the patient."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select

from cds_service.audit import write
from cds_service.audit.find import Wanted, find
from cds_service.audit.tables import evaluation, evaluation_card
from cds_service.errors import PreconditionFailed
from cds_service.feedback.tables import recording_loss, shown_card
from cds_service.records.columns import metadata
from cds_service.records.recorder import Lost
from cds_service.switches.discretion import SILENT
from tests.audit.conftest import KEYED, Accounts, refused, writer
from tests.hook_call.calls import OUTCOME, PATIENT, bundle, chart, count, order

NOW = datetime(2026, 11, 22, 8, 14, tzinfo=UTC)
CANARY = "Canary-Zx9"


def rows(engine: Engine, table: Any) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(select(table)))


def test_a_row_says_who_what_when_by_which_rules_and_why(engine: Engine, account: Accounts) -> None:
    noted = account(at=NOW)
    writer().save(engine, [noted], Lost(), NOW)

    (row,) = rows(engine, evaluation)
    assert (row.at, row.client, row.service_id, row.hook) == (
        NOW,
        "sandbox",
        "anakinra-neutropenia-view",
        "patient-view",
    )
    assert (row.mode, row.outcome, row.status, row.milliseconds, row.correlation_id) == (
        "active",
        "cards",
        200,
        3.2,
        "abcd",
    )
    assert (row.rules_version, row.content_hash, row.profile, row.key_id) == ("0.3.0", "c0ffee" * 10, "us", KEYED.id)
    assert row.patient_hash == KEYED.hash("patient", "sandbox", PATIENT)
    assert row.user_hash == KEYED.hash("user", "sandbox", "Practitioner/dr-1")
    assert row.hook_instance_hash == KEYED.hash("hookInstance", "sandbox", "instance-1")
    assert row.rules[0] == {"rule": "PV10", "about": "anakinra", "answer": "FINDING"}
    assert {"rule": "M1", "answer": "NOT EVALUATED", "why": "no usable result within 7 days"} in row.rules
    assert row.data["neutrophils"] == {"state": "satisfied", "extent": "complete"}
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    assert ["Observation/anc-1", yesterday] in row.inputs
    assert "MedicationRequest/order-1" in [name for name, _ in row.inputs]
    card = rows(engine, evaluation_card)[0]
    assert (card.advice_code, card.row_id, card.indicator, card.shown) == ("hold-anakinra", "PV10", "critical", True)
    assert card.card_uuid == rows(engine, shown_card)[0].card_uuid


def test_the_same_batch_twice_is_one_row(engine: Engine, account: Accounts) -> None:
    noted = account()
    for _ in range(2):
        writer().save(engine, [noted], Lost(), NOW)
    assert len(rows(engine, evaluation)) == 1


def test_an_answer_without_a_card_names_what_it_rests_on(engine: Engine, account: Accounts) -> None:
    writer().save(engine, [account(prefetch=chart())], Lost(), NOW)
    (row,) = rows(engine, evaluation)
    assert row.outcome == "none"
    assert [name for name, _ in row.inputs] == ["MedicationRequest/order-1", "Observation/anc-1", "Observation/anc-2"]
    assert rows(engine, evaluation_card) == []


def test_what_could_not_be_assessed_says_why_in_our_words(engine: Engine, account: Accounts) -> None:
    writer().save(engine, [account(prefetch=chart(neutrophils=OUTCOME))], Lost(), NOW)
    (row,) = rows(engine, evaluation)
    assert row.outcome == "not-assessed"
    assert row.data["neutrophils"]["why"] == "in prefetch; an OperationOutcome came instead of data"
    assert "neutrophil counts not available" in row.rules[0]["why"]


def test_a_refusal_has_a_row_too(engine: Engine) -> None:
    writer().save(engine, [refused(PreconditionFailed("prefetch.neutrophils is missing: send it."))], Lost(), NOW)
    (row,) = rows(engine, evaluation)
    assert (row.outcome, row.status) == ("refused", 412)
    assert row.problems == ["PreconditionFailed", "prefetch.neutrophils is missing"]
    assert row.patient_hash is None


def test_in_silent_mode_cards_are_audited_and_not_shown(engine: Engine, account: Accounts) -> None:
    writer().save(engine, [account(mode=SILENT)], Lost(), NOW)
    assert {(card.shown, card.withheld) for card in rows(engine, evaluation_card)} == {(False, "silent-mode")}
    assert rows(engine, evaluation)[0].outcome == "cards"
    assert rows(engine, shown_card) == []


def test_each_half_can_be_off(engine: Engine, account: Accounts) -> None:
    writer(feedback=False).save(engine, [account()], Lost(), NOW)
    assert rows(engine, shown_card) == []
    writer(audit=False).save(engine, [account("instance-2")], Lost(), NOW)
    assert (len(rows(engine, evaluation)), bool(rows(engine, shown_card))) == (1, True)


def test_what_was_lost_is_written_down(engine: Engine, account: Accounts) -> None:
    writer().save(engine, [account()], Lost(7, 9), NOW)
    assert [(row.calls, row.cards) for row in rows(engine, recording_loss)] == [(7, 9)]


def test_purging_takes_what_is_older_and_nothing_else(engine: Engine, account: Accounts) -> None:
    old, new = account(at=NOW - timedelta(days=1)), account("instance-2", at=NOW)
    writer().save(engine, [old, new], Lost(), NOW)
    assert write.count_before(engine, NOW) == 1
    write.purge(engine, NOW)
    assert [row.id for row in rows(engine, evaluation)] == [new.id]
    assert {card.evaluation_id for card in rows(engine, evaluation_card)} == {new.id}


def test_no_name_id_token_value_or_text_is_in_any_column(engine: Engine, account: Accounts) -> None:
    """The canary is the patient, the user, the instance; in texts, units, odd ids and an outcome of the server."""
    odd = count(0.4567, f"{CANARY} {CANARY}", patient=CANARY) | {"note": [{"text": CANARY}]}
    named = order(patient=CANARY) | {"requester": {"display": CANARY}, "note": [{"text": CANARY}]}
    broken = OUTCOME | {"issue": [{"severity": "error", "code": CANARY, "diagnostics": CANARY}]}
    patient = {"resourceType": "Patient", "id": CANARY, "name": [{"text": CANARY}], "birthDate": "1990-04-01"}
    prefetch = chart(
        patient=patient, neutrophils=bundle(odd), medications=bundle(named), labs=broken, conditions=bundle({})
    )
    noted = [
        account(CANARY, CANARY, f"Practitioner/{CANARY}", prefetch=prefetch),
        refused(PreconditionFailed(f"{CANARY} is wrong", f"prefetch.labs is missing ({CANARY})")),
    ]
    writer().save(engine, noted, Lost(), NOW)

    assert rows(engine, evaluation)[0].outcome == "cards"
    written = repr([list(row) for table in metadata.sorted_tables for row in rows(engine, table)])
    for secret in (CANARY, "0.4567", r"\b4567\b", r"\b1990"):  # digits within a digest are no value
        assert not re.search(secret, written)
    assert "Observation/~" in written  # an id that is none is kept as a keyed hash


def test_it_is_found_by_instance_patient_card_id_and_date(engine: Engine, account: Accounts) -> None:
    first, second = account("i1", at=NOW), account("i2", "other", at=NOW + timedelta(days=1), prefetch=chart())
    writer().save(engine, [first, second], Lost(), NOW)

    def found(wanted: Wanted) -> list[str]:
        return [each.row["id"] for each in find(engine, wanted)]

    assert found(Wanted()) == [second.id, first.id]
    assert found(Wanted(most=1)) == [second.id]
    assert found(Wanted(hook_instance_hash=KEYED.hash("hookInstance", "sandbox", "i1"))) == [first.id]
    assert found(Wanted(patient_hash=KEYED.hash("patient", "sandbox", "other"))) == [second.id]
    assert found(Wanted(card=first.cards[0].uuid)) == [first.id]
    assert found(Wanted(correlation_id="none")) == []
    assert found(Wanted(since=NOW + timedelta(hours=1))) == [second.id]
