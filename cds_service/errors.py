# ruff: noqa: N818  (these are named as a reader of the code would say them)
"""What can go wrong, each with its HTTP status. A message names the field and the fix, never a patient's value.

Every non-2xx answer is a FHIR OperationOutcome (https://hl7.org/fhir/R4/operationoutcome.html) with one
issue a message; ``issue_code`` is its code from https://hl7.org/fhir/R4/valueset-issue-type.html.
"""


class CdsError(Exception):
    """The root. ``messages`` holds one line for each thing that is wrong; ``message`` is the first."""

    status = 500
    issue_code = "exception"

    def __init__(self, *messages: str) -> None:
        self.messages: tuple[str, ...] = messages or (type(self).__name__,)
        super().__init__(" ".join(self.messages))

    @property
    def message(self) -> str:
        return self.messages[0]


class BadRequest(CdsError):
    """The body is not a hook request that this service can read."""

    status = 400
    issue_code = "invalid"


class Unauthorized(CdsError):
    """No token, or one that is not accepted. ``reason`` is a code for the log; the answer never tells it."""

    status = 401
    issue_code = "login"

    def __init__(self, reason: str) -> None:
        super().__init__("Authentication is required.")
        self.reason = reason


class Forbidden(CdsError):
    """The caller may not use this service from where it is."""

    status = 403
    issue_code = "forbidden"


class UnknownService(CdsError):
    """There is no service of that id, or no page at that address."""

    status = 404
    issue_code = "not-found"


class MethodNotAllowed(CdsError):
    """The address exists, but not for this HTTP method."""

    status = 405
    issue_code = "not-supported"


class PreconditionFailed(CdsError):
    """Required data came neither as prefetch nor from the FHIR server: one message for each prefetch key.

    https://cds-hooks.hl7.org/2.0/#prefetch-template asks for 412 here.
    """

    status = 412
    issue_code = "incomplete"


class TooLarge(CdsError):
    """The body is longer than ``CDS_MAX_BODY_BYTES``."""

    status = 413
    issue_code = "too-long"


class TooManyCalls(CdsError):
    """One caller made more calls in a minute than ``CDS_RATE_PER_MINUTE``; ``retry_after`` is in seconds."""

    status = 429
    issue_code = "throttled"

    def __init__(self, most: int, retry_after: int) -> None:
        super().__init__(f"More than {most} calls in one minute: nothing was assessed. Call again in {retry_after} s.")
        self.retry_after = retry_after


class Unavailable(CdsError):
    """Not now, and no fault of this service's code: the same call may work later."""

    status = 503
    issue_code = "transient"


class NotStored(Unavailable):
    """Feedback that is in order, and could not be stored now. Who sent it still has it, and can send it again."""


class NotReady(Unavailable):
    """This process should get no calls now: it is ending, or something that it needs does not answer."""


class DatabaseUnusable(CdsError):
    """The database of ``CDS_DATABASE_URL`` cannot be opened, read or written: said to whoever runs the service."""


class ServiceFault(CdsError):
    """A fault of this service. It is never answered with an empty list of cards."""


class ContentError(CdsError):
    """A card file, a profile or a prefetch template is wrong. The service does not start."""


class SettingsError(CdsError):
    """A setting is wrong, or the mode cannot run yet. The service does not start."""
