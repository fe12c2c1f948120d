"""What the client sends, and what it lets out to nobody: the token, the environment's secrets, the search."""

import logging
from pathlib import Path

import pytest

from cds_service.fhir.client import FhirClient
from cds_service.fhir.failures import FetchFailure, NotAllowed
from cds_service.fhir.gather import gather
from cds_service.fhir.targets import Target
from cds_service.fhir.urls import SANDBOX, check_base
from tests.fault_server import Canary, FaultServer
from tests.faults import FAULTS, Exchange
from tests.fhir.sample import SEARCH, TOKEN, access_to, fetch, observations


def test_what_is_sent(client: FhirClient) -> None:
    with FaultServer(observations) as server:
        assert b'"anc-3"' in fetch(client, access_to(server.base_url))
    sent = server.requests[0]
    assert sent.asked == "Observation?patient=1&code=http://loinc.org%7C751-8"
    assert sent.headers == {
        "host": server.base_url.removeprefix("http://").removesuffix("/fhir"),
        "accept": "application/fhir+json",
        "accept-encoding": "identity",
        "cache-control": "no-cache",
        "user-agent": "anakinra-cds",
        "authorization": f"Bearer {TOKEN}",
    }


def test_a_token_is_for_one_call_only(client: FhirClient) -> None:
    with FaultServer(observations) as server:
        fetch(client, access_to(server.base_url))
        fetch(client, access_to(server.base_url, token=""))
    assert "authorization" not in server.requests[1].headers


def test_a_token_does_not_leave_its_base(client: FhirClient) -> None:
    with FaultServer(observations) as server, FaultServer(observations) as other:
        elsewhere = Target(check_base(other.base_url, SANDBOX), "/fhir/Patient/1")
        with pytest.raises(NotAllowed):
            client.fetch(elsewhere, access_to(server.base_url))
    assert other.requests == []


@pytest.mark.parametrize("token", ["a\r\nX-Admin: 1", "a b", "tok\u00e9n", "a\x00"])
def test_a_token_that_is_no_header_value_is_neither_sent_nor_quoted(token: str, client: FhirClient) -> None:
    with FaultServer(observations) as server, pytest.raises(NotAllowed) as refused:
        fetch(client, access_to(server.base_url, token=token))
    assert server.requests == []
    assert token not in str(refused.value)


def test_the_token_is_not_in_a_repr() -> None:
    assert TOKEN not in repr(access_to("http://127.0.0.1:1/fhir"))


def test_the_environment_is_ignored(
    client: FhirClient, canary: Canary, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login intruder password secret\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, canary.url)
    monkeypatch.setenv("no_proxy", "")
    with FaultServer(observations) as server:
        fetch(client, access_to(server.base_url))
    assert server.requests[0].headers["authorization"] == f"Bearer {TOKEN}"
    assert canary.received == []


def _sets_a_cookie(exchange: Exchange) -> None:
    exchange.send_json(observations(), Set_Cookie="session=1; Path=/")


def test_no_cookie_is_kept(client: FhirClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FAULTS, "cookie", _sets_a_cookie)
    with FaultServer(observations, "cookie") as server:
        for _ in range(2):
            fetch(client, access_to(server.base_url))
    assert "cookie" not in server.requests[1].headers


@pytest.mark.parametrize("fault", ["none", "500", "truncated-json", "hangs-up-at-once", "not-http"])
def test_nothing_is_logged(fault: str, client: FhirClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with FaultServer(observations, fault) as server:
        gather({}, {"neutrophils": SEARCH}, client, access_to(server.base_url))
    assert caplog.text == ""


def test_a_failure_does_not_carry_the_words_of_the_library(client: FhirClient) -> None:
    """urllib3's own messages quote the URL, which names the patient."""
    with FaultServer(observations, "hangs-up-at-once") as server, pytest.raises(FetchFailure) as failure:
        fetch(client, access_to(server.base_url))
    assert failure.value.__cause__ is None
    assert failure.value.__suppress_context__
