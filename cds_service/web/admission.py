"""Who calls: in production every address asks for a client's token, except those that are listed as open.

What a client may is on ``flask.g``: ``g.client``, its name, and ``g.caller``, the ``Client``. In sandbox mode neither
is there.
"""

import logging

import msgspec
from flask import Flask, Response, current_app, g, request

from cds_service.audit.account import ACTIVE, SILENT
from cds_service.codes.systems import EXTENSION
from cds_service.errors import Unauthorized
from cds_service.hooks.response import encode, operation_outcome
from cds_service.settings import Settings
from cds_service.site import Site
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


def require_on() -> None:
    """Raises Forbidden where the client that calls is switched off."""
    if "caller" in g:
        from cds_service.trust.roster import require_on

        require_on(g.caller)


def caller_name() -> str:
    """The client that calls, by the name that the site gave it; "sandbox" in sandbox mode, which knows nobody."""
    return g.caller.name if "caller" in g else SANDBOX


def caller_mode() -> str:
    """The mode of the client that calls."""
    return g.caller.mode if "caller" in g else ACTIVE


def caller_site(site: Site) -> Site:
    """The site on the terms of the client that calls; ``site`` itself in sandbox mode."""
    return g.caller.site if "caller" in g else site


def after_answer(body: bytes) -> bytes:
    """What leaves, of what was answered: to a silent client no card, whatever was found, and that it is silent.

    Whoever keeps a record of the call takes ``body``; whoever keeps what was shown takes what is given back.
    """
    return silenced(body) if "caller" in g and g.caller.mode == SILENT else body


class _Answered(msgspec.Struct):
    extension: dict[str, dict[str, msgspec.Raw]] = {}


def silenced(body: bytes) -> bytes:
    """The answer without its cards; the trace stays, where there is one."""
    trace = msgspec.json.decode(body, type=_Answered).extension.get(EXTENSION, {})
    return encode({"cards": [], "extension": {EXTENSION: {**trace, "mode": SILENT}}})


def _bare(refused: Unauthorized) -> Response:
    """Always the same, byte for byte: it says neither which check failed nor that the issuer is known."""
    log.info("a call was refused: status=401 reason=%s", refused.reason)
    if meter := current_app.extensions["metrics"]:
        meter.refused("-", refused.status)
    body = operation_outcome(refused.issue_code, refused.messages)
    headers = {"WWW-Authenticate": "Bearer", "Cache-Control": "no-store"}
    return Response(body, refused.status, headers, content_type=FHIR_JSON)
