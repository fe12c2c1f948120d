"""Who calls: in production every address asks for a client's token, except those that are listed as open.

What a client may is on ``flask.g``: ``g.client``, its name, and ``g.caller``, the ``Client``. In sandbox mode neither
is there.
"""

import logging

from flask import Flask, Response, current_app, g, request

from cds_service.errors import Forbidden, Unauthorized
from cds_service.hooks.response import operation_outcome
from cds_service.settings import Settings
from cds_service.site import Site
from cds_service.switches.board import Switchboard
from cds_service.switches.discretion import OFF, Discretion
from cds_service.web.failures import FHIR_JSON
from cds_service.web.headers import CALLED_PATH

log = logging.getLogger("cds_service.trust")

OPEN = frozenset(
    {
        "/health/live",
        "/health/ready",
        "/metrics",  # has a token of its own
        "/schemas",
        "/schemas/<profile>/<name>",
        "/openapi.json",
        "/about",
        "/decision-table",
        "/fhir/ValueSet",
        "/fhir/ValueSet/<name>",
    }
)
"""Rules of routes that tell nothing of any patient or client. A route that is not here asks for a token."""

SANDBOX = "sandbox"


def add_admission(app: Flask, site: Site, settings: Settings) -> None:
    """Asks for a token before anything else happens. Raises SettingsError if the clients' file is wrong."""
    if settings.sandbox:
        return
    from cds_service.trust.gate import Gate

    gate = Gate(settings, site)

    @app.before_request
    def admit() -> None:
        if request.url_rule is not None and request.url_rule.rule in OPEN:
            return
        environ = request.environ
        authorization = environ.get("HTTP_AUTHORIZATION", "")
        several = bool(environ.get("wsgi.multiprocess"))
        g.caller = gate.admit(authorization, environ[CALLED_PATH], several_processes=several)
        g.client = g.caller.name

    app.register_error_handler(Unauthorized, _bare)


def caller_discretion(board: Switchboard, service_id: str) -> Discretion:
    """What must not be shown in this call: the stricter of what is switched for everybody, and for whoever calls."""
    here = board.of(service_id)
    return here.and_also(g.caller.discretion) if "caller" in g else here


def require_on(discretion: Discretion) -> None:
    """Raises Forbidden where all is switched off: never an empty list, which looks like "all clear"."""
    if discretion.mode == OFF:
        whom = " for this client" if "caller" in g and g.caller.discretion.mode == OFF else ""
        raise Forbidden(f"This service is switched off{whom}: nothing was assessed.")


def caller_name() -> str:
    """The client that calls, by the name that the site gave it; "sandbox" in sandbox mode, which knows nobody."""
    return g.caller.name if "caller" in g else SANDBOX


def caller_site(site: Site) -> Site:
    """The site on the terms of the client that calls; ``site`` itself in sandbox mode."""
    return g.caller.site if "caller" in g else site


def _bare(refused: Unauthorized) -> Response:
    """Always the same, byte for byte: it says neither which check failed nor that the issuer is known."""
    log.info("a call was refused: status=401 reason=%s", refused.reason)
    if meter := current_app.extensions["metrics"]:
        meter.refused("-", refused.status)
    body = operation_outcome(refused.issue_code, refused.messages)
    headers = {"WWW-Authenticate": "Bearer", "Cache-Control": "no-store"}
    return Response(body, refused.status, headers, content_type=FHIR_JSON)
