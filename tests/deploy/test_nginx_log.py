"""The access log of the shipped nginx: which call, which instance, and nothing that tells of a patient."""

import json
from typing import Any

import requests

from tests.deploy.conftest import Site
from tests.deploy.load import body
from tests.deploy.nginx_server import MIB, raw
from tests.in_time import wait_for
from tests.trust.ehr import PATH, token_for


def lines(site: Site) -> list[dict[str, Any]]:
    """Of the access log, where a call has one a moment after its answer."""
    return [json.loads(line) for line in site.nginx.access.read_text().splitlines()]


def so_far(site: Site, over: requests.Session) -> int:
    """How many lines the calls that were made have."""
    id_ = over.post(site.url + PATH, data=b"{}", headers=token_for()).headers["X-Correlation-Id"]
    line_of(site, id_)
    return len(lines(site))


def line_of(site: Site, id_: str) -> dict[str, Any]:
    """The line of the call with this id."""
    wait_for(lambda: any(each["id"] == id_ for each in lines(site)))
    (line,) = (each for each in lines(site) if each["id"] == id_)
    return line


PLANTED = "Planted-Kx7"


def test_no_log_holds_a_query_a_token_a_body_or_a_strangers_path(site: Site, over: requests.Session) -> None:
    marked = {"Referer": f"https://ehr.example.org/{PLANTED}", "User-Agent": PLANTED, "Cookie": f"a={PLANTED}"}
    token = token_for()
    before = so_far(site, over)
    for path in (f"{PATH}?patient={PLANTED}", f"/Patient/{PLANTED}", f"/metrics?{PLANTED}", f"/%00{PLANTED}"):
        over.post(site.url + path, data=body(user=PLANTED), headers=marked | token)
    over.post(f"{site.url}/{PLANTED}", data=b" " * (11 * MIB), headers=marked | token)
    raw(site.nginx, f"{PLANTED} / {PLANTED}\r\n\r\n".encode())
    raw(site.nginx, f"{PLANTED.upper()} /{PLANTED} HTTP/1.1\r\nX{PLANTED}: a\r\n\r\n".encode())

    wait_for(lambda: len(lines(site)) == before + 7)
    written = site.nginx.everything_written()
    assert PLANTED.lower() not in written.lower()
    assert token["Authorization"].rpartition(".")[2] not in written
    last = lines(site)[before:]
    assert [each["path"] for each in last] == [PATH, *["-"] * 6]
    assert [each["method"] for each in last] == [*["POST"] * 5, "-", "-"]


def test_the_log_has_the_id_of_the_answer_and_which_instance_gave_it(site: Site, over: requests.Session) -> None:
    answer = over.post(site.url + PATH, data=body(), headers=token_for())

    line = line_of(site, answer.headers["X-Correlation-Id"])
    assert line["instance"] in {each.address for each in site.instances}
    assert (line["from"], line["method"], line["status"]) == ("127.0.0.1", "POST", 200)
