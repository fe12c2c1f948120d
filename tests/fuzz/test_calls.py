"""The fuzzer itself: that it finds what it looks for, that it is led by what it reaches; and a short run of it."""

import json
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from random import Random

import pytest
from flask import Flask

from cds_service import create_app
from cds_service.settings import Settings
from tests.fuzz.inputs import ADDRESSES, change, check, seeds
from tests.web.good_requests import BODIES

ROOT = Path(__file__).parents[2]
SEEDS = dict(seeds())
RUNS = 5000
REACHED = re.compile(r"cov: (\d+)")


def answering(status: int, told: object) -> Flask:
    app = Flask("wrong")
    for address in ADDRESSES:
        app.post(address, endpoint=address)(lambda: (json.dumps(told), status, {"Content-Type": "application/json"}))
    return app


@pytest.mark.parametrize("name", SEEDS)
def test_a_good_request_is_answered(name):
    check(create_app(Settings(deadline_ms=50)).test_client(), SEEDS[name])


@pytest.mark.parametrize("name", ["patient-view", "order-select", "order-sign"])
def test_silence_about_a_low_count_is_found(name):
    silent = answering(200, {"cards": []}).test_client()
    with pytest.raises(AssertionError):
        check(silent, SEEDS[name])


def test_silence_is_allowed_where_the_count_was_spoiled():
    silent = answering(200, {"cards": []}).test_client()
    address, body = BODIES["patient-view"]
    normal = json.dumps(body).replace("0.4", "4.4").encode()
    assert normal != json.dumps(body).encode()
    check(silent, bytes([ADDRESSES.index(address)]) + normal)


@pytest.mark.parametrize(("status", "told"), [(500, {}), (400, {"error": "no OperationOutcome"}), (200, {"odd": 1})])
def test_an_answer_that_is_not_ours_is_found(status, told):
    with pytest.raises((AssertionError, KeyError)):
        check(answering(status, told).test_client(), SEEDS["feedback"])


def test_a_change_is_of_one_place_or_of_bytes_and_never_too_long():
    good = SEEDS["patient-view"]
    changed = {change(good, 20_000, seed, lambda given, most: b"bytes") for seed in range(200)}
    assert b"bytes" in changed
    assert len(changed) > 100
    assert all(len(each) <= 20_000 for each in changed)
    assert all(each[0] == good[0] and isinstance(json.loads(each[1:]), dict) for each in changed - {b"bytes"})


@pytest.mark.parametrize("given", [b"", b"\0", b"\0{", b"\0" + b"[" * 5000, b"\0null"])
def test_what_has_no_places_has_its_bytes_changed(given):
    assert change(given, 100, Random().randrange(1000), lambda same, most: same) == given


@pytest.mark.slow
def test_a_short_run_finds_nothing(tmp_path):
    if find_spec("atheris") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("atheris, the fuzzer, has no wheel for this Python")
    fuzz = [sys.executable, "-m", "tests.fuzz.calls", str(tmp_path), f"-runs={RUNS}", "-seed=1"]
    told = subprocess.run(fuzz, cwd=ROOT, capture_output=True, text=True, timeout=280, check=False).stderr
    assert f"Done {RUNS} runs" in told, told[-3000:]
    reached = [int(lines) for lines in REACHED.findall(told)]
    assert reached[-1] > reached[0] > 1000
