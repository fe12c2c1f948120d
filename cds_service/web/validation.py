"""POST /validate: the validator over HTTP, in sandbox mode only.

The body is the payload as it is. To send the request beside a response, both go as ``multipart/form-data``, in the
parts ``payload`` and ``request``, so that each stays byte for byte what it was: lines and columns are of its own text.
"""

from io import BytesIO

from flask import Flask, Response, request
from werkzeug.formparser import FormDataParser

from cds_service.contract.schemas import PROFILES
from cds_service.errors import BadRequest
from cds_service.settings import Settings
from cds_service.validate.kinds import AUTO, KINDS
from cds_service.web.body import read_body
from cds_service.web.called import admit

_MULTIPART = "multipart/form-data"
MOST_PARTS = 10
"""Two have a meaning; more than a few are only work."""


def add_validate_route(app: Flask, settings: Settings) -> None:
    """Adds POST /validate where the settings have a sandbox, for whoever may call it."""
    if not settings.sandbox:
        return

    @app.post("/validate")
    def validate_payload() -> Response:
        from cds_service.validate import validate

        admit(settings)
        kind = _choice("kind", (AUTO, *KINDS))
        profile = _choice("profile", PROFILES)
        payload, asked = _parts(read_body(request.environ, settings.max_body_bytes))
        report = validate(payload, kind, request=asked, profile=profile)
        return Response(report.as_json(), headers=[("Cache-Control", "no-store")], mimetype="application/json")


def _choice(name: str, known: tuple[str, ...]) -> str:
    """One of the query's parameters; the first of ``known`` if it is not there."""
    given = request.args.get(name, known[0])
    if given not in known:
        raise BadRequest(f"{name} is not known: send one of {', '.join(known)}.")
    return given


def _parts(body: bytes) -> tuple[bytes, bytes | None]:
    """The payload, and the request if it came with one."""
    if request.mimetype != _MULTIPART:
        return body, None
    try:
        _, form, files = FormDataParser(silent=False, max_form_parts=MOST_PARTS).parse(
            BytesIO(body), request.mimetype, len(body), request.mimetype_params
        )
    except ValueError:
        raise BadRequest(
            "The form cannot be read: send multipart/form-data with the parts payload and request."
        ) from None
    parts = {name: text.encode() for name, text in form.items()} | {name: file.read() for name, file in files.items()}
    if "payload" not in parts:
        raise BadRequest("The form has no part payload: send what is to be validated in it.")
    return parts["payload"], parts.get("request")
