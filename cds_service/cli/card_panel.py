"""Cards on a terminal, as a clinician would read them: one panel a card.

A card comes from a server that may be anybody's: nothing in it is taken as terminal markup or control codes.
"""

import unicodedata
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from cds_service.ehr.held_back import held_back

# Colour and word, because colour alone is lost on a printout and on some eyes.
_INDICATORS = {"critical": ("red", "CRITICAL"), "warning": ("yellow", "WARNING"), "info": ("cyan", "INFO")}
_WIDTH = 110


def console(*, stderr: bool = False) -> Console:
    """A console no wider than text reads well."""
    found = Console(stderr=stderr, highlight=False, soft_wrap=False)
    return Console(stderr=stderr, highlight=False, width=min(found.width, _WIDTH))


def show_cards(out: Console, cards: list[Any]) -> None:
    """Prints every card that is a JSON object; says so where there is none."""
    if not cards:
        out.print(Text("No cards: the service has nothing to advise here.", style="green"))
    for card in cards:
        if isinstance(card, dict):
            out.print(panel(card))


def show_answer(out: Console, response: dict[str, Any]) -> None:
    """Prints the cards of an answer, and what the service says it kept back."""
    kept = held_back(response)
    if response["cards"] or not kept:
        show_cards(out, response["cards"])
    if kept:
        out.print(Text(clean(kept), style="bold yellow"))


def panel(card: dict[str, Any]) -> Panel:
    """One card: indicator, summary, detail, source, links, suggestions, override reasons."""
    colour, word = _INDICATORS.get(clean(card.get("indicator")), ("white", "NO INDICATOR"))
    parts: list[RenderableType] = [Text(clean(card.get("summary")) or "(no summary)", style="bold")]
    if detail := clean(card.get("detail")):
        parts += [Text(), Markdown(detail, hyperlinks=False)]
    for block in (_suggestions(card), _reasons(card), _origin(card)):
        if block:
            parts += [Text(), *block]
    return Panel(Group(*parts), title=Text(word, style=f"bold {colour}"), title_align="left", border_style=colour)


def clean(value: Any) -> str:
    """Text without control, bidirectional-override and surrogate characters; empty for anything but text."""
    if not isinstance(value, str):
        return ""
    return "".join(c for c in value if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))


def _suggestions(card: dict[str, Any]) -> list[RenderableType]:
    offered = objects(card, "suggestions")
    if not offered:
        return []
    how = "choose at most one" if card.get("selectionBehavior") == "at-most-one" else "choose any"
    lines: list[RenderableType] = [Text(f"Suggestions ({how}, or none):", style="bold")]
    for number, each in enumerate(offered, 1):
        recommended = " (recommended)" if each.get("isRecommended") is True else ""
        lines.append(Text(f"{number}. {clean(each.get('label'))}{recommended}"))
        lines += [Padding(Text(f"- {_action(action)}"), (0, 0, 0, 3)) for action in objects(each, "actions")]
    return lines


def _action(action: dict[str, Any]) -> str:
    resource = action.get("resource") if isinstance(action.get("resource"), dict) else {}
    named = "/".join(filter(None, (clean((resource or {}).get(key)) for key in ("resourceType", "id"))))
    target = clean(action.get("resourceId")) or named or "a resource"
    described = clean(action.get("description")) or "no description"
    return f"{described} ({clean(action.get('type')) or 'no type'}: {target})"


def _reasons(card: dict[str, Any]) -> list[RenderableType]:
    named = [clean(each.get("display")) or clean(each.get("code")) for each in objects(card, "overrideReasons")]
    return [Text("Reasons to override: " + " · ".join(filter(None, named)), style="dim")] if any(named) else []


def _origin(card: dict[str, Any]) -> list[RenderableType]:
    source = card.get("source") if isinstance(card.get("source"), dict) else {}
    named = [clean((source or {}).get(key)) for key in ("label", "url")]
    lines: list[RenderableType] = [Text("Source: " + " ".join(filter(None, named)), style="dim")] if any(named) else []
    for link in objects(card, "links"):
        app = " (opens an app)" if link.get("type") == "smart" else ""
        lines.append(Text(f"Link: {clean(link.get('label'))}{app} {clean(link.get('url'))}", style="dim"))
    return lines


def objects(holder: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """The JSON objects in a list attribute; whatever else is there is left out."""
    value = holder.get(key)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
