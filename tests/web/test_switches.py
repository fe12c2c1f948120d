"""Switches of the whole site, from the file to the answer, the log, the metrics and the audit; in sandbox mode."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cds_service import create_app
from cds_service.audit.tables import evaluation, evaluation_card
from cds_service.cli.main import run
from cds_service.feedback.tables import shown_card
from cds_service.records.database import open_engine
from cds_service.settings import Settings
from tests.hook_call.calls import LOW, SERVICES, Answer, bundle, call, chart, order


class Site:
    """A service, its switches and its records."""

    def __init__(self, switches: Path, database_url: str) -> None:
        self.switches, self.url = switches, database_url
        switches.touch()
        settings = Settings(switches=str(switches), database_url=database_url, metrics="on", deadline_ms=400)
        self.client: FlaskClient = create_app(settings).test_client()

    def switch(self, name: str, mode: str) -> None:
        assert run(["switch", "--file", str(self.switches), name, mode]) == 0

    def close(self) -> None:
        self.client.application.extensions["clerk"].recorder.close()

    def rows(self, table: Any) -> list[Any]:
        self.close()
        with open_engine(self.url).connect() as connection:
            return list(connection.execute(select(table)))

    def metrics(self) -> str:
        return self.client.get("/metrics").get_data(as_text=True)


@pytest.fixture
def site(tmp_path: Path, file_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr("cds_service.switches.watch.LOOK_EVERY_S", 0.0)
    made = Site(tmp_path / "switches.toml", file_url)
    yield made
    made.close()


def fired(site: Site, hook: str = "patient-view", *drafts: dict[str, Any], **prefetch: Any) -> Answer:
    return call(site.client, hook, chart(**{"neutrophils": LOW} | prefetch), *drafts)


def codes(answer: Answer) -> list[str]:
    return [card["source"]["topic"]["code"] for card in answer.body["cards"]]


def answers(answer: Answer, rule: str) -> list[str]:
    return [each["answer"] for each in answer.trace["rules"] if each["rule"] == rule]


def test_a_silent_code_is_found_and_left_out_and_never_clear(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="cds_service.calls")
    site.switch("hold-anakinra", "silent")
    answer = fired(site)

    assert (answer.status, answer.body["cards"]) == (200, [])
    assert answer.trace["withheld"] == [{"code": "hold-anakinra", "why": "silent-code"}]
    assert answers(answer, "PV10") == ["FINDING"]
    (line,) = [each for each in caplog.messages if each.startswith("service=")]
    assert "codes=- withheld=hold-anakinra id=" in line
    metrics = site.metrics()
    assert 'cds_cards_withheld_total{code="hold-anakinra",indicator="critical",why="silent-code"} 1.0' in metrics
    assert "cds_cards_total{" not in metrics
    assert 'outcome="withheld"' in metrics
    assert 'outcome="none"' not in metrics
    (row,) = site.rows(evaluation)
    assert (row.mode, row.outcome) == ("active", "withheld")
    assert [(each.shown, each.withheld) for each in site.rows(evaluation_card)] == [(False, "silent-code")]
    assert site.rows(shown_card) == []


def test_other_cards_of_the_answer_stay(site: Site) -> None:
    site.switch("do-not-start-anakinra", "silent")
    drafts = order("anakinra", "draft-1"), order("etanercept", "draft-2")
    answer = fired(site, "order-sign", *drafts, medications=bundle())

    assert codes(answer) == ["tnf-combination"]
    assert [each["code"] for each in answer.trace["withheld"]] == ["do-not-start-anakinra"]
    (row,) = site.rows(evaluation)
    assert row.outcome == "cards"
    assert [each.advice_code for each in site.rows(shown_card)] == ["tnf-combination"]


def test_a_code_that_is_off_is_not_assessed_and_says_so(site: Site) -> None:
    site.switch("hold-anakinra", "off")
    answer = fired(site)

    assert codes(answer) == ["not-assessed"]
    assert answer.body["cards"][0]["summary"] == (
        "Neutrophils could not be assessed: the advice hold-anakinra is switched off here. "
        "Check the chart before deciding."
    )
    assert "withheld" not in answer.trace
    assert answers(answer, "PV10") == ["NOT EVALUATED"]
    assert 'cds_not_evaluated_total{rule="PV10",why="switched off here"} 1.0' in site.metrics()
    (row,) = site.rows(evaluation)
    assert row.outcome == "not-assessed"
    assert {"rule": "PV10", "about": "anakinra", "answer": "NOT EVALUATED", "why": "switched off here"} in row.rules


@pytest.mark.parametrize("hook", SERVICES)
def test_everything_silent_evaluates_and_shows_nothing(site: Site, hook: str) -> None:
    site.switch("all", "silent")
    drafts = () if hook == "patient-view" else (order("anakinra", "draft-1"),)
    answer = fired(site, hook, *drafts)

    assert (answer.status, answer.body["cards"], answer.trace["mode"]) == (200, [], "silent")
    assert any(each["answer"] == "FINDING" for each in answer.trace["rules"])
    assert 'cds_answers_total{mode="silent",outcome="cards"' in site.metrics()
    assert {each.withheld for each in site.rows(evaluation_card)} == {"silent-mode"}


def test_an_answer_before_anything_is_fetched_is_silent_too(site: Site) -> None:
    site.switch("all", "silent")
    assert fired(site, "order-sign", order("aspirin", "draft-1")).trace["mode"] == "silent"


def test_the_kill_switch_is_403_and_goes_back(site: Site) -> None:
    site.switch("all", "off")
    refused = fired(site)
    site.switch("all", "active")

    assert (refused.status, refused.body["issue"][0]["code"]) == (403, "forbidden")
    assert refused.diagnostics == "This service is switched off: nothing was assessed."
    assert codes(fired(site)) == ["hold-anakinra"]
    assert [(row.mode, row.status) for row in site.rows(evaluation)] == [("off", 403), ("active", 200)]


def test_one_service_is_off_and_the_others_answer(site: Site) -> None:
    site.switch(SERVICES["order-sign"], "off")
    draft = order("anakinra", "draft-1")

    assert [fired(site, hook, draft).status for hook in ("order-select", "order-sign")] == [200, 403]
    assert fired(site).status == 200
    assert len(site.client.get("/cds-services").get_json()["services"]) == 3


def test_a_slip_an_hour_later_changes_nothing(site: Site) -> None:
    site.switch("hold-anakinra", "silent")
    assert codes(fired(site)) == []
    site.switches.write_text("hold-anakinra = activ")
    assert codes(fired(site)) == []


@pytest.mark.parametrize("mode", ["silent", "off"])
def test_what_could_not_be_assessed_is_said_whatever_is_switched(site: Site, mode: str) -> None:
    site.switch("hold-anakinra", mode)
    assert codes(fired(site, neutrophils="not FHIR")) == ["not-assessed"]
    assert call(site.client, "patient-view", {}).status == 412
