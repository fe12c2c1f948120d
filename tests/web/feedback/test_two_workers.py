"""Feedback through a real gunicorn: two workers, one file."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

from tests.web.feedback.reports import ACCEPTED, FEEDBACK


def test_two_workers_take_the_same_report_and_one_row_stays(tmp_path: Path) -> None:
    """A real gunicorn with two workers, one file, forty posts of one report: and it ends with nothing left to write."""
    file = tmp_path / "feedback.sqlite3"
    environment = {key: value for key, value in os.environ.items() if not key.startswith("CDS_")}
    environment |= {"CDS_DATABASE_URL": f"sqlite:///{file}", "CDS_MODE": "sandbox"}
    command = "-m gunicorn --workers 2 --threads 4 --worker-class gthread --bind 127.0.0.1:0 --no-control-socket"
    server = subprocess.Popen(
        [sys.executable, *command.split(), "cds_service:create_app()"],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stderr is not None
        address = next(line.split()[-2] for line in server.stderr if "Listening at" in line)
        said = subprocess.run(
            [sys.executable, "-c", POSTS, address + FEEDBACK, json.dumps({"feedback": [ACCEPTED]})],
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert said.stdout.split() == ["40", "1"], said.stderr
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=30)
    assert server.returncode == 0
    assert sqlite3.connect(file).execute("SELECT count(*) FROM feedback").fetchone() == (1,)


POSTS = """
import sys
from concurrent.futures import ThreadPoolExecutor
import requests
def post(_):
    return requests.post(sys.argv[1], data=sys.argv[2], timeout=30).json()["stored"]
with ThreadPoolExecutor(8) as pool:
    stored = list(pool.map(post, range(40)))
print(len(stored), sum(stored))
"""
