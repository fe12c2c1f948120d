"""The EHR side's HTTP: with ``download``, the only module of the command line that opens a connection.

Unlike the service's own client it keeps ``trust_env``: a developer's proxy and CA bundle are wanted here. Not on
loopback, where a proxy could only get in the way.
"""

import ipaddress
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3

from cds_service.ehr.patience import within
from cds_service.ehr.problems import CannotStart

CONNECT_SECONDS = 5
ANSWER_SECONDS = 60
MAX_BYTES = 50 * 1024 * 1024
FHIR_JSON = "application/fhir+json"
TOKEN_SETTING = "CDS_FHIR_TOKEN"  # noqa: S105  the name of an environment variable
Sign = Callable[[str], str]
"""A token for one call of the URL given: a CDS Hooks JWT is good for one address, once."""
TOKEN_HELP = f"Access token for the FHIR server; better in the environment, as {TOKEN_SETTING}."


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer; ``json`` is None where the body is no JSON. ``milliseconds`` runs to the body's last byte."""

    status: int
    body: bytes
    json: Any
    url: str
    milliseconds: float = 0.0

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    def in_a_line(self) -> str:
        """The status and, where there is one, what the OperationOutcome says."""
        said = outcome_line(self.json)
        return f"HTTP {self.status}" + (f": {said}" if said else "")


@dataclass(frozen=True, slots=True)
class Place:
    """A server the user named: ``option`` is how (``--fhir``), ``base`` its URL without a trailing slash.

    ``seconds`` bounds one whole answer, a dripped one too. ``sign`` makes each call's token, in place of ``token``.
    """

    option: str
    base: str
    token: str = ""
    seconds: float = ANSWER_SECONDS
    sign: Sign | None = None

    @property
    def media_type(self) -> str:
        """What it speaks: FHIR's JSON where it was named as a FHIR server."""
        return FHIR_JSON if "fhir" in self.option.lower() else "application/json"

    def get(self, path: str) -> Answer:
        """GET ``base/path``; CannotStart if nobody answers."""
        return self._call("GET", path, None)

    def post(self, path: str, body: dict[str, Any]) -> Answer:
        """POST ``body`` as JSON to ``base/path`` (``base`` itself for an empty path)."""
        return self._call("POST", path, body)

    def _call(self, method: str, path: str, body: dict[str, Any] | None) -> Answer:
        url = f"{self.base}/{path}" if path else self.base
        began = time.monotonic()
        try:
            status, said, final = within(self.seconds, lambda: self._exchange(method, url, body, began + self.seconds))
        except (requests.RequestException, urllib3.exceptions.HTTPError, TimeoutError) as fault:
            raise CannotStart(f"{why(fault)} at {self.base}. Is it running? Check {self.option}.") from None
        return Answer(status, said, _json(said), final, (time.monotonic() - began) * 1000)

    def _exchange(self, method: str, url: str, body: dict[str, Any] | None, latest: float) -> tuple[int, bytes, str]:
        """Status, body and final URL of one answer."""
        kind = self.media_type
        token = self.sign(url) if self.sign else self.token
        with requests.Session() as session:
            session.trust_env = not on_loopback(url)
            with session.request(
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
                auth=Bearer(token) if token else None,
                timeout=(min(CONNECT_SECONDS, self.seconds), self.seconds),
                stream=True,
            ) as got:
                return got.status_code, self._whole(got, latest), got.url

    def _whole(self, got: requests.Response, latest: float) -> bytes:
        """The body to its end; CannotStart where it has none."""
        parts = bytearray()
        # What has arrived, at each turn: waiting for a whole block would let a server drip it for ever.
        while part := got.raw.read1(64 * 1024, decode_content=True):
            parts += part
            if len(parts) > MAX_BYTES:
                raise CannotStart(f"{self.base} sent more than {MAX_BYTES} bytes. Check {self.option}.")
            if time.monotonic() > latest:
                raise requests.Timeout
        return bytes(parts)


def place(option: str, url: str, token: str = "", seconds: float = ANSWER_SECONDS) -> Place:
    """The server at ``url``; CannotStart if that is no http or https URL."""
    base = url.strip().rstrip("/")
    try:
        parts = urlsplit(base)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable:
        raise CannotStart(f"{option} must be a URL such as http://127.0.0.1:8080/fhir, not {url!r}.")
    return Place(option, base, token, seconds)


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


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def why(fault: Exception) -> str:
    """Why there was no answer, in words."""
    if isinstance(fault, requests.exceptions.SSLError):
        return "No trusted TLS certificate"
    if isinstance(fault, requests.Timeout | urllib3.exceptions.TimeoutError | TimeoutError):
        return "No answer in time"
    return "Nobody answers"


class Bearer(requests.auth.AuthBase):
    """The Authorization header of a call."""

    def __init__(self, token: str) -> None:
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request
