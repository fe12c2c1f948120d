"""What a client's terms change, from the call to the answer: profile, FHIR servers, suggestions, mode."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cds_service.audit.tables import evaluation, evaluation_card
from cds_service.records.database import open_engine
from tests.hook_call.calls import LOW, SERVICES, ago, bundle, call, chart, count, order
from tests.trust.ehr import BASE, FHIR, HOSPITAL, bearer, claims, signed, write_clients

Make = Callable[..., FlaskClient]
Json = dict[str, Any]


class Signing:
    """A test client that signs each of its calls, as the client of this issuer."""

    def __init__(self, client: FlaskClient, issuer: str = HOSPITAL["issuer"]) -> None:
        self._client, self._issuer = client, issuer

    def post(self, path: str, **more: Any) -> Any:
        return self._client.post(path, headers=bearer(signed(claims(iss=self._issuer, aud=BASE + path))), **more)


def fired(service: FlaskClient, hook: str = "patient-view", prefetch: Json | None = None, *drafts: Json, **more: Any):
    signing = Signing(service, more.pop("issuer", HOSPITAL["issuer"]))
    return call(signing, hook, chart(neutrophils=LOW) if prefetch is None else prefetch, *drafts, **more)  # type: ignore[arg-type]


def test_an_active_client_gets_cards_as_in_the_sandbox(service: FlaskClient) -> None:
    answer = fired(service)

    assert (answer.status, bool(answer.rows)) == (200, True)
    assert answer.trace == {}
    assert answer.body["cards"][0]["source"]["label"] == "Anakinra neutropenia advice"


def test_a_silent_client_gets_none_and_is_told_so(service_for: Make) -> None:
    answer = fired(service_for({"mode": "silent"}))

    assert (answer.status, answer.body["cards"]) == (200, [])
    assert answer.trace == {"mode": "silent"}


def test_a_silent_clients_call_is_evaluated_in_full(service_for: Make, file_url: str) -> None:
    service = service_for({"mode": "silent"}, database_url=file_url)
    fired(service)
    service.application.extensions["clerk"].recorder.close()

    with open_engine(file_url).connect() as connection:
        (row,) = connection.execute(select(evaluation))
        cards = [tuple(card) for card in connection.execute(select(evaluation_card.c["advice_code", "withheld"]))]
    assert (row.mode, row.outcome) == ("silent", "cards")
    assert cards == [("hold-anakinra", "silent-mode")]


def test_silent_with_tracing_keeps_the_trace(service_for: Make) -> None:
    answer = fired(service_for({"mode": "silent"}, trace="on"))

    assert answer.body["cards"] == []
    assert answer.trace["mode"] == "silent"
    assert answer.trace["rules"]


def test_a_client_that_is_off_is_refused_and_never_told_all_clear(service_for: Make) -> None:
    answer = fired(service_for({"mode": "off"}))

    assert (answer.status, answer.body["issue"][0]["code"]) == (403, "forbidden")
    assert answer.diagnostics == "This service is switched off for this client: nothing was assessed."


def test_the_kill_switch_needs_no_restart(
    service: FlaskClient, clients_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cds_service.switches.watch.LOOK_EVERY_S", 0.0)
    before = fired(service)
    write_clients(clients_file.with_suffix(".new"), HOSPITAL | {"mode": "off"})
    os.replace(clients_file.with_suffix(".new"), clients_file)
    after = fired(service)
    clients_file.write_text("[[client]")  # a slip, an hour later

    assert [before.status, after.status, fired(service).status] == [200, 403, 403]


def test_each_client_has_its_own_limits(service_for: Make, file_url: str) -> None:
    """Taken four months after the start, a count of 40 days ago is old where counts are monthly for six (EU label)."""
    others = {"name": "eu", "issuer": "https://eu.example", "profile": "eu"}
    service = service_for({"profile": "us"}, others, database_url=file_url)
    started = order() | {"authoredOn": ago(days=160)}
    prefetch = chart(
        medications=bundle(started), neutrophils=bundle(count(4.2, days=40), count(4.0, "anc-0", days=161))
    )
    us = call(Signing(service), "patient-view", prefetch)  # type: ignore[arg-type]
    eu = call(Signing(service, "https://eu.example"), "patient-view", prefetch)  # type: ignore[arg-type]

    codes = [[card["source"]["topic"]["code"] for card in each.body["cards"]] for each in (us, eu)]
    assert codes == [[], ["anc-overdue"]]
    assert "(eu)" in eu.body["cards"][0]["detail"]
    service.application.extensions["clerk"].recorder.close()
    with open_engine(file_url).connect() as connection:
        kept = connection.execute(select(evaluation.c["client", "profile"]).order_by(evaluation.c.at))
        assert [tuple(row) for row in kept] == [(HOSPITAL["name"], "us"), ("eu", "eu")]


FOREIGN = [
    "https://fhir.other.example/r4",
    "https://fhir.example.org/r4evil",
    "https://fhir.example.org/",
    "https://fhir.example.org:8443/r4",
    "http://fhir.example.org/r4",
    "https://evil.com\\@fhir.example.org/r4",
    "https://fhir.example.org/r4/../admin",
    "https://169.254.169.254/r4",
]


@pytest.mark.parametrize("hook", SERVICES)
@pytest.mark.parametrize("server", FOREIGN)
def test_a_fhir_server_that_is_not_the_clients_is_refused(service_for: Make, server: str, hook: str) -> None:
    service = service_for({}, {"name": "b", "issuer": "https://b", "fhir_servers": ["https://fhir.other.example/r4"]})
    drafts = () if hook == "patient-view" else (order("aspirin", "draft-1"),)

    answer = fired(service, hook, None, *drafts, fhir=server)

    assert answer.status == 400
    assert answer.diagnostics.startswith("fhirServer ")
    assert "other" not in answer.diagnostics


@pytest.mark.parametrize("server", [FHIR, f"{FHIR}/", "https://FHIR.example.org:443/r4", f"{FHIR}/tenant-7"])
def test_the_clients_own_server_in_any_spelling(service: FlaskClient, server: str) -> None:
    assert fired(service, fhir=server).status == 200


def _suggestions(answer: Any, row: str) -> tuple[list[str], str, Json]:
    card = next(each for each in answer.body["cards"] if each["extension"]["org.anakinra-cds"]["row"] == row)
    actions = {action["type"] for each in card.get("suggestions", ()) for action in each["actions"]}
    assert actions <= {"create"}
    assert bool(card.get("suggestions")) is ("selectionBehavior" in card)
    return [each["label"] for each in card.get("suggestions", ())], card["detail"], card


def test_create_only_leaves_out_what_would_not_be_done(service_for: Make) -> None:
    """Without its update, "Hold anakinra and repeat the count" would only order the count."""
    answer = fired(service_for({"suggestions": "create-only"}))
    row = answer.rows[0]
    labels, detail, card = _suggestions(answer, row)

    assert labels == ["Repeat the count only"]
    assert "*To do by hand, as far as it is not offered here:* Put the anakinra order on hold" in detail
    assert card["overrideReasons"]


def test_create_only_keeps_the_count_of_a_removal(service_for: Make) -> None:
    prefetch = chart(neutrophils=LOW, medications=bundle())
    answer = fired(service_for({"suggestions": "create-only"}), "order-sign", prefetch, order("anakinra", "draft-1"))
    labels, detail, _ = _suggestions(answer, answer.rows[0])

    assert labels == ["Order CBC with differential"]
    assert "not offered here:* Remove this order (the draft)" in detail


def test_none_leaves_the_words_and_the_reasons(service_for: Make) -> None:
    answer = fired(service_for({"suggestions": "none"}))
    labels, detail, card = _suggestions(answer, answer.rows[0])

    assert labels == []
    assert "not offered here:* Put the anakinra order on hold and order a CBC" in detail
    assert detail.count("You decide.") == 1
    assert card["overrideReasons"]


def test_a_full_client_is_offered_everything(service: FlaskClient) -> None:
    card = fired(service).body["cards"][0]

    assert {action["type"] for each in card["suggestions"] for action in each["actions"]} == {"update", "create"}
    assert "*Offered:* " in card["detail"]


def test_a_client_without_servers_is_one_that_sends_everything(service_for: Make) -> None:
    service = service_for({"fhir_servers": []})

    assert fired(service).status == 200
    assert fired(service, fhir=FHIR).status == 400
