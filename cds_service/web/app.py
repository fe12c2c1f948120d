"""The Flask application: its routes, its error handler, its headers."""

from datetime import UTC, datetime
from secrets import token_hex

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import MethodNotAllowed as NoMethod

from cds_service.audit.account import Call
from cds_service.audit.clerk import Clerk
from cds_service.feedback.desk import Desk
from cds_service.hook_call import answer
from cds_service.hooks.request import parse
from cds_service.hooks.response import encode
from cds_service.hooks.services import SERVICES, discovery, lint_services
from cds_service.records.opened import Database
from cds_service.settings import Settings
from cds_service.site import Site
from cds_service.web import call_log
from cds_service.web.body import read_body
from cds_service.web.called import called, milliseconds
from cds_service.web.causality import add_causality_route
from cds_service.web.documents import add_document_routes
from cds_service.web.failures import FHIR_JSON, outcome_of
from cds_service.web.feedback import add_feedback_routes
from cds_service.web.headers import CORRELATION, HOOK_HEADERS, JSON, with_headers
from cds_service.web.peers import require_loopback
from cds_service.web.published import add_published_routes
from cds_service.web.validation import add_validate_route


def build(settings: Settings) -> Flask:
    """The application for these settings. Raises ContentError if what it would serve is wrong."""
    lint_services()
    call_log.switch_on()
    app = Flask("cds_service", static_folder=None)
    # A redirect would be an answer without an OperationOutcome, and browsers do not follow one in a preflight.
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False  # with_headers does it without a redirect
    site = Site.open(settings)
    database = Database(settings)
    clerk = app.extensions["clerk"] = Clerk(site, database)
    _add_hook_routes(app, site, settings, clerk)
    add_feedback_routes(app, Desk(settings, database), settings)
    add_document_routes(app, site)
    add_causality_route(app, site, settings)
    add_published_routes(app, site)
    add_validate_route(app, settings)
    _add_health_routes(app)
    app.register_error_handler(Exception, _refuse)
    app.wsgi_app = with_headers(app.wsgi_app)  # type: ignore[assignment, method-assign]
    return app


def _add_hook_routes(app: Flask, site: Site, settings: Settings, clerk: Clerk) -> None:
    listing = discovery(SERVICES.values())

    @app.get("/cds-services")
    def list_services() -> Response:
        if settings.loopback_only:
            require_loopback(request.environ)
        return Response(listing, mimetype=JSON)

    @app.post("/cds-services/<service_id>")
    def call_service(service_id: str) -> Response:
        service = called(service_id, settings)
        call = g.call = Call(service, datetime.now(UTC))
        hook_request = parse(read_body(request.environ, settings.max_body_bytes), hook=service.hook)
        call = g.call = Call(service, datetime.now(UTC), hook_request)
        reply = answer(hook_request, service, site, call.at)
        correlation_id = token_hex(8)
        codes = clerk.answered(call.ended(milliseconds(), correlation_id), reply)
        call_log.log_answer(service_id, codes, milliseconds(), correlation_id)
        return Response(reply.body, headers=[*HOOK_HEADERS, (CORRELATION, correlation_id)])


def _add_health_routes(app: Flask) -> None:
    """Open to everybody, as probes come from elsewhere; they tell nothing but that the process answers.

    The application exists only once cards, profile and templates are loaded and checked, so it is ready.
    """

    @app.get("/health/live")
    def live() -> Response:
        return Response(encode({"status": "live"}), mimetype=JSON)

    @app.get("/health/ready")
    def ready() -> Response:
        return Response(encode({"status": "ready", "services": len(SERVICES)}), mimetype=JSON)


def _refuse(error: Exception) -> Response:
    correlation_id = token_hex(8)
    named, body = outcome_of(error, correlation_id)
    if "call" in g:
        clerk: Clerk = current_app.extensions["clerk"]
        clerk.refused(g.call.ended(milliseconds(), correlation_id), named)
    call_log.log_refusal(g.get("service", "-"), named.status, milliseconds(), correlation_id)
    response = Response(body, named.status, [("Content-Type", FHIR_JSON), (CORRELATION, correlation_id)])
    if isinstance(error, NoMethod) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response
