"""What a line may hold: a closed list of members, each short and printable; and gunicorn's lines quote no URL."""

import json
import logging
import sys

import pytest

from cds_service.web import call_log
from cds_service.web.log_lines import LONGEST, JsonLines, allowed, quote_no_urls, write

VIEW = "/cds-services/anakinra-neutropenia-view"
CANARY = "Canary-Zx9"
MEMBERS = {"at", "level", "logger", "service", "status", "ms", "codes", "id"}


@pytest.fixture
def read_lines(caplog):
    """A function: the lines logged so far, as JSON."""
    caplog.set_level(logging.INFO, logger="cds_service")
    return lambda: [json.loads(JsonLines().format(record)) for record in caplog.records]


def test_a_call_is_one_object_of_known_members(client, good_body, read_lines):
    client.post(VIEW, json=good_body("patient-view"))

    (line,) = read_lines()
    assert set(line) == MEMBERS
    assert (line["level"], line["logger"], line["status"]) == ("info", "calls", 200)
    assert line["codes"] == ["hold-anakinra"]


def test_a_fault_is_an_object_of_its_places(client, stand_in, good_body, read_lines):
    stand_in.error = KeyError(CANARY)

    client.post(VIEW, json=good_body("patient-view"))

    fault, call = read_lines()
    assert fault["fault"].startswith("KeyError at ")
    assert fault["id"] == call["id"]
    assert CANARY not in str(fault)


def test_a_warning_of_another_part_is_a_message(read_lines):
    logging.getLogger("cds_service.feedback").warning("%d cards\nwere lost", 3)

    (line,) = read_lines()
    assert (line["logger"], line["message"]) == ("feedback", "3 cards?were lost")


def test_what_is_on_no_list_is_dropped():
    assert allowed({"patient": CANARY, "status": 200, "service": "", "id": None}) == {"status": 200}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("two\nlines", "two?lines"),
        ("bidi\u202e", "bidi?"),
        ("x" * 2 * LONGEST, "x" * LONGEST + "..."),
        (("a", "b\r"), ["a", "b?"]),
        (1.5, 1.5),
    ],
)
def test_every_value_is_short_and_printable(given, kept):
    assert allowed({"message": given}) == {"message": kept}


def test_text_lines_are_cleaned_too(caplog):
    write(logging.getLogger("cds_service.calls"), logging.WARNING, "100%s\n", {})

    assert caplog.messages == ["100%s?"]


@pytest.mark.parametrize(
    ("line", "arguments", "kept"),
    [
        (
            f"Invalid request from ip=127.0.0.1: GET /?patient={CANARY}",
            (),
            "Invalid request (not HTTP as it should be)",
        ),
        ("Error handling request %s %s", ("GET", f"/?patient={CANARY}"), "Error handling request (ValueError)"),
        ("Booting worker with pid: %s", (7,), "Booting worker with pid: 7"),
    ],
)
def test_gunicorn_quotes_no_url(line, arguments, kept):
    try:
        raise ValueError(CANARY)
    except ValueError:
        fault = sys.exc_info() if "Error" in line else None
    record = logging.LogRecord("gunicorn.error", logging.WARNING, "", 0, line, arguments, fault)

    assert quote_no_urls(record)
    assert logging.Formatter().format(record) == kept


@pytest.mark.parametrize(("json_lines", "kind"), [(True, JsonLines), (False, logging.Formatter)])
def test_the_setting_says_how_lines_are_written(json_lines, kind):
    logger = logging.Logger("apart")

    call_log.switch_on(logger, json=json_lines)

    assert type(logger.handlers[0].formatter) is kind
