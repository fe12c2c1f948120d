"""The Flask application: its routes, its error handler, its headers."""

from datetime import UTC, datetime
from secrets import token_hex
from time import perf_counter

from flask import Flask, Response, g, request
from werkzeug.exceptions import MethodNotAllowed as NoMethod

from cds_service.errors import UnknownService
from cds_service.hook_call import answer
from cds_service.hooks.request import parse
from cds_service.hooks.response import encode
from cds_service.hooks.services import SERVICES, discovery, lint_services
from cds_service.settings import Settings
from cds_service.site import Site
from cds_service.web import call_log
from cds_service.web.admission import add_admission, after_answer, caller_site, require_on
from cds_service.web.body import read_body
from cds_service.web.causality import add_causality_route
from cds_service.web.documents import add_document_routes
from cds_service.web.failures import FHIR_JSON, outcome_of
from cds_service.web.headers import CORRELATION, with_headers
from cds_service.web.peers import require_loopback
from cds_service.web.published import add_published_routes

JSON = "application/json"
# What is answered about one patient at one time is for nobody else and for no later time.
HOOK_HEADERS = (("Content-Type", JSON), ("Cache-Control", "no-store"))


def build(settings: Settings) -> Flask:
    """The application for these settings. Raises ContentError if what it would serve is wrong."""
    lint_services()
    call_log.switch_on()
    app = Flask("cds_service", static_folder=None)
    # A redirect would be an answer without an OperationOutcome, and browsers do not follow one in a preflight.
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False  # with_headers does it without a redirect
    site = Site.open(settings)
    add_admission(app, site, settings)
    _add_hook_routes(app, site, settings)
    add_document_routes(app, site)
    add_causality_route(app, site, settings)
    add_published_routes(app, site)
    _add_health_routes(app)
    app.register_error_handler(Exception, _refuse)
    app.wsgi_app = with_headers(app.wsgi_app)  # type: ignore[assignment, method-assign]
    return app


def _add_hook_routes(app: Flask, site: Site, settings: Settings) -> None:
    listing = discovery(SERVICES.values())
    only_loopback = settings.sandbox and not settings.sandbox_public

    @app.get("/cds-services")
    def list_services() -> Response:
        if only_loopback:
            require_loopback(request.environ)
        return Response(listing, mimetype=JSON)

    @app.post("/cds-services/<service_id>")
    def call_service(service_id: str) -> Response:
        started = g.started = perf_counter()
        if only_loopback:
            require_loopback(request.environ)
        service = SERVICES.get(service_id)
        if service is None:
            raise UnknownService(f"There is no such service. GET /cds-services lists them: {', '.join(SERVICES)}.")
        g.service = service_id
        require_on()
        hook_request = parse(read_body(request.environ, settings.max_body_bytes), hook=service.hook)
        body = after_answer(answer(hook_request, service, caller_site(site), datetime.now(UTC)))
        correlation_id = token_hex(8)
        call_log.log_answer(service_id, body, (perf_counter() - started) * 1000, correlation_id)
        return Response(body, headers=[*HOOK_HEADERS, (CORRELATION, correlation_id)])

    @app.post("/cds-services/<service_id>/feedback")
    def take_no_feedback(service_id: str) -> Response:
        raise UnknownService("This version takes no feedback: nothing was stored.")


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
    now = perf_counter()
    milliseconds = (now - g.get("started", now)) * 1000
    call_log.log_refusal(g.get("service", "-"), named.status, milliseconds, correlation_id)
    response = Response(body, named.status, [("Content-Type", FHIR_JSON), (CORRELATION, correlation_id)])
    if isinstance(error, NoMethod) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response
