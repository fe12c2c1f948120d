"""The one error handler: whatever goes wrong becomes an OperationOutcome with the right status."""

from werkzeug.exceptions import HTTPException

from cds_service.errors import BadRequest, CdsError, MethodNotAllowed, ServiceFault, Unavailable, UnknownService
from cds_service.hooks.response import operation_outcome
from cds_service.web import call_log

FHIR_JSON = "application/fhir+json"

_NO_PAGE = "There is nothing at this address: GET /cds-services lists the services."
_NO_METHOD = "This address does not take this method: GET /cds-services, or POST /cds-services/ID with a hook request."
_TOO_DEEP = "The body is nested too deeply: FHIR resources need far fewer levels."


def outcome_of(error: BaseException, correlation_id: str) -> tuple[CdsError, bytes]:
    """The error as this service names it, and the OperationOutcome that tells it.

    A fault of ours is logged with ``correlation_id``; the answer carries the id and none of the details.
    """
    named = _named(error)
    if named.status >= 500 and not isinstance(named, Unavailable):
        call_log.log_fault(error, correlation_id)
        named = ServiceFault(
            f"This service failed; nothing was assessed. Report the id {correlation_id} to whoever runs it."
        )
    return named, operation_outcome(named.issue_code, named.messages, correlation_id)


def _named(error: BaseException) -> CdsError:
    if isinstance(error, CdsError):
        return error
    if isinstance(error, RecursionError):
        # The envelope's depth was checked, but from a shallower stack than the one that read a prefetched value.
        return BadRequest(_TOO_DEEP)
    if isinstance(error, HTTPException):
        return _named_http(error.code or 500)
    return ServiceFault()


def _named_http(status: int) -> CdsError:
    """What Flask itself refuses before a route is reached."""
    if status == 404:
        return UnknownService(_NO_PAGE)
    if status == 405:
        return MethodNotAllowed(_NO_METHOD)
    return BadRequest("The HTTP request is malformed.") if status < 500 else ServiceFault()
