"""What the service is measured against, as plain as it can be. Each is a WSGI application for gunicorn."""

from typing import Any

from flask import Flask, jsonify, request

from cds_service.codes.prefetch_keys import PATIENT
from cds_service.fhir.pages import read_page
from cds_service.hooks.request import parse

CARD: dict[str, Any] = {
    "cards": [
        {
            "summary": "ANC 0.96 on anakinra: consider holding.",
            "indicator": "warning",
            "source": {"label": "fixed card"},
            "detail": "A fixed card, the same for every request. " * 30,
        }
    ]
}


def unparsed() -> Flask:
    """A bare Flask route that takes the body from the socket and leaves it unparsed: the floor."""
    app = Flask("unparsed")

    @app.post("/call")
    def call() -> dict[str, Any]:
        request.get_data(cache=False)
        return CARD

    return app


def parsed() -> Flask:
    """A Flask route that parses the body with get_json and returns a fixed card: the yardstick of goal a."""
    app = Flask("parsed")

    @app.post("/call")
    def call() -> Any:
        request.get_json()
        return jsonify(CARD)

    return app


def typed() -> Flask:
    """This service's own typed reading of the body and nothing after it: the least that its design can take."""
    app = Flask("typed")

    @app.post("/call")
    def call() -> dict[str, Any]:
        sent = parse(request.get_data(cache=False), hook="patient-view").prefetch
        for key, value in sent.items():
            if key != PATIENT:
                read_page(value, key, sent_by_client=True)
        return CARD

    return app
