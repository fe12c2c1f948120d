"""The contract as documents: /schemas/, /schemas/PROFILE/NAME.json and /openapi.json. Made when first asked for."""

from collections.abc import Callable
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from flask import Flask, Response, request

from cds_service.contract.openapi import openapi
from cds_service.contract.schemas import documents
from cds_service.errors import UnknownService
from cds_service.hooks.response import encode
from cds_service.site import Site
from cds_service.web.examples import offers

JSON, JSON_SCHEMA = "application/json", "application/schema+json"
# They change with the version of the service only; an hour later a client asks, and is told that nothing changed.
_CACHED = "public, max-age=3600"


def add_document_routes(app: Flask, site: Site) -> None:
    """What tools and engineers read; open to everybody, as nothing in it comes from a patient."""

    @app.get("/schemas")
    def list_schemas() -> Response:
        return _document(_index, JSON)

    @app.get("/schemas/<profile>/<name>")
    def get_schema(profile: str, name: str) -> Response:
        path = f"{profile}/{name}"
        if path not in documents():
            raise UnknownService(f"There is no such schema. GET /schemas lists them: {', '.join(documents())}.")
        return _document(lambda: encode(documents()[path]), JSON_SCHEMA)

    @cache
    def described() -> bytes:
        return encode(openapi(offers(site), _version()))

    @app.get("/openapi.json")
    def get_openapi() -> Response:
        return _document(described, JSON)


def _document(body: Callable[[], bytes], mimetype: str) -> Response:
    response = Response(body(), mimetype=mimetype, headers=[("Cache-Control", _CACHED)])
    response.add_etag()
    response.make_conditional(request)
    return response


@cache
def _index() -> bytes:
    listed = []
    for path, document in documents().items():
        profile, _, name = path.partition("/")
        about = {"title": document["title"], "description": document["description"]}
        listed.append({"profile": profile, "name": name, **about, "url": f"/schemas/{path}"})
    return encode({"schemas": listed})


def _version() -> str:
    try:
        return version("anakinra-cds")
    except PackageNotFoundError:
        return "unknown"
