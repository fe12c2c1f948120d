"""POST /causality: what the record says of cause, for a reviewer.

In production under the terms of the client that calls: its FHIR servers, its profile, its deadline. The patient is
named in the body and never in the URL, which ends up in logs.
"""

from datetime import UTC, datetime
from secrets import token_hex

import msgspec
from flask import Flask, Response, current_app, g, request

from cds_service.audit.account import Call
from cds_service.audit.clerk import Clerk
from cds_service.audit.review import CAUSALITY
from cds_service.causality.report import report
from cds_service.errors import BadRequest
from cds_service.hooks.context import bare_id
from cds_service.hooks.json_text import utf8
from cds_service.hooks.response import encode
from cds_service.patient import PATIENCE_MS, Whereabouts, read_patient
from cds_service.settings import Settings
from cds_service.site import Site
from cds_service.switches.discretion import ACTIVE, OFF, Mode
from cds_service.web import call_log
from cds_service.web.admission import caller_discretion, caller_name, caller_site, require_on
from cds_service.web.body import read_body
from cds_service.web.called import begin, milliseconds
from cds_service.web.headers import CORRELATION
from cds_service.web.metrics import Meter

_LONGEST_BODY = 64 * 1024
_REVIEWED = "anakinra-neutropenia-view"
"""Whoever switches off what is said when a chart opens switches this off, too."""


class _Authorization(msgspec.Struct):
    access_token: str = ""


class _Asked(msgspec.Struct, rename="camel"):
    patient_id: str
    fhir_server: str
    fhir_authorization: _Authorization | None = None


def add_causality_route(app: Flask, site: Site, settings: Settings, clerk: Clerk, meter: Meter | None) -> None:
    """Adds the route."""

    @app.post("/causality")
    def propose_causality() -> Response:
        begin(settings)
        g.service = CAUSALITY.id
        own, discretion = caller_site(site), caller_discretion(current_app.extensions["board"], _REVIEWED)
        # In silent mode, too, whoever asks is answered.
        mode: Mode = OFF if discretion.mode == OFF else ACTIVE
        call = g.call = Call(CAUSALITY, datetime.now(UTC), own.profile.name, client=caller_name(), mode=mode)
        require_on(discretion)
        asked = _read(utf8(read_body(request.environ, _LONGEST_BODY)))
        token = asked.fhir_authorization.access_token if asked.fhir_authorization else ""
        at = Whereabouts(asked.fhir_server, asked.patient_id, token)
        call = g.call = call._replace(patient=bare_id(at.id, "patientId"))
        limit = PATIENCE_MS if settings.sandbox else own.terms.deadline_ms
        patient = read_patient(own, at, call.at, milliseconds=limit)
        found = report(patient)
        call = call.ended(milliseconds(), token_hex(8))
        clerk.reviewed(call, patient, found)
        if meter:
            meter.reviewed()
        call_log.log_answer(call, ())
        headers = {"Cache-Control": "no-store", CORRELATION: call.correlation_id}
        return Response(encode(found), mimetype="application/json", headers=headers)


def _read(body: bytes) -> _Asked:
    try:
        return msgspec.json.decode(body, type=_Asked)
    except (msgspec.DecodeError, RecursionError):
        raise BadRequest(
            'The body is not {"patientId": "...", "fhirServer": "https://..."}: send both as strings, '
            'and fhirAuthorization {"access_token": "..."} where the server asks for a token.'
        ) from None
