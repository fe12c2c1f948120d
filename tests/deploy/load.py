"""A steady load of signed hook calls about a neutropenic patient, and what came of each."""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any, NamedTuple
from uuid import uuid4

import requests

from tests.hook_call.calls import LOW, PATIENT, chart
from tests.trust.ehr import PATH, token_for

RIGHT = "hold-anakinra"
_BODY = {"hook": "patient-view", "context": {"userId": "Practitioner/p1", "patientId": PATIENT}}


class Came(NamedTuple):
    """What came of one call: its status, 0 if there was no answer; the advice codes, or what was said; how long."""

    status: int
    said: str
    seconds: float
    at: float


def session(certificate: Path) -> requests.Session:
    """One kept connection that trusts this certificate, and heeds nothing of the environment."""
    made = requests.Session()
    made.trust_env = False
    made.verify = str(certificate)
    return made


def body(**changes: Any) -> bytes:
    call = _BODY | {"hookInstance": str(uuid4()), "prefetch": chart(neutrophils=LOW)} | changes
    return json.dumps(call).encode()


def call(over: requests.Session, url: str) -> Came:
    """One hook call with a token of its own."""
    began = time.monotonic()
    try:
        answer = over.post(url + PATH, data=body(), headers=token_for(), timeout=20)
    except requests.RequestException as fault:
        return Came(0, repr(fault), time.monotonic() - began, began)
    return Came(answer.status_code, _said(answer), time.monotonic() - began, began)


def _said(answer: requests.Response) -> str:
    if answer.status_code != 200:
        return answer.text
    return ",".join(card["source"]["topic"]["code"] for card in answer.json()["cards"])


@contextmanager
def steady(url: str, certificate: Path, threads: int = 8, pause: float = 0.05) -> Iterator[Callable[[], list[Came]]]:
    """Calls from so many threads until the function that it gives is called, which gives what came of each."""
    ended = Event()

    def one() -> list[Came]:
        came = []
        with session(certificate) as over:
            while not ended.wait(pause):
                came.append(call(over, url))
        return came

    with ThreadPoolExecutor(threads) as pool:
        running: list[Future[list[Came]]] = [pool.submit(one) for _ in range(threads)]

        def end() -> list[Came]:
            ended.set()
            return [each for thread in running for each in thread.result()]

        try:
            yield end
        finally:
            ended.set()
