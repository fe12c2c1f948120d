"""The HTTP of a conformance run: one call at a time has its whole time limit, whatever the other side does.

No redirects, no cookies, no retries, no login from a .netrc; answers are read up to a limit. Nothing raises: what goes
wrong is the ``fault`` of the exchange. A read timeout alone is no limit (a server may drip a byte a second), so each
call runs in a thread of its own that is left behind when its time is over.
"""

import threading
import time
from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy

import requests
from urllib3.exceptions import ProtocolError

from cds_service.conform.exchange import NOTHING, Exchange, read_json
from cds_service.ehr.client import Sign, on_loopback

LONGEST_ANSWER = 5 * 1024 * 1024
JSON = "application/json"
_CHUNK = 65536


class Wire:
    """Calls under ``base`` (a URL without a trailing slash).

    Each carries ``token``, or the one that ``sign`` makes for its URL, unless it names another ("": none).
    """

    def __init__(self, base: str, token: str = "", timeout: float = 10.0, sign: Sign | None = None) -> None:
        self.base = base
        self.timeout = timeout
        self.calls = 0
        self._sign = sign or (lambda _: token)
        self._session = _session(base)

    def get(self, path: str, headers: Mapping[str, str] = NOTHING, token: str | None = None) -> Exchange:
        """GET ``base/path``."""
        return self.send("GET", path, b"", {"Accept": JSON} | dict(headers), token)

    def post(self, path: str, body: bytes, headers: Mapping[str, str] = NOTHING, token: str | None = None) -> Exchange:
        """POST ``body``, as JSON unless ``headers`` says otherwise."""
        return self.send("POST", path, body, {"Accept": JSON, "Content-Type": JSON} | dict(headers), token)

    def send(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] = NOTHING, token: str | None = None
    ) -> Exchange:
        """One call; an exchange in any case, after ``timeout`` seconds at the latest."""
        self.calls += 1
        url = f"{self.base}/{path}" if path else self.base
        asked = _Asked(method, url, body, headers, self._sign if token is None else lambda _: token)
        found: list[Exchange] = []
        started = time.perf_counter()
        worker = threading.Thread(target=lambda: found.append(self._exchange(asked, started)), daemon=True)
        worker.start()
        worker.join(self.timeout)
        if found:
            return found[0]
        self._session = _session(self.base)
        return asked.exchange(started, fault=f"no answer in {self.timeout:g} s")

    def _exchange(self, asked: "_Asked", started: float) -> Exchange:
        try:
            try:
                return self._once(asked, self._session, started)
            except requests.ConnectionError as fault:
                if not _broke_off(fault):
                    raise
                # A kept connection that the server had closed meanwhile looks the same: only a new one tells.
                return self._once(asked, _session(self.base), started)
        except requests.RequestException as fault:
            return asked.exchange(started, fault=_why(fault, self.timeout))
        except Exception as fault:  # noqa: BLE001  whatever a broken server provokes in a library is no fault of a run
            return asked.exchange(started, fault=f"no readable HTTP answer ({type(fault).__name__})")

    def _once(self, asked: "_Asked", session: requests.Session, started: float) -> Exchange:
        with session.request(
            asked.method,
            asked.url,
            data=asked.body or None,
            headers=dict(asked.headers),
            auth=asked.authorize,
            timeout=self.timeout,
            allow_redirects=False,
            stream=True,
        ) as answer:
            return _read(asked, answer, started + self.timeout, started)


class _Asked:
    """What is to be sent. The token is here and nowhere in an exchange."""

    def __init__(self, method: str, url: str, body: bytes, headers: Mapping[str, str], sign: Sign) -> None:
        self.method, self.url, self.body, self.headers, self._sign = method, url, body, headers, sign

    def authorize(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        # Given for every call, so that requests never looks into a .netrc; a call that is repeated is signed anew.
        if token := self._sign(self.url):
            request.headers["Authorization"] = f"Bearer {token}"
        return request

    def exchange(
        self, started: float, status: int = 0, headers: Mapping[str, str] = NOTHING, body: bytes = b"", fault: str = ""
    ) -> Exchange:
        seconds = time.perf_counter() - started
        value = None if fault else read_json(body)
        return Exchange(
            self.method, self.url, dict(self.headers), self.body, status, headers, body, seconds, fault, value
        )


def _read(asked: _Asked, answer: requests.Response, until: float, started: float) -> Exchange:
    body, fault = b"", ""
    try:
        for chunk in answer.iter_content(_CHUNK):
            body += chunk
            if len(body) > LONGEST_ANSWER:
                fault = f"an answer of more than {LONGEST_ANSWER // 1024 // 1024} MB"
                break
            if time.perf_counter() > until:
                fault = "an answer that does not end in time"
                break
    except requests.RequestException:
        fault = "an answer that broke off"
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return asked.exchange(started, answer.status_code, headers, body[:LONGEST_ANSWER], fault)


def _session(base: str) -> requests.Session:
    session = requests.Session()
    session.trust_env = not on_loopback(base)
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return session


def _why(fault: requests.RequestException, timeout: float) -> str:
    named: tuple[tuple[type[requests.RequestException], str], ...] = (
        (requests.exceptions.SSLError, "no trusted TLS certificate"),
        (requests.exceptions.ProxyError, "the proxy does not connect"),
        (requests.Timeout, f"no answer in {timeout:g} s"),
        (
            requests.ConnectionError,
            "the connection broke off without an answer" if _broke_off(fault) else "nobody answers",
        ),
    )
    return next((words for kind, words in named if isinstance(fault, kind)), "no readable HTTP answer")


def _broke_off(fault: BaseException) -> bool:
    """True if there was a connection and it ended early, as against none that came about."""
    return bool(fault.args) and isinstance(fault.args[0], ProtocolError)
