"""A row for each hook call, whatever became of it."""

from pathlib import Path

import pytest

from cds_service import create_app
from cds_service.audit.keyed import Keyed
from cds_service.errors import SettingsError
from cds_service.records.database import open_engine
from cds_service.settings import Settings
from tests.hook_call.calls import chart
from tests.trust.ehr import HOSPITAL, write_clients
from tests.web.audit.calls import FEEDBACK, KEY, VIEW, Started, good, recorder_of, rows, until


def test_every_call_of_a_service_has_a_row(started: Started, file_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client = started(max_body_bytes=20_000)
    answers = [
        client.post(VIEW, json=good()),
        client.post(VIEW, data=b"{"),
        client.post(VIEW, data=b" " * 20_001),
        client.post(VIEW, json=good(prefetch={})),
    ]
    monkeypatch.setattr("cds_service.hook_call.assess", None)
    answers.append(client.post(VIEW, json=good()))
    recorder_of(client).close()

    found = rows(file_url)
    assert [row.status for row in found] == [answer.status_code for answer in answers] == [200, 400, 413, 412, 500]
    assert [row.outcome for row in found] == ["cards", *["refused"] * 4]
    assert found[-1].problems == ["ServiceFault"]
    assert found[-1].patient_hash == found[0].patient_hash is not None
    assert [row.correlation_id for row in found] == [answer.headers["X-Correlation-Id"] for answer in answers]


def test_a_412_tells_how_each_key_came(started: Started, file_url: str) -> None:
    client = started()
    prefetch = chart(medications={"resourceType": "OperationOutcome"}, neutrophils=...)
    assert client.post(VIEW, json=good(prefetch=prefetch)).status_code == 412
    recorder_of(client).close()
    (row,) = rows(file_url)
    assert row.problems[0] == "NotEnough"
    assert row.data["neutrophils"] == {
        "state": "absent",
        "extent": "unavailable",
        "why": "not in prefetch; no fhirServer was given",
    }
    assert row.data["medications"]["why"] == "in prefetch; an OperationOutcome came instead of data"
    assert row.data["labs"] == {"state": "null", "extent": "complete"}


def test_what_is_no_call_of_a_service_has_none(started: Started, file_url: str) -> None:
    client = started()
    client.get("/cds-services")
    client.get("/nowhere")
    client.post("/cds-services/Canary", json=good())
    client.post(FEEDBACK, json={"feedback": []})
    client.post(VIEW, json=good(), environ_base={"REMOTE_ADDR": "192.0.2.1"})
    client.post(VIEW, json=good())
    recorder_of(client).close()
    assert [row.status for row in rows(file_url)] == [200]


def test_switched_off_only_the_cards_shown_are_kept(started: Started, file_url: str) -> None:
    client = started(audit="off")
    client.post(VIEW, json=good())
    client.post(VIEW, data=b"{")
    recorder_of(client).close()
    assert rows(file_url) == []


def test_an_account_that_fails_costs_no_answer(
    started: Started, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("cds_service.audit.account._inputs", None)
    client = started()
    assert client.post(VIEW, json=good()).status_code == 200
    assert recorder_of(client).lost.calls == 1
    assert "were not recorded so far (the calls are unaffected): TypeError" in caplog.text


def test_production_has_an_audit(tmp_path: Path) -> None:
    production = {"mode": "production", "clients": str(write_clients(tmp_path / "clients.toml", HOSPITAL))}

    with pytest.raises(SettingsError, match="CDS_AUDIT=off is for a sandbox"):
        create_app(Settings(**production, audit="off", audit_key=KEY))
    with pytest.raises(SettingsError, match="CDS_AUDIT_KEY is not set"):
        create_app(Settings(**production))


def test_a_sandbox_without_a_key_says_so_once(started: Started, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Keyed] = []
    monkeypatch.setattr(Keyed, "warn", lambda keyed: told.append(keyed))
    client = started(audit_key="")
    for _ in range(3):
        client.post(VIEW, json=good())
        recorder_of(client).close()
    clerk = client.application.extensions["clerk"]
    assert [each for each in told if each is clerk.keyed] == [clerk.keyed]


def test_what_is_older_than_the_site_wants_is_deleted(
    started: Started, file_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = started()
    client.post(VIEW, json=good())
    recorder_of(client).close()
    with open_engine(file_url).begin() as connection:
        connection.exec_driver_sql("UPDATE evaluation SET at = '2020-01-01 00:00:00.000000'")
        connection.exec_driver_sql("UPDATE shown_card SET shown_at = '2020-01-01 00:00:00.000000'")
    later = started(retention_days=30)
    later.post(VIEW, json=good())
    until(lambda: len(rows(file_url)) == 1 and rows(file_url)[0].at.year > 2020)
