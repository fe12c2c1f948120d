"""The workbench in a real browser: Debian's Chromium, a real FHIR server, the service; nothing leaves the machine."""

import os
import shutil
from collections.abc import Iterator
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from cds_service.cli.load import load_stories
from cds_service.cli.sandbox_server import fhir_server, service_server
from cds_service.ehr.client import place
from tests.browser.desk import Desk
from tests.stories.conftest import _this_morning

PATIENTS = ("case-1-g-last-follow-up", "child-1-view", "child-1-order-tocilizumab", "row-pv00-neither-drug")
# Chromium looks up its maker's hosts at every start, and updates itself: here it has to keep quiet.
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Skipped where there is no Chromium, but for continuous integration, which has to have it."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        told = "no Chromium here: apt-get install chromium"
        pytest.fail(told) if os.environ.get("CI") else pytest.skip(told)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The service's base URL; its workbench knows a FHIR server that has the patients."""
    with fhir_server() as fhir_url, service_server(fhir_url=fhir_url) as service_url:
        load_stories(place("--fhir", fhir_url), PATIENTS, _this_morning())
        yield service_url


class Eyes(NamedTuple):
    """Whose screen it is; a test says so by ``indirect`` parameters."""

    scheme: Literal["light", "dark"] = "light"
    width: int = 1280


@pytest.fixture
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A browser of its own for each test."""
    eyes = getattr(request, "param", Eyes())
    context = browser.new_context(viewport={"width": eyes.width, "height": 900}, color_scheme=eyes.scheme)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page; after the test, nothing was complained of in its console and nothing asked of another machine.

    What the content policy stopped is in the console too.
    """
    page = context.new_page()
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda fault: complaints.append(str(fault)))
    page.on("request", lambda request: asked.append(request.url))
    yield page
    # The browser itself notes an answer of 4xx as an error; the page tells those, and they are part of the test.
    assert [each for each in complaints if "the server responded with a status of 4" not in each] == []
    assert {urlsplit(each).hostname for each in asked if not each.startswith(("data:", "blob:"))} <= {"127.0.0.1"}


@pytest.fixture
def desk(page: Page, address: str) -> Desk:
    """The workbench, opened."""
    return Desk(page, address).open()
