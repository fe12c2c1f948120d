"""The drawing and its table as one HTML page that asks for nothing: no script, no font, no other file."""

import base64
import hashlib
from collections.abc import Iterable
from html import escape

from cds_service.timeline.markup import safe
from cds_service.timeline.palette import DARK, LIGHT, style_sheet
from cds_service.timeline.table import HEADINGS, Row

_STYLE = """
body { margin: 1.5rem auto; max-width: 62rem; padding: 0 1rem; font: 15px/1.45 system-ui, sans-serif;
  color: #1b2733; background: #fff }
svg { max-width: 100%; height: auto }
.tl-mark:focus { outline: 2px solid currentColor; outline-offset: 2px }
table { border-collapse: collapse; font-size: 0.87rem; width: 100% }
caption { text-align: left; font-weight: 600; padding: 0.5rem 0 }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.6rem 0.3rem 0; border-bottom: 1px solid #cfd6dc }
"""
_DARK_STYLE = """body { color: #e8edf2; background: #14191f }
th, td { border-color: #3a4550 }
"""


def page_of(title: str, svg: str, rows: Iterable[Row], theme: str = "") -> str:
    """The page; ``theme`` "light" or "dark", "" follows the reader's system. ``svg`` must be drawn in the light theme
    where the system decides.
    """
    style = _STYLE
    if theme == DARK:
        style += _DARK_STYLE
    elif theme != LIGHT:
        style += f"@media (prefers-color-scheme: dark) {{\n{_DARK_STYLE}{style_sheet(DARK)}\n}}\n"
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{safe(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n{svg}\n"
        f"{table_of(rows)}\n</main>\n</body>\n</html>\n"
    )


def table_of(rows: Iterable[Row]) -> str:
    """The rows as an HTML table."""
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in HEADINGS)
    body = "\n".join("<tr>" + "".join(f"<td>{safe(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    caption = "<caption>The same facts as a table</caption>"
    return f"<table>\n{caption}\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"
