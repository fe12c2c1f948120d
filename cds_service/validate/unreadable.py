"""Why a text is no JSON, where, and in words that say what to mend."""

from json import JSONDecodeError

from cds_service.errors import CdsError

_SAID = {
    "Expecting ':' delimiter": "a colon is missing",
    "Expecting ',' delimiter": "a comma or a closing bracket is missing",
    "Unterminated string starting at": "the text that begins here never ends",
    "Invalid control character at": "a line break, tab or other control character stands inside a text",
    "Invalid \\escape": "this escape is none of JSON's",
    "Invalid \\uXXXX escape": "\\u needs four hexadecimal digits",
    "Extra data": "something follows after the end of the JSON value",
}


class Unreadable(CdsError):  # noqa: N818  named as a reader of the code would say it
    """The input is no JSON at all; ``line`` and ``column`` (from 1, in characters) say where reading ended."""

    status = 400
    issue_code = "invalid"

    def __init__(self, why: str, line: int = 1, column: int = 1, what: str = "This") -> None:
        self.line, self.column = line, column
        super().__init__(f"{what} is no readable JSON: {why} (line {line}, column {column}).")


def position(text: str, index: int) -> tuple[int, int]:
    """The line and the column of a character, from 1."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def unreadable(text: str, fault: JSONDecodeError, what: str) -> Unreadable:
    """Why ``text`` is no JSON, as people would say it."""
    index = fault.pos
    at = text[index : index + 1]
    before = text[:index].rstrip()[-1:]
    why = _SAID.get(fault.msg, "")
    if not text[index:].strip() and before:
        why = "it ends too early, as if cut short"
    elif not why or at in ("'", "/"):
        why = _unexpected(at, before)
    return Unreadable(why, *position(text, index), what=what)


def _unexpected(at: str, before: str) -> str:
    if at == "'":
        return "names and texts need double quotes"
    if at == "/":
        return "JSON has no comments"
    if at in ("}", "]", ",") and before == ",":
        return "a comma stands before nothing"
    if at == "\x00":
        return "a NUL character stands here"
    return "a value or a name in double quotes was expected here"
