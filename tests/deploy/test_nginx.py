"""The shipped nginx configuration: who is slow starves nobody, what nginx says itself is as clear as what we say."""

import json
import subprocess
import time

import pytest
import requests

from tests.deploy.conftest import Site
from tests.deploy.load import RIGHT, body, call, steady
from tests.deploy.nginx_server import MIB, raw
from tests.deploy.outcomes import outcome
from tests.deploy.slow_clients import crowd, drips_headers, drips_its_body, half_open
from tests.in_time import wait_for
from tests.trust.ehr import PATH, bearer, token_for

pytestmark = pytest.mark.servers


def test_the_configuration_is_taken(site: Site) -> None:
    told = subprocess.run(site.nginx.command("-t"), capture_output=True, text=True, check=False)

    assert (told.returncode, "warn" in told.stderr) == (0, False), told.stderr


def test_a_hook_call_over_tls(site: Site, over: requests.Session) -> None:
    came = call(over, site.url)

    assert (came.status, came.said) == (200, RIGHT)
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(f"{site.url}/cds-services", timeout=10)  # its certificate is trusted by nobody else


def test_discovery_feedback_and_refusals_are_the_services_own(site: Site, over: requests.Session) -> None:
    listed = over.get(f"{site.url}/cds-services", headers=token_for("/cds-services"))
    assert len(listed.json()["services"]) == 3
    feedback = {"feedback": [{"card": "c", "outcome": "overridden", "outcomeTimestamp": "2026-11-22T08:14:00Z"}]}
    path = f"{PATH}/feedback"
    assert over.post(site.url + path, json=feedback, headers=token_for(path)).status_code == 200
    nobody = over.get(f"{site.url}/cds-services")
    assert (nobody.status_code, nobody.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert "hook is missing" in over.post(site.url + PATH, data=b"{}", headers=token_for()).text


def test_a_preflight_comes_through(site: Site, over: requests.Session) -> None:
    asked = {"Origin": "https://ehr.example.org", "Access-Control-Request-Headers": "authorization,content-type"}
    answer = over.options(site.url + PATH, headers=asked)

    assert answer.ok
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Headers"] == "Authorization, Content-Type"


def test_a_body_of_the_longest_kind_passes_and_a_longer_one_is_413(site: Site, over: requests.Session) -> None:
    whole = body()
    longest = whole + b" " * (10 * MIB - len(whole))
    assert over.post(site.url + PATH, data=longest, headers=token_for()).status_code == 200
    longer = over.post(site.url + PATH, data=longest + b" ", headers=token_for())

    assert longer.status_code == 413
    assert outcome(longer) == "The body is longer than this service takes: nothing was assessed. Send less."
    assert not [each for each in site.nginx.bodies.rglob("*") if each.is_file()]


METRICS = ["/metrics", "/metrics/", "//metrics", "/%6detrics", "/./metrics", "/x/../metrics", "/%2fmetrics", "/METRICS"]


@pytest.mark.parametrize("path", METRICS)
def test_the_metrics_are_not_for_who_comes_through_the_proxy(site: Site, path: str) -> None:
    assert requests.get(f"{site.instances[0].url}/metrics", timeout=10).ok

    answer = raw(site.nginx, f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith("HTTP/1.1 404 ")
    assert "cds_calls" not in answer


UNREADABLE = [
    (b"no request at all\r\n\r\n", "400", "The HTTP request cannot be read: nothing was assessed."),
    (b"GET /health/live HTTP/1.1\r\n\r\n", "400", "The HTTP request cannot be read: nothing was assessed."),
    (
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        "414",
        "The address is too long: nothing was assessed.",
    ),
    (
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
        "431",
        "The headers are too long: nothing was assessed.",
    ),
    (
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n",
        "400",
        "The HTTP request cannot be read: nothing was assessed.",
    ),
    (
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "400",
        "The HTTP request cannot be read: nothing was assessed.",
    ),
]


@pytest.mark.parametrize(("request_", "status", "said"), UNREADABLE)
def test_what_cannot_be_read_is_an_outcome_and_no_page(site: Site, request_: bytes, status: str, said: str) -> None:
    answer = raw(site.nginx, request_)

    head, _, text = answer.partition("\r\n\r\n")
    assert head.split()[1] == status
    assert "Content-Type: application/fhir+json" in head
    assert json.loads(text)["issue"][0]["diagnostics"] == said


def test_plain_http_is_told_to_come_by_https(site: Site) -> None:
    answer = requests.get(f"http://127.0.0.1:{site.nginx.port}/cds-services", timeout=10)

    assert answer.status_code == 400
    assert "https only: nothing was assessed" in outcome(answer)


def test_the_longest_token_comes_through(site: Site, over: requests.Session) -> None:
    """The service reads it whole, and refuses it as it does any other: not gunicorn, not nginx."""
    answer = over.get(f"{site.url}/cds-services", headers=bearer("a" * (8192 - len("Bearer "))))

    assert answer.status_code == 401


def test_64_half_open_and_64_slow_clients_starve_nobody(site: Site) -> None:
    slow = [half_open] * 64 + [drips_headers] * 32 + [drips_its_body] * 32
    with crowd(site.nginx.port, site.nginx.context(), slow) as others:
        wait_for(lambda: others.connected >= 128, 30)
        with steady(site.url, site.nginx.certificate, threads=4, pause=0.02) as end:
            time.sleep(7)  # longer than nginx waits for a header
            came = end()
        assert others.connected > 64

    assert {(each.status, each.said) for each in came} == {(200, RIGHT)}
    seconds = sorted(each.seconds for each in came)
    assert len(seconds) >= 200
    assert seconds[int(len(seconds) * 0.99)] < 0.5
