"""Who may use the workbench: this machine, and the workbench's own page."""

import pytest

GOOD = {"Content-Type": "application/json"}


def ask(bench, headers=None, **environ):
    return bench.post("/workbench/services", data="{", headers={**GOOD, **(headers or {})}, environ_overrides=environ)


def said(answer):
    return answer.get_json()["issue"][0]["diagnostics"]


@pytest.mark.parametrize("path", ["/", "/workbench/static/main.js"])
@pytest.mark.parametrize(
    ("environ", "status"),
    [
        ({"HTTP_HOST": "localhost:8000"}, 200),
        ({"HTTP_HOST": "127.0.0.1:8000"}, 200),
        ({"HTTP_HOST": "[::1]:8000", "REMOTE_ADDR": "::1"}, 200),
        ({"REMOTE_ADDR": "10.0.0.7"}, 403),
        ({"HTTP_X_FORWARDED_FOR": "203.0.113.9"}, 403),
        ({"HTTP_FORWARDED": "for=203.0.113.9"}, 403),
        ({"HTTP_HOST": "rebound.example.org:8000"}, 403),
        ({"HTTP_HOST": "localhost.example.org"}, 403),
        ({"HTTP_HOST": "[::1"}, 403),
    ],
)
def test_this_machine_only_by_a_name_of_its_own(bench, path, environ, status):
    assert bench.get(path, environ_overrides=environ).status_code == status


def test_a_public_sandbox_does_not_open_the_workbench(client_with):
    answer = client_with(sandbox_public=True).get("/", environ_overrides={"REMOTE_ADDR": "10.0.0.7"})
    assert answer.status_code == 403
    assert "ssh -L" in said(answer)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},  # another port of this machine
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example.org"},
        {"Origin": "http://localhost:9999"},
        {"Origin": "null"},
    ],
)
def test_another_page_may_not_use_it(bench, headers):
    answer = ask(bench, headers)
    assert answer.status_code == 403
    assert said(answer) == "The workbench takes calls from its own page only."


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_what_a_form_can_send_is_refused(bench, kind):
    answer = ask(bench, {"Content-Type": kind})
    assert answer.status_code == 400
    assert said(answer) == "Send JSON, with Content-Type: application/json."


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
        {"Content-Type": "application/json; charset=utf-8"},
    ],
)
def test_its_own_page_and_programs_are_answered(bench, headers):
    answer = ask(bench, headers)
    assert answer.status_code == 400
    assert said(answer) == "The body is no JSON object."


def test_a_preflight_is_granted_for_the_hooks_and_not_for_the_workbench(bench):
    asked = {"Origin": "https://evil.example.org", "Access-Control-Request-Method": "POST"}
    assert "Access-Control-Allow-Origin" in bench.options("/cds-services", headers=asked).headers
    for path in ("/", "/workbench/fire", "//workbench/fire"):
        answer = bench.options("/", headers=asked, environ_overrides={"PATH_INFO": path})
        assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"fhir": 1}, "Expected `str`, got `int` - at `$.fhir`."),
        ({}, "Object missing required field `fhir`."),
        ([], "Expected `object`, got `array`."),
    ],
)
def test_a_body_of_another_shape_is_named_by_its_member(refused, body, says):
    assert refused("patients", body, 400) == says


def test_a_body_over_the_limit(client_with):
    answer = client_with(max_body_bytes=1024).post("/workbench/patients", json={"fhir": "x" * 2000})
    assert answer.status_code == 413
