"""Reading one content file: TOML with Decimal numbers, typed by msgspec; a complaint is one line with file and fix.

TOML: https://toml.io/en/v1.0.0
"""

import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import msgspec

from cds_service.errors import ContentError

HELP = "see docs/card-format.md"
_AT_LINE = re.compile(r" \(at line (\d+), column \d+\)$")
_WORDS = (
    ("Object contains unknown field", "unknown entry"),
    ("Object missing required field", "missing entry"),
)
_T = TypeVar("_T")


class TomlFile(NamedTuple):
    """One content file: its path as the reader of a message knows it, its text and its parsed tables."""

    name: str
    text: str
    tables: dict[str, Any]

    def line_of(self, words: str) -> int | None:
        """The first line that holds ``words``, counted from 1; None where the text was broken over lines or escaped."""
        return next((number for number, line in enumerate(self.text.splitlines(), 1) if words and words in line), None)

    def error(self, what: str, *, near: str = "") -> ContentError:
        """A complaint about this file; ``near`` is some of its text, to name the line."""
        line = self.line_of(near)
        place = self.name if line is None else f"{self.name}:{line}"
        return ContentError(f"{place}: {what}")

    def convert(self, to: type[_T], tables: object = None, *, at: str = "") -> _T:
        """The tables as ``to``. Raises ContentError for a missing, unknown or ill-typed entry."""
        try:
            return msgspec.convert(self.tables if tables is None else tables, to, strict=True)
        except msgspec.ValidationError as error:
            where = f"[{at}] " if at else ""
            near = f"[{at}]" if at else ""
            raise self.error(f"{where}{_plain(str(error))}; {HELP}", near=near) from None


def read_toml(path: Path, folder: Path) -> TomlFile:
    """Read ``path``, named in messages relative to the cards folder's parent (``cards/x.toml``).

    Raises ContentError where the file is missing or unreadable, is no UTF-8 or is no TOML.
    """
    name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
    try:
        text = path.read_bytes().decode("utf-8")
        return TomlFile(name, text, tomllib.loads(text, parse_float=Decimal))
    except OSError as error:
        raise ContentError(f"{name}: cannot be read ({error.strerror}); restore the file") from None
    except UnicodeDecodeError:
        raise ContentError(f"{name}: not UTF-8 text; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        words = str(error)
        line = _AT_LINE.search(words)
        place = f"{name}:{line[1]}" if line else name
        raise ContentError(f"{place}: not valid TOML ({_AT_LINE.sub('', words)}); {HELP}") from None


def _plain(message: str) -> str:
    """A msgspec message in the words of the file: "entry" for "field", and the place first."""
    what, _, place = message.partition(" - at `")
    place = place.rstrip("`").removeprefix("$").lstrip(".").removeprefix("[...]")
    for theirs, ours in _WORDS:
        what = what.replace(theirs, ours)
    return f"{place}: {what}" if place else what
