"""A run as one HTML file: nothing to load, no script, light and dark, evidence to unfold."""

from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined

MARKS = {"pass": "\u2713", "fail": "\u2717", "warning": "!", "hint": "\u00b7", "not tested": "\u2013"}


def html(document: dict[str, Any]) -> str:
    """The page. Everything foreign is escaped by the template engine."""
    template = (files(__package__) / "report.html.jinja").read_text("utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(template).render(run=document, marks=MARKS)
