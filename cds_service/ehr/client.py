"""The EHR side's HTTP: with ``download``, the only module of the command line that opens a connection.

Unlike the service's own client it keeps ``trust_env``: a developer's proxy and CA bundle are wanted here. Not on
loopback, where a proxy could only get in the way.
"""

import ipaddress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests

from cds_service.ehr.problems import CannotStart

CONNECT_SECONDS = 5
ANSWER_SECONDS = 60
FHIR_JSON = "application/fhir+json"
TOKEN_SETTING = "CDS_FHIR_TOKEN"  # noqa: S105  the name of an environment variable
TOKEN_HELP = f"Access token for the FHIR server; better in the environment, as {TOKEN_SETTING}."


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer; ``json`` is None where the body is no JSON."""

    status: int
    body: bytes
    json: Any
    url: str

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    def in_a_line(self) -> str:
        """The status and, where there is one, what the OperationOutcome says."""
        said = outcome_line(self.json)
        return f"HTTP {self.status}" + (f": {said}" if said else "")


@dataclass(frozen=True, slots=True)
class Place:
    """A server the user named: ``option`` is how (``--fhir``), ``base`` its URL without a trailing slash."""

    option: str
    base: str
    token: str = ""

    def get(self, path: str) -> Answer:
        """GET ``base/path``; CannotStart if nobody answers."""
        return self._call("GET", path, None)

    def post(self, path: str, body: dict[str, Any]) -> Answer:
        """POST ``body`` as JSON to ``base/path`` (``base`` itself for an empty path)."""
        return self._call("POST", path, body)

    def _call(self, method: str, path: str, body: dict[str, Any] | None) -> Answer:
        url = f"{self.base}/{path}" if path else self.base
        kind = FHIR_JSON if self.option == "--fhir" else "application/json"
        with requests.Session() as session:
            session.trust_env = not on_loopback(url)
            try:
                got = session.request(
                    method,
                    url,
                    json=body,
                    # no-cache: HAPI would repeat a search of the last minute, whatever was loaded since.
                    headers={
                        "Accept": f"{kind}, application/json",
                        "Content-Type": kind,
                        "Cache-Control": "no-cache",
                    },
                    # An explicit auth keeps requests from replacing the token by a login in ~/.netrc.
                    auth=_Bearer(self.token) if self.token else None,
                    timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
                )
                return Answer(got.status_code, got.content, _json(got), got.url)
            except requests.RequestException as fault:
                raise CannotStart(f"{why(fault)} at {self.base}. Is it running? Check {self.option}.") from None


def place(option: str, url: str, token: str = "") -> Place:
    """The server at ``url``; CannotStart if that is no http or https URL."""
    base = url.strip().rstrip("/")
    try:
        parts = urlsplit(base)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable:
        raise CannotStart(f"{option} must be a URL such as http://127.0.0.1:8080/fhir, not {url!r}.")
    return Place(option, base, token)


def on_loopback(url: str) -> bool:
    """True for localhost and loopback addresses."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def outcome_line(body: Any) -> str:
    """What an OperationOutcome says, in one line; empty for anything else."""
    if not isinstance(body, dict) or body.get("resourceType") != "OperationOutcome":
        return ""
    issues = body.get("issue")
    return "; ".join(filter(None, (_issue(each) for each in issues))) if isinstance(issues, list) else ""


def _issue(issue: Any) -> str:
    if not isinstance(issue, dict):
        return ""
    details = issue.get("details")
    text = issue.get("diagnostics") or (details.get("text") if isinstance(details, dict) else "") or issue.get("code")
    return " ".join(str(text or "").split())


def _json(got: requests.Response) -> Any:
    try:
        return got.json()
    except (ValueError, RecursionError):
        return None


def why(fault: requests.RequestException) -> str:
    """Why there was no answer, in words."""
    if isinstance(fault, requests.exceptions.SSLError):
        return "No trusted TLS certificate"
    if isinstance(fault, requests.Timeout):
        return "No answer in time"
    return "Nobody answers"


class _Bearer(requests.auth.AuthBase):
    def __init__(self, token: str) -> None:
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request
