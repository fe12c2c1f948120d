"""The EHR side's HTTP client: proxies, tokens, and what is said when a connection fails."""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import requests
import responses

from cds_service.ehr.client import Place, on_loopback, place
from cds_service.ehr.problems import CannotStart
from tests.fault_server import FaultServer
from tests.stub_server import StubServer

BASE = "https://fhir.example.org/r4"


@pytest.mark.parametrize(
    ("url", "is_loopback"),
    [
        ("http://127.0.0.1:80/fhir", True),
        ("http://localhost/fhir", True),
        ("http://[::1]:8080", True),
        ("http://10.0.0.1/fhir", False),
        ("https://localhost.example.org/", False),
        ("nonsense", False),
    ],
)
def test_loopback(url: str, is_loopback: bool) -> None:
    assert on_loopback(url) is is_loopback


def test_a_proxy_setting_does_not_come_between_us_and_loopback(
    stub: Callable[..., StubServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert place("--fhir", stub({"/metadata": (200, {})}).url).get("metadata").ok


@responses.activate
def test_the_token_is_never_replaced_by_a_login_in_netrc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_text("machine fhir.example.org login me password mine\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    asked = responses.get(f"{BASE}/Patient/1", json={})
    place("--fhir", BASE, "secret-token").get("Patient/1")
    assert asked.calls[0].request.headers["Authorization"] == "Bearer secret-token"


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (requests.exceptions.SSLError("self-signed"), f"No trusted TLS certificate at {BASE}."),
        (requests.exceptions.ReadTimeout("slow"), f"No answer in time at {BASE}."),
        (requests.exceptions.ConnectTimeout("slow"), f"No answer in time at {BASE}."),
        (requests.exceptions.ConnectionError("refused"), f"Nobody answers at {BASE}."),
        (requests.exceptions.ChunkedEncodingError("cut"), f"Nobody answers at {BASE}."),
    ],
)
@responses.activate
def test_a_failed_connection_says_what_to_check(fault: Exception, says: str) -> None:
    responses.get(f"{BASE}/metadata", body=fault)
    with pytest.raises(CannotStart) as raised:
        place("--fhir", BASE).get("metadata")
    assert raised.value.message == f"{says} Is it running? Check --fhir."


@pytest.mark.parametrize(
    "fault",
    ["dripped-headers", "endless-header-line", "dripped-body", "dripped-chunks", "stalled-body", "slow-first-byte"],
)
def test_an_answer_that_does_not_come_to_its_end_is_given_up_in_time(fault: str) -> None:
    began = time.monotonic()
    with FaultServer(lambda asked: {"resourceType": "Patient", "id": "p1"}, fault) as server:
        with pytest.raises(CannotStart, match="No answer in time"):
            Place("--fhir", server.base_url, seconds=0.3).get("Patient/p1")
        assert time.monotonic() - began < 3


@pytest.mark.parametrize("fault", ["broken-chunks", "short-content-length", "body-shorter-than-declared", "not-http"])
def test_an_answer_that_breaks_off_is_one_line_or_what_came_of_it(fault: str) -> None:
    with FaultServer(lambda asked: {"resourceType": "Patient", "id": "p1"}, fault) as server, suppress(CannotStart):
        assert place("--fhir", server.base_url).get("Patient/p1").json is None


def test_an_answer_is_no_longer_than_it_may_be(
    stub: Callable[..., StubServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cds_service.ehr.client.MAX_BYTES", 1000)
    server = stub({"/Patient/1": (200, "x" * 2000)})
    with pytest.raises(CannotStart, match="sent more than 1000 bytes"):
        place("--fhir", server.url).get("Patient/1")


def test_what_was_just_loaded_is_asked_for_anew(stub: Callable[..., StubServer]) -> None:
    server = stub({"/Observation?patient=1": (200, {"resourceType": "Bundle"})})
    place("--fhir", server.url).get("Observation?patient=1")
    assert server.asked[0].headers["Cache-Control"] == "no-cache"
