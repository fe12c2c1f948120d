# ruff: noqa: N818  (named as a reader of the code would say them)
"""What can go wrong while playing the EHR: one line that says what to do, and the exit code of a command."""

from cds_service.errors import CdsError


class EhrError(CdsError):
    """The other side, or how it was named, is at fault: never this service."""

    status = 422
    issue_code = "processing"
    exit_code = 2


class WrongAnswer(EhrError):
    """The service or the FHIR server was reached and answered an error, or something that is no valid answer."""

    exit_code = 1


class CannotStart(EhrError):
    """The call cannot be made as asked: an unusable argument, or nobody answers at the address."""
