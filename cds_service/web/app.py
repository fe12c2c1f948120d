"""The Flask application: its routes, its error handler, its headers."""

from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import MethodNotAllowed as NoMethod

from cds_service.audit.account import Call
from cds_service.audit.clerk import Clerk
from cds_service.errors import TooManyCalls
from cds_service.feedback.desk import Desk
from cds_service.hook_call import answer
from cds_service.hooks.request import parse
from cds_service.hooks.services import SERVICES, discovery, lint_services
from cds_service.hooks.sufficiency import NotEnough
from cds_service.records.opened import Database
from cds_service.settings import Settings
from cds_service.site import Site
from cds_service.switches.board import Switchboard
from cds_service.web import call_log
from cds_service.web.admission import add_admission, caller_discretion, caller_name, caller_site, require_on
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
    database = Database(settings)
    clerk = app.extensions["clerk"] = Clerk(site, database)
    add_rate_limit(app, settings)
    meter = add_metrics(app, settings, clerk.recorder)
    _add_hook_routes(app, site, settings, clerk, meter)
    add_feedback_routes(app, Desk(settings, database), settings, meter)
    add_document_routes(app, site)
    add_causality_route(app, site, settings, clerk, meter)
    add_published_routes(app, site)
    add_validate_route(app, settings)
    add_workbench(app, settings, site)
    add_health_routes(app, settings, clerk.recorder)
    app.register_error_handler(Exception, _refuse)
    app.wsgi_app = with_headers(app.wsgi_app)  # type: ignore[assignment, method-assign]
    return app


def _add_hook_routes(app: Flask, site: Site, settings: Settings, clerk: Clerk, meter: Meter | None) -> None:
    listing = discovery(SERVICES.values())
    board = app.extensions["board"] = Switchboard(Path(settings.switches) if settings.switches else None)

    @app.get("/cds-services")
    def list_services() -> Response:
        admit(settings)
        return Response(listing, mimetype=JSON)

    @app.post("/cds-services/<service_id>")
    def call_service(service_id: str) -> Response:
        service = called(service_id, settings)
        on_terms, discretion = caller_site(site), caller_discretion(board, service_id)
        now, profile = datetime.now(UTC), on_terms.profile.name
        call = g.call = Call(service, now, profile, client=caller_name(), mode=discretion.mode)
        require_on(discretion)
        hook_request = parse(read_body(request.environ, settings.max_body_bytes), hook=service.hook)
        call = g.call = call._replace(request=hook_request)
        discretion = clerk.recall.heeded(discretion, on_terms.terms.repeats, call)
        reply = answer(hook_request, service, on_terms, call.at, discretion)
        call = call.ended(milliseconds(), token_hex(8))
        cards = clerk.answered(call, reply)
        if meter:
            meter.answered(call, reply, cards)
        call_log.log_answer(call, cards)
        return Response(reply.body, headers=[*HOOK_HEADERS, (CORRELATION, call.correlation_id)])


def _refuse(error: Exception) -> Response:
    correlation_id = token_hex(8)
    named, body = outcome_of(error, correlation_id)
    service = g.get("service", "-")
    if "call" in g:
        clerk: Clerk = current_app.extensions["clerk"]
        clerk.refused(g.call.ended(milliseconds(), correlation_id), named)
    call_log.log_refusal(service, named.status, milliseconds(), correlation_id)
    if meter := current_app.extensions["metrics"]:
        meter.refused(service, named.status, named.keys if isinstance(named, NotEnough) else {})
    response = Response(body, named.status, [("Content-Type", FHIR_JSON), (CORRELATION, correlation_id)])
    if isinstance(error, NoMethod) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    if isinstance(named, TooManyCalls):
        response.headers["Retry-After"] = str(named.retry_after)
    return response
