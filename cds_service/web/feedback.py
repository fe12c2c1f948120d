"""Take feedback: POST /cds-services/{id}/feedback (https://cds-hooks.hl7.org/2.0/#feedback)."""

from datetime import UTC, datetime
from secrets import token_hex

from flask import Flask, Response, request

from cds_service.errors import UnknownService
from cds_service.feedback.desk import Desk
from cds_service.feedback.read import read_feedback
from cds_service.hooks.response import encode
from cds_service.settings import Settings
from cds_service.web import call_log
from cds_service.web.body import read_body
from cds_service.web.called import called, milliseconds
from cds_service.web.headers import CORRELATION, HOOK_HEADERS
from cds_service.web.metrics import Meter

_OFF = "This service takes no feedback (CDS_FEEDBACK=off): nothing was stored."
_ANALYTICS = "The analytics of CDS Hooks 1.0 are not taken: POST feedback to /cds-services/ID/feedback (CDS Hooks 2.0)."


def add_feedback_routes(app: Flask, desk: Desk, settings: Settings, meter: Meter | None) -> None:
    """Where clients report what was done with the cards."""

    @app.post("/cds-services/<service_id>/feedback")
    def take_feedback(service_id: str) -> Response:
        service = called(service_id, settings)
        if not desk.open:
            raise UnknownService(_OFF)
        entries = read_feedback(read_body(request.environ, settings.max_body_bytes))
        saved = desk.take(service, entries, datetime.now(UTC))
        if meter:
            meter.took_feedback(service_id, entries)
        correlation_id = token_hex(8)
        call_log.log_feedback(service_id, saved, milliseconds(), correlation_id)
        # The specification asks for no body, and clients read none; it is there for whoever tries it by hand.
        return Response(encode(saved._asdict()), headers=[*HOOK_HEADERS, (CORRELATION, correlation_id)])

    @app.post("/cds-services/<service_id>/analytics/<suggestion>")
    def take_no_analytics(service_id: str, suggestion: str) -> Response:
        raise UnknownService(_ANALYTICS)
