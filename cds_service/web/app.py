"""The Flask application: its routes, its error handler, its headers."""

from datetime import UTC, datetime
from secrets import token_hex

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import MethodNotAllowed as NoMethod

from cds_service.errors import TooManyCalls
from cds_service.feedback.desk import Desk
from cds_service.feedback.shown import shown_cards
from cds_service.hook_call import answer
from cds_service.hooks.request import parse
from cds_service.hooks.services import SERVICES, discovery, lint_services
from cds_service.settings import Settings
from cds_service.site import Site
from cds_service.web import call_log
from cds_service.web.admission import add_admission, after_answer, caller_site, require_on
from cds_service.web.body import read_body
from cds_service.web.called import admit, called, milliseconds
from cds_service.web.causality import add_causality_route
from cds_service.web.documents import add_document_routes
from cds_service.web.failures import FHIR_JSON, outcome_of
from cds_service.web.feedback import add_feedback_routes
from cds_service.web.headers import CORRELATION, HOOK_HEADERS, JSON, with_headers
from cds_service.web.health import add_health_routes
from cds_service.web.metrics import Meter, add_metrics
from cds_service.web.published import add_published_routes
from cds_service.web.rate import add_rate_limit
from cds_service.web.validation import add_validate_route
from cds_service.web.workbench.routes import add_workbench


def build(settings: Settings) -> Flask:
    """The application for these settings. Raises ContentError if what it would serve is wrong."""
    lint_services()
    call_log.switch_on(json=settings.log == "json")
    app = Flask("cds_service", static_folder=None)
    # A redirect would be an answer without an OperationOutcome, and browsers do not follow one in a preflight.
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False  # with_headers does it without a redirect
    site = Site.open(settings)
    add_admission(app, site, settings)
    desk = app.extensions["feedback"] = Desk(settings)
    add_rate_limit(app, settings)
    meter = add_metrics(app, settings, desk)
    _add_hook_routes(app, site, settings, desk, meter)
    add_feedback_routes(app, desk, settings, meter)
    add_document_routes(app, site)
    add_causality_route(app, site, settings)
    add_published_routes(app, site)
    add_validate_route(app, settings)
    add_workbench(app, settings, site)
    add_health_routes(app, settings, desk)
    app.register_error_handler(Exception, _refuse)
    app.wsgi_app = with_headers(app.wsgi_app)  # type: ignore[assignment, method-assign]
    return app


def _add_hook_routes(app: Flask, site: Site, settings: Settings, desk: Desk, meter: Meter | None) -> None:
    listing = discovery(SERVICES.values())

    @app.get("/cds-services")
    def list_services() -> Response:
        admit(settings)
        return Response(listing, mimetype=JSON)

    @app.post("/cds-services/<service_id>")
    def call_service(service_id: str) -> Response:
        service = called(service_id, settings)
        require_on()
        hook_request = parse(read_body(request.environ, settings.max_body_bytes), hook=service.hook)
        now = datetime.now(UTC)
        body = after_answer(answer(hook_request, service, caller_site(site), now, meter.assessed if meter else None))
        correlation_id = token_hex(8)
        cards = shown_cards(body) if desk.recording or meter or call_log.listening() else []
        desk.record(service, now, cards)
        if meter:
            meter.answered(service_id, milliseconds(), cards)
        call_log.log_answer(service_id, (card.code for card in cards), milliseconds(), correlation_id)
        return Response(body, headers=[*HOOK_HEADERS, (CORRELATION, correlation_id)])


def _refuse(error: Exception) -> Response:
    correlation_id = token_hex(8)
    named, body = outcome_of(error, correlation_id)
    service = g.get("service", "-")
    call_log.log_refusal(service, named.status, milliseconds(), correlation_id)
    if meter := current_app.extensions["metrics"]:
        meter.refused(service, named.status)
    response = Response(body, named.status, [("Content-Type", FHIR_JSON), (CORRELATION, correlation_id)])
    if isinstance(error, NoMethod) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    if isinstance(named, TooManyCalls):
        response.headers["Retry-After"] = str(named.retry_after)
    return response
