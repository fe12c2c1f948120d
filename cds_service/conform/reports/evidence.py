"""What was sent and what came back, shortened, without secrets, fit for a terminal, a page and an XML file."""

import json
import re
import unicodedata
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from cds_service.conform.exchange import Exchange, read_json

LONGEST = 4000
HIDDEN = "[hidden]"
_JWT = re.compile(r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]*")
_LONGEST_TEXT = 300
_LONGEST_LIST = 2
_DEEPEST = 30
_NOT_IN_XML = {"\ufffe", "\uffff"}


def hider(*secrets: str) -> Callable[[str], str]:
    """A function that takes the secrets out of a text, in whatever way a server may have repeated them.

    Signed tokens among them: each call has its own, and one that was refused may be good for some minutes more.
    """
    forms = {form for each in secrets if each for form in (each, quote(each, safe=""), json.dumps(each)[1:-1])}
    ordered = sorted(forms, key=len, reverse=True)

    def hide(text: str) -> str:
        for each in ordered:
            text = text.replace(each, HIDDEN)
        return _JWT.sub(HIDDEN, text)

    return hide


def presentable(text: str) -> str:
    """Text without what no terminal, page or XML file can show: control, override and surrogate characters."""
    return "".join(c if _shows(c) else "\ufffd" for c in text)


def shown(exchange: Exchange, hide: Callable[[str], str]) -> dict[str, Any]:
    """One exchange of the document."""
    request = {
        "method": exchange.method,
        "url": exchange.url,
        "headers": dict(exchange.sent_headers),
        "body": body_text(exchange.sent, hide),
    }
    answer = {
        "status": exchange.status,
        "headers": dict(exchange.headers),
        "body": body_text(exchange.body, hide),
        "fault": exchange.fault,
        "milliseconds": round(exchange.seconds * 1000),
    }
    return {"request": request, "response": answer}


def body_text(body: bytes, hide: Callable[[str], str]) -> str:
    """A body to read: JSON laid out with its long lists and texts cut short, anything else as it is, up to a limit."""
    if not body:
        return ""
    value = read_json(body)
    if value is None:
        return _cut(hide(body[: 2 * LONGEST].decode("utf-8", "replace")), len(body), LONGEST // 10)
    return _cut(json.dumps(_short(value, hide), indent=2, ensure_ascii=False), len(body), LONGEST)


def _short(value: Any, hide: Callable[[str], str], depth: int = 0) -> Any:
    # Hidden before it is cut: half a token is still a secret.
    if isinstance(value, str):
        text = hide(value)
        return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]} ... ({len(text)} characters)"
    if isinstance(value, dict):
        if depth > _DEEPEST:
            return "..."
        return {hide(key): _short(each, hide, depth + 1) for key, each in value.items()}
    if isinstance(value, list):
        if depth > _DEEPEST:
            return "..."
        kept = [_short(each, hide, depth + 1) for each in value[:_LONGEST_LIST]]
        return kept + ([f"... and {len(value) - len(kept)} more"] if len(value) > len(kept) else [])
    return value


def _cut(text: str, size: int, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}\n... (shortened; {size} bytes)"


def _shows(character: str) -> bool:
    return character in "\n\t" or (
        unicodedata.category(character) not in ("Cc", "Cf", "Cs") and character not in _NOT_IN_XML
    )
