"""What one client does not get: advice that is silent or off for it, beside what is switched for everybody."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds_service.switches.discretion import strictest
from tests.trust.ehr import HOSPITAL, write_clients
from tests.trust.test_terms import fired

Make = Callable[..., FlaskClient]
Service = FlaskClient
OTHER = {"name": "other", "issuer": "https://other.example"}
HOLD = "hold-anakinra"

# For everybody, for this client; the cards, and what the answer says: the stricter of both, in each.
TABLE = [
    ("active", "active", [HOLD], {}),
    ("active", "silent", [], {"withheld": [{"code": HOLD, "why": "silent-code"}]}),
    ("silent", "active", [], {"withheld": [{"code": HOLD, "why": "silent-code"}]}),
    ("active", "off", ["not-assessed"], {}),
    ("off", "silent", ["not-assessed"], {}),
    ("silent", "off", ["not-assessed"], {}),
]


def codes(answer: Any) -> list[str]:
    return [card["source"]["topic"]["code"] for card in answer.body["cards"]]


@pytest.mark.parametrize(("everybody", "client", "shown", "told"), TABLE)
def test_a_code_for_all_and_for_one(
    tmp_path: Path, service_for: Make, everybody: str, client: str, shown: list[str], told: dict[str, Any]
) -> None:
    switches = tmp_path / "switches.toml"
    switches.write_text(f'{HOLD} = "{everybody}"')
    answer = fired(service_for({"codes": {HOLD: client}}, switches=str(switches)))

    assert (codes(answer), answer.trace) == (shown, told)


@pytest.mark.parametrize("everybody", ["active", "silent", "off"])
@pytest.mark.parametrize("client", ["active", "silent", "off"])
def test_a_mode_for_all_and_for_one(tmp_path: Path, service_for: Make, everybody: Any, client: Any) -> None:
    switches = tmp_path / "switches.toml"
    switches.write_text(f'all = "{everybody}"')
    answer = fired(service_for({"mode": client}, switches=str(switches)))

    strict = strictest(everybody, client)
    assert (answer.status, answer.trace) == (
        403 if strict == "off" else 200,
        {"mode": "silent"} if strict == "silent" else {},
    )
    if strict == "off":
        assert ("for this client" in answer.diagnostics) is (client == "off")


def test_another_client_gets_everything(service_for: Make) -> None:
    service = service_for({"codes": {HOLD: "silent"}}, OTHER)

    assert codes(fired(service)) == []
    assert fired(service, issuer=OTHER["issuer"]).body["cards"]


def test_a_code_needs_no_restart(service: Service, clients_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cds_service.switches.watch.LOOK_EVERY_S", 0.0)
    before = fired(service)
    write_clients(clients_file.with_suffix(".new"), HOSPITAL | {"codes": {HOLD: "off"}})
    os.replace(clients_file.with_suffix(".new"), clients_file)
    after = fired(service)
    write_clients(clients_file, HOSPITAL | {"codes": {"hold-anakina": "active"}})  # a slip, an hour later

    assert [codes(each) for each in (before, after, fired(service))] == [[HOLD], ["not-assessed"], ["not-assessed"]]


def test_a_silent_client_hears_of_no_code(service_for: Make) -> None:
    assert fired(service_for({"mode": "silent", "codes": {HOLD: "silent"}})).trace == {"mode": "silent"}
