"""One line a call, and nothing in it that came from the request."""

import logging
import re

import pytest

from cds_service.web import call_log

VIEW = "/cds-services/anakinra-neutropenia-view"
CANARY = "Canary-Zx9"


@pytest.fixture(autouse=True)
def _log(caplog):
    caplog.set_level(logging.INFO, logger="cds_service")


def lines(caplog):
    return [record.getMessage() for record in caplog.records if record.name == "cds_service.calls"]


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        (b'{"cards":[]}', "-"),
        (b'{"cards":[{"source":{"topic":{"code":"a"}}},{"source":{"topic":{"code":"b"}}}],"extension":{}}', "a,b"),
    ],
)
def test_an_answer_is_one_line_with_its_codes(client, stand_in, good_body, caplog, body, codes):
    stand_in.body = body

    response = client.post(VIEW, json=good_body("patient-view"))

    (line,) = lines(caplog)
    assert re.fullmatch(
        rf"service=anakinra-neutropenia-view status=200 ms=\d+\.\d codes={codes} id=[0-9a-f]{{16}}", line
    )
    assert response.headers["X-Correlation-Id"] in line


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (f"{VIEW}?patient={CANARY}", r"service=anakinra-neutropenia-view status=400 ms=\d+\.\d codes=- id=\w{16}"),
        (f"/cds-services/{CANARY}", r"service=- status=404 ms=\d+\.\d codes=- id=\w{16}"),
        (f"/{CANARY}", r"service=- status=404 ms=\d+\.\d codes=- id=\w{16}"),
    ],
)
def test_a_refusal_is_one_line_that_quotes_nothing(client, caplog, path, line):
    client.post(path, data=CANARY)

    assert re.fullmatch(line, *lines(caplog))
    assert CANARY not in caplog.text


def test_a_request_leaves_no_trace_in_the_log(client, good_body, caplog):
    body = good_body("patient-view") | {
        "hookInstance": CANARY,
        "fhirServer": f"https://{CANARY}.example.org",
        "fhirAuthorization": {"access_token": CANARY},
        "prefetch": {"patient": {"id": CANARY}},
    }
    body["context"]["patientId"] = CANARY

    assert client.post(VIEW, json=body, headers={"Authorization": f"Bearer {CANARY}"}).status_code == 200
    assert CANARY not in caplog.text


def test_a_fault_is_told_with_its_causes_and_places_but_no_messages(caplog):
    def read_count():
        raise ValueError(CANARY)

    try:
        try:
            read_count()
        except ValueError as cause:
            raise KeyError(CANARY) from cause
    except KeyError as fault:
        call_log.log_fault(fault, "id-1")

    assert re.search(
        r"id=id-1 KeyError at test_call_log\.py:\d+ \w+ <- ValueError at .*test_call_log\.py:\d+ read_count",
        caplog.text,
    )
    assert CANARY not in caplog.text


def test_logging_is_set_up_once_and_only_if_nobody_else_did():
    logger = logging.Logger("apart")

    call_log.switch_on(logger)
    call_log.switch_on(logger)

    assert len(logger.handlers) == 1
    assert logger.level == logging.INFO
