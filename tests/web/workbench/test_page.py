"""The page itself: its headers, and that nothing in it is inline or comes from elsewhere."""

import re
from pathlib import Path

import pytest

from cds_service import create_app, web
from cds_service.ehr.orders import ORDERABLE
from cds_service.settings import Settings
from cds_service.web.workbench.headers import POLICY
from tests.trust.ehr import HOSPITAL, token_for, write_clients

FOLDER = Path(web.__file__).parent / "workbench"
FILES = sorted((FOLDER / "static").iterdir())
TEMPLATES = sorted((FOLDER / "templates").rglob("*.html"))


def test_the_page(bench):
    answer = bench.get("/")

    assert answer.status_code == 200
    assert answer.content_type == "text/html; charset=utf-8"
    text = answer.get_data(as_text=True)
    assert 'value="http://127.0.0.1:8080/fhir"' in text
    assert 'value="http://localhost"' in text  # this service, as the browser named it
    assert all(f'<option value="{drug}">' in text for drug in ORDERABLE)


def test_without_a_fhir_server_the_page_says_how_to_get_one():
    assert "cds-service demo --keep" in create_app(Settings()).test_client().get("/").get_data(as_text=True)


@pytest.mark.parametrize("path", ["/", "/workbench/static/main.js", "/workbench/static/nothing.js"])
def test_security_headers_are_on_every_answer(bench, path):
    headers = bench.get(path).headers
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert not [name for name in headers.keys() if name.startswith("Access-Control")]  # noqa: SIM118


def test_the_policy_allows_nothing_from_elsewhere_and_nothing_inline():
    assert POLICY == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def test_what_is_answered_is_kept_nowhere_and_files_are_asked_for_anew(bench):
    assert bench.get("/").headers["Cache-Control"] == "no-store"
    assert bench.post("/workbench/patients", json={}).headers["Cache-Control"] == "no-store"
    assert bench.get("/workbench/static/main.js").headers["Cache-Control"] == "no-cache"


def test_production_has_no_page(tmp_path):
    clients = write_clients(tmp_path / "clients.toml", HOSPITAL)
    service = create_app(Settings(mode="production", clients=str(clients), audit_key="k" * 32)).test_client()

    answer = service.get("/", headers=token_for("/"))
    assert answer.status_code == 404
    assert answer.get_json()["resourceType"] == "OperationOutcome"
    assert service.post("/workbench/fire", json={}, headers=token_for("/workbench/fire")).status_code == 404
    assert service.get("/").status_code == 401


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_is_served_small_and_loads_nothing_from_elsewhere(bench, path):
    kinds = {".js": "javascript", ".css": "css", ".svg": "svg"}
    answer = bench.get(f"/workbench/static/{path.name}")
    assert answer.status_code == 200
    assert kinds[path.suffix] in answer.content_type
    text = path.read_text("utf-8")
    assert len(text.splitlines()) < 200
    assert not re.search(r"(?:from|import|url\(|src=)\s*[\"'(]*\s*(?:https?:)?//", text)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_an_inline_script_style_or_handler(path):
    text = path.read_text("utf-8")
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


def test_every_file_a_module_or_the_page_names_is_there(bench):
    named = set(re.findall(r"/workbench/static/([\w.-]+)", bench.get("/").get_data(as_text=True)))
    for path in FILES:
        named |= set(re.findall(r'from "\./([\w.-]+)"', path.read_text("utf-8")))
    assert named == {path.name for path in FILES}
