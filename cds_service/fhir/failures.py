"""Why something could not be had from the FHIR server, one type a cause.

``reason`` is in plain words for the trace and the card. It never holds a URL, a token or a value from the record: a
search URL names the patient.
"""

from datetime import UTC, datetime, timedelta


class FetchFailure(Exception):  # noqa: N818 - an outcome that the card tells about, not an error of this service
    """Something asked of the FHIR server could not be had, or could not be used.

    ``servers_fault``: the server as a whole is to blame, whoever the patient is. ``answered``: the server did answer,
    though not with what was asked for. Neither: it was not asked.
    """

    servers_fault = False
    answered = False

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TimedOut(FetchFailure):
    """No whole answer before the deadline: slow, dripped, hanging, or the time was spent already."""

    servers_fault = True

    def __init__(self) -> None:
        super().__init__("the FHIR server did not answer within the time allowed")


class Unreachable(FetchFailure):
    """No connection: refused, no such name, or a certificate that is not trusted."""

    servers_fault = True

    def __init__(self, how: str) -> None:
        super().__init__(f"the FHIR server could not be reached ({how})")


class NotAllowed(FetchFailure):
    """This service refuses to contact that address, or to send the token there."""


class NotAsked(FetchFailure):
    """The server failed several times just now, and is left alone for some seconds more."""

    def __init__(self, seconds: float) -> None:
        until = datetime.now(UTC) + timedelta(seconds=seconds)
        when = f"until {until:%H:%M:%S} UTC" if seconds else "until it has answered a first call"
        super().__init__(f"the FHIR server failed several times; not asked again {when}")


class Crowded(FetchFailure):
    """As many calls to this server are under way and waiting as may be."""

    def __init__(self) -> None:
        super().__init__("too many calls to the FHIR server are under way; it was not asked")


class BrokenOff(FetchFailure):
    """The connection ended in the middle of an answer, or what came was no HTTP."""

    servers_fault = True

    def __init__(self) -> None:
        super().__init__("the FHIR server's answer broke off")


STATUS_MEANS = {
    204: "no content",
    401: "the access token was not accepted",
    403: "not allowed: is the access token there, and does it allow this?",
    404: "not found",
    410: "gone",
    412: "precondition failed",
    429: "too many requests",
    503: "not available now",
}


class HttpStatus(FetchFailure):
    """An answer other than 200. Redirects are among them: they are not followed, the token would follow too."""

    def __init__(self, status: int) -> None:
        means = "a redirect, not followed" if 300 <= status < 400 else STATUS_MEANS.get(status, "")
        super().__init__(f"the FHIR server answered HTTP {status}" + (f" ({means})" if means else ""))
        self.status = status
        # 429 as well: it is no fault of one patient, and asking on makes it worse
        self.servers_fault = status >= 500 or status == 429
        self.answered = not self.servers_fault


class NotFhir(FetchFailure):
    """An answer that is not FHIR in JSON: empty, HTML, XML, cut short, compressed, UTF-16."""

    answered = True

    def __init__(self, what: str) -> None:
        super().__init__(f"the answer is not FHIR JSON ({what})")


class TooLarge(FetchFailure):
    """An answer over the byte limit."""

    answered = True

    def __init__(self, max_bytes: int) -> None:
        super().__init__(f"the FHIR server's answer is larger than {max_bytes} bytes")


class TooManyEntries(FetchFailure):
    """A page with more entries than are read."""

    def __init__(self, most: int) -> None:
        super().__init__(f"there are more than {most} entries in one Bundle")


class OutcomeInstead(FetchFailure):
    """An OperationOutcome, sent with HTTP 200, where a resource or a Bundle was due."""

    def __init__(self, code: str = "") -> None:
        super().__init__("an OperationOutcome came instead of data" + (f" ({code})" if code else ""))


class WrongResource(FetchFailure):
    """FHIR, but not what was asked for."""

    def __init__(self, expected: str) -> None:
        super().__init__(f"the answer is not the {expected} asked for")
