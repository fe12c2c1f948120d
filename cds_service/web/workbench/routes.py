"""The workbench's addresses: the page at ``/``, its files, and one endpoint for each thing it does.

An endpoint is a module of its own with ``Asked`` (the JSON body it reads) and ``answer(asked, here)`` (the JSON
object it gives), imported when it is first asked for: the hook path stays light.
"""

import json
from collections.abc import Callable
from importlib import import_module

from flask import Blueprint, Flask, Response, render_template, request

from cds_service.settings import Settings
from cds_service.site import Site
from cds_service.web.rate import limit_rate
from cds_service.web.workbench.asked import read_asked
from cds_service.web.workbench.guard import require_same_page, require_this_machine
from cds_service.web.workbench.headers import add_headers
from cds_service.web.workbench.here import Here

ENDPOINTS = ("patients", "services", "story", "fire", "feedback", "timeline", "validate", "preview")


def add_workbench(app: Flask, settings: Settings, site: Site) -> None:
    """Registers the workbench on ``app``, in sandbox mode only: production has no page at ``/``."""
    if not settings.sandbox:
        return
    bench = Blueprint(
        "workbench", __name__, template_folder="templates", static_folder="static", static_url_path="/workbench/static"
    )
    bench.before_request(lambda: require_this_machine(request.environ))
    bench.after_request(add_headers)

    @bench.get("/")
    def page() -> str:
        from cds_service.web.workbench.page import words

        return render_template("workbench/page.html", **words(_here(settings, site)))

    @bench.get("/workbench/timeline.css")
    def timeline_colours() -> Response:
        from cds_service.web.workbench.timeline import colours

        return Response(colours(), mimetype="text/css")

    for name in ENDPOINTS:
        bench.add_url_rule(f"/workbench/{name}", name, _endpoint(name, settings, site), methods=["POST"])
    app.register_blueprint(bench)


def _endpoint(name: str, settings: Settings, site: Site) -> Callable[[], Response]:
    def run() -> Response:
        require_same_page(request.headers)
        limit_rate()
        work = import_module(f"{__package__}.{name}")
        asked = read_asked(request.environ, work.Asked, settings.max_body_bytes)
        # Escaped to ASCII: what somebody else's server said may hold half of a surrogate pair.
        return Response(json.dumps(work.answer(asked, _here(settings, site))), mimetype="application/json")

    return run


def _here(settings: Settings, site: Site) -> Here:
    environ = request.environ
    return Here(
        settings, site, request.host_url.rstrip("/"), environ["wsgi.multithread"] or environ["wsgi.multiprocess"]
    )
