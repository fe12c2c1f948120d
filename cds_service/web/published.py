"""What the service knows, read-only and open: /about, /decision-table, /fhir/ValueSet. No patient is in any of it."""

from functools import cache
from html import escape

from flask import Flask, Response, request

from cds_service.errors import UnknownService
from cds_service.hooks.response import encode
from cds_service.published.about import about
from cds_service.published.decision_table import decision_table
from cds_service.published.value_sets import value_sets
from cds_service.site import Site
from cds_service.web.failures import FHIR_JSON

_HTML = "text/html; charset=utf-8"
# A page without script or style of its own: tables as the browser draws them.
_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"


def add_published_routes(app: Flask, site: Site) -> None:
    """Adds the routes; everything is made when first asked for and kept."""

    @cache
    def sets() -> dict[str, bytes]:
        return {name: encode(each) for name, each in value_sets(site.library).items()}

    @app.get("/about")
    def tell_about() -> Response:
        return Response(encode(about(site.library, site.profile.name)), mimetype="application/json")

    @app.get("/decision-table")
    def show_decision_table() -> Response:
        markdown = decision_table(site.library)
        if request.accept_mimetypes.best_match(["text/html", "text/markdown"]) == "text/markdown":
            return Response(markdown, content_type="text/markdown; charset=utf-8")
        return Response(_page("Decision table", markdown), content_type=_HTML, headers=_page_headers())

    @app.get("/fhir/ValueSet")
    def list_value_sets() -> Response:
        entries = [
            {"fullUrl": each["url"], "resource": each, "search": {"mode": "match"}}
            for each in value_sets(site.library).values()
        ]
        bundle = {"resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": entries}
        return Response(encode(bundle), mimetype=FHIR_JSON)

    @app.get("/fhir/ValueSet/<name>")
    def read_value_set(name: str) -> Response:
        found = sets().get(name)
        if found is None:
            raise UnknownService(f"There is no such ValueSet. GET /fhir/ValueSet lists them: {', '.join(sets())}.")
        return Response(found, mimetype=FHIR_JSON)


def _page(title: str, markdown: str) -> str:
    """A plain page of our own Markdown; raw HTML in it would be shown, not rendered."""
    from markdown_it import MarkdownIt

    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(markdown)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"></head>'
        f"<body><main>{body}</main></body></html>"
    )


def _page_headers() -> dict[str, str]:
    return {"Content-Security-Policy": _POLICY, "Referrer-Policy": "no-referrer"}
