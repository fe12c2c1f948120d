"""Reports: the token in none of them, whatever a server sends; readable by machines; harmless in a browser."""

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cds_service.conform.exchange import Exchange
from cds_service.conform.reports.document import document
from cds_service.conform.reports.evidence import HIDDEN, LONGEST, body_text, hider, presentable
from cds_service.conform.reports.files import check, write
from cds_service.ehr.problems import CannotStart
from tests.conform.conftest import quick
from tests.conform.faults import card, service
from tests.conform.good_service import Call, GoodService, Reply

TOKEN = 'se"cret/token+0123'
NASTY = "<script>alert(1)</script>\x00\x1b[31m\u202e ]]>&amp;"
Serve = Callable[..., GoodService]


@pytest.fixture
def nasty(serve: Serve, tmp_path: Path) -> dict[str, str]:
    """The three reports of a run on a service that echoes the token and sends what breaks pages and files."""

    def echo(call: Call, reply: Reply) -> Reply:
        told = call.headers.get("authorization", "")
        broken = card(summary=f"{NASTY} {told} " + "x" * 140, detail=f"\ud800{'y' * 290}{told}")(call, reply)
        assert broken is not None
        return broken._replace(headers={"X-Echo": told})

    run = quick(serve(echo, token=TOKEN).url, token=TOKEN)
    files = tuple(tmp_path / f"report{each}" for each in (".json", ".html", ".xml"))
    write(document(run), files)
    return {each.suffix: each.read_text("utf-8") for each in files}


def test_the_token_is_in_no_report(nasty: dict[str, str]) -> None:
    for text in nasty.values():
        for form in (TOKEN, "cret/token", "cret%2Ftoken"):
            assert form not in text
    assert HIDDEN in nasty[".json"]


def test_the_json_report_has_the_shape_that_is_documented(nasty: dict[str, str]) -> None:
    found = json.loads(nasty[".json"])

    assert set(found) == {
        "tool", "target", "started", "seconds", "calls", "strict", "exit_code", "summary", "services", "groups",
        "exchanges",
    }  # fmt: skip
    assert found["exit_code"] == 1
    assert found["target"]["token"] == "given"
    lines = [line for group in found["groups"] for line in group["lines"]]
    assert len(lines) == sum(found["summary"].values())
    (summary,) = [each for each in lines if each["requirement"] == "cds-hooks_2.0@83"]
    assert summary["outcome"] == "fail"
    assert summary["url"] == "https://cds-hooks.hl7.org/2.0/#card-attributes"
    shown = found["exchanges"][summary["checks"][0]["evidence"][0]]
    assert shown["request"]["method"] == "POST"
    assert "Authorization" not in shown["request"]["headers"]
    assert "patient-view" in shown["request"]["body"]
    assert shown["response"]["status"] == 200


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_the_page_loads_nothing_and_runs_nothing(nasty: dict[str, str]) -> None:
    page = Page(nasty[".html"])

    assert {tag for tag, _ in page.tags} & {"script", "img", "link", "iframe", "object", "form"} == set()
    assert not [
        attributes for _, attributes in page.tags if any(name == "src" or name.startswith("on") for name in attributes)
    ]
    assert not re.search(r"url\(|@import", nasty[".html"])
    assert "<script>alert" not in nasty[".html"]
    assert "&lt;script&gt;alert" in nasty[".html"]


def test_each_link_to_evidence_leads_somewhere(nasty: dict[str, str]) -> None:
    page = Page(nasty[".html"])
    targets = {f"#{attributes['id']}" for _, attributes in page.tags if "id" in attributes}
    links = {attributes["href"] for tag, attributes in page.tags if tag == "a"}

    assert {each for each in links if each and each.startswith("#")} <= targets
    assert any(each and each.startswith("https://cds-hooks.hl7.org/2.0/#") for each in links)


def test_junit_is_xml_that_counts_right(nasty: dict[str, str]) -> None:
    root = ElementTree.fromstring(nasty[".xml"])
    counted = json.loads(nasty[".json"])["summary"]

    assert len(root.findall(".//testcase")) == sum(counted.values())
    assert len(root.findall(".//failure")) == counted["fail"] == sum(int(each.get("failures", 0)) for each in root)
    assert len(root.findall(".//skipped")) == counted["not tested"]


def test_strict_makes_warnings_count(serve: Serve, tmp_path: Path) -> None:
    run = quick(serve(service(title=None)).url)
    file = tmp_path / "junit.xml"
    outcomes = []
    for strict in (False, True):
        shown = document(run, strict=strict)
        write(shown, (file,))
        outcomes.append((shown["exit_code"], len(ElementTree.fromstring(file.read_text()).findall(".//failure"))))

    assert shown["summary"]["fail"] == 0
    assert outcomes[0] == (0, 0)
    assert outcomes[1] == (1, shown["summary"]["warning"])


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b"", ""),
        (b"plain", "plain"),
        (b'{"a":[1,2,3,4]}', '{\n  "a": [\n    1,\n    2,\n    "... and 2 more"\n  ]\n}'),
        (b'{"a":"s3cret"}', '{\n  "a": "[hidden]"\n}'),
        (b'{"s3cret":1}', '{\n  "[hidden]": 1\n}'),
        (b"text s3cret text", "text [hidden] text"),
        (b'{"wrong":"token eyJhbGciOiJFUzM4NCJ9.eyJpc3MiOiJ4In0.c2ln-_Q !"}', '{\n  "wrong": "token [hidden] !"\n}'),
    ],
)
def test_a_body_to_read(body: bytes, shown: str) -> None:
    assert body_text(body, hider("s3cret", "")) == shown


@pytest.mark.parametrize(
    "body",
    [b"x" * 100_000, b'["' + b"x" * 100_000 + b'"]', b"[" * 5000 + b"]" * 5000, b'{"a":' * 60 + b"1" + b"}" * 60],
)
def test_a_long_body_is_cut(body: bytes) -> None:
    assert len(body_text(body, hider())) < LONGEST + 100


def test_nothing_that_a_terminal_would_obey() -> None:
    assert re.fullmatch(r"a\ufffd+b\n\tc", presentable("a\x1b\x00\u202e\ud800\uffff\x85b\n\tc"))


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("report.pdf", "name a file that ends in .html, .json, .xml."),
        ("report", "name a file that ends in"),
        ("nowhere/report.html", "there is no folder"),
    ],
)
def test_a_report_that_cannot_be_written_is_told_before_the_run(name: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match=says):
        check((tmp_path / name,))


def test_a_report_that_cannot_be_written_after_all(tmp_path: Path) -> None:
    (tmp_path / "report.json").mkdir()
    with pytest.raises(CannotStart, match="Is a directory"):
        write({}, (tmp_path / "report.json",))


def test_an_exchange_without_an_answer_is_shown_with_its_reason(serve: Serve, tmp_path: Path) -> None:
    run = quick(serve(lambda call, reply: reply if call.method == "GET" else None).url)
    file = tmp_path / "report.html"
    write(document(run), (file,))

    assert "the connection broke off without an answer" in file.read_text()
    assert Exchange("GET", "http://x", fault="nobody answers").said == "nobody answers"
