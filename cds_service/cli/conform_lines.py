"""A conformance run on a terminal: one line a requirement, the id a link where the terminal can show one."""

from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.style import Style
from rich.text import Text

Json = dict[str, Any]

_STYLES = {"pass": "green", "fail": "bold red", "warning": "yellow", "hint": "cyan", "not tested": "dim"}
_MARKS = {"pass": "\u2713", "fail": "\u2717", "warning": "!", "hint": "\u00b7", "not tested": "\u2013"}
_PLAIN_MARKS = _MARKS | {"pass": "+", "fail": "x", "hint": ".", "not tested": "-"}
_GRAVE = ("fail", "warning", "hint")


def show(out: Console, document: Json) -> None:
    """Prints the document of a run."""
    target = document["target"]
    out.print(Text(f"{target['base']}  CDS Hooks {target['profile']}", style="bold"))
    services = ", ".join(f"{each['id']} ({each['hook']})" for each in document["services"])
    _print(out, Text(f"Services: {services or 'none found'}", style="dim"))
    for group in document["groups"]:
        out.print()
        out.print(Text(group["name"], style="bold"))
        for line in group["lines"]:
            _show_line(out, line)
    out.print()
    out.print(_summary(out, document))


def _show_line(out: Console, line: Json) -> None:
    outcome = line["outcome"]
    text = Text(style="dim" if outcome == "not tested" else "")
    text.append(f"{_mark(out, outcome)} ", style=_STYLES[outcome])
    text.append(line["title"], style=_STYLES[outcome] if outcome in _GRAVE else "")
    text.append("  ").append(line["requirement"], style=Style(dim=True, link=line["url"]))
    if line["reason"] and outcome not in _GRAVE:
        text.append(f"  {line['reason']}", style="dim")
    _print(out, text)
    if outcome in _GRAVE:
        _print(out, Text(line["reason"]), indent=4)
        _print(out, Text(f"{line['verb']}: {line['url']}", style="dim"), indent=4)


def _print(out: Console, text: Text, indent: int = 0) -> None:
    """Wrapped on a terminal; in a pipe a line stays a line, for grep."""
    if out.is_terminal:
        out.print(Padding(text, (0, 0, 0, indent), expand=False))
    else:
        out.print(Text(" " * indent) + text, soft_wrap=True)


def _summary(out: Console, document: Json) -> Text:
    parts = [
        Text(f"{_mark(out, outcome)} {number} {outcome}", style=_STYLES[outcome])
        for outcome, number in document["summary"].items()
    ]
    return Text("   ").join(parts).append(f"\n{document['calls']} calls in {document['seconds']} s", style="dim")


def _mark(out: Console, outcome: str) -> str:
    return (_MARKS if out.encoding.lower().startswith("utf") else _PLAIN_MARKS)[outcome]
