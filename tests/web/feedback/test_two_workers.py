"""Feedback through a real gunicorn: two workers, one file."""

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests

from tests.trust.deployed import instance
from tests.web.feedback.reports import ACCEPTED, FEEDBACK


def test_two_workers_take_the_same_report_and_one_row_stays(tmp_path: Path) -> None:
    """Forty posts of one report; and the server ends with nothing left to write."""
    batch = {"feedback": [ACCEPTED]}
    file = tmp_path / "feedback.sqlite3"
    sandbox = {"CDS_MODE": "sandbox", "CDS_CLIENTS": "", "CDS_DATABASE_URL": f"sqlite:///{file}"}
    with instance(tmp_path, environ=sandbox) as url, ThreadPoolExecutor(8) as pool:

        def stored(_: int) -> int:
            # While the file is made, more wait for it than may: they are told to send it again.
            while (answer := requests.post(url + FEEDBACK, json=batch, timeout=30)).status_code == 503:
                time.sleep(0.05)
            return answer.json()["stored"]

        assert sorted(pool.map(stored, range(40))) == [0] * 39 + [1]

    assert sqlite3.connect(file).execute("SELECT count(*) FROM feedback").fetchone() == (1,)
