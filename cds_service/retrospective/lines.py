"""The text of an NDJSON file, plain or compressed, some lines at a time: an export may be larger than the memory.

https://github.com/ndjson/ndjson-spec: UTF-8, one JSON text a line, which may end in CR LF.
"""

import gzip
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from cds_service.retrospective.faults import Faults
from cds_service.retrospective.files import NoExport

LONGEST_LINE = 256 << 20
"""Bytes of a line that is read: a document with its scans may be as long, a file without line ends is longer."""

_AT_ONCE = 1 << 17
"""Bytes: few enough to be in the processor's cache still when they are looked at."""
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_GZIP = b"\x1f\x8b"
_WIDE = (b"\xff\xfe", b"\xfe\xff")
TOO_LONG = f"a line longer than {LONGEST_LINE >> 20} MiB: nothing from here on is read"
NOT_UTF8 = "not UTF-8"
WIDE_TEXT = "UTF-16 or UTF-32 text, of which nothing is read"
BROKEN_GZIP = "the compressed file is broken: nothing from here on is read"


class Block(NamedTuple):
    """Whole lines: their text without the last one's end, where each ends, and the number of the first."""

    text: bytes
    ends: list[int]
    first: int

    def line(self, place: int) -> bytes:
        """The line at that place, from 0."""
        return self.text[self.ends[place - 1] + 1 if place else 0 : self.ends[place]]

    def lines(self) -> Iterator[bytes]:
        return map(self.line, range(len(self.ends)))


def blocks(file: Path, faults: Faults) -> Iterator[Block]:
    """All lines of a file. What cannot be text is told to ``faults``, and blank here.

    Raises NoExport if the file cannot be read at all.
    """
    number = 1
    try:
        with _opened(file) as stream:
            for text in _whole_lines(stream):
                if number == 1:
                    if text.startswith(_WIDE) or b"\0" in text[:4]:
                        faults.add(file, 0, WIDE_TEXT)
                        return
                    text = text.removeprefix(_BYTE_ORDER_MARK)
                block = Block(text, _ends(text), number)
                yield block if text.isascii() else _only_utf8(block, file, faults)
                number += len(block.ends)
    except _TooLongError:
        faults.add(file, number, TOO_LONG)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        faults.add(file, number, BROKEN_GZIP)
    except OSError as fault:
        raise NoExport(f"{file}: {fault.strerror}.") from None


def lines_of(files: Iterable[Path]) -> Iterator[bytes]:
    """Each line that is not blank; faults are told when the files are read for good."""
    return (line for file in files for block in blocks(file, Faults()) for line in block.lines() if line.strip())


class _TooLongError(Exception):
    """Ends the reading of a file."""


@contextmanager
def _opened(file: Path) -> Iterator[IO[bytes]]:
    """By what the file begins with: servers and browsers leave out the ending, or unpack and keep it."""
    with file.open("rb") as stream:
        if stream.peek(2)[:2] == _GZIP:
            with gzip.open(stream) as unpacked:
                yield unpacked  # type: ignore[misc]
        else:
            yield stream


def _whole_lines(stream: IO[bytes]) -> Iterator[bytes]:
    begun: list[bytes | memoryview] = []
    length = 0
    while read := stream.read(_AT_ONCE):
        block, end = memoryview(read), read.rfind(b"\n")
        if end >= 0:
            yield b"".join((*begun, block[:end]))
            begun, length = [], 0
        begun.append(block[end + 1 :])
        length += len(begun[-1])
        if length > LONGEST_LINE:
            raise _TooLongError
    if length:
        yield b"".join(begun)


def _ends(text: bytes) -> list[int]:
    """Where the lines end. Asked for one by one: bytes.count and bytes.split look at every byte by itself."""
    ends, find = [], text.find
    at = find(b"\n")
    while at >= 0:
        ends.append(at)
        at = find(b"\n", at + 1)
    return [*ends, len(text)]


def _only_utf8(block: Block, file: Path, faults: Faults) -> Block:
    """The same lines, without those that are none."""
    lines = list(block.lines())
    for place, line in enumerate(lines):
        try:
            line.decode()
        except UnicodeDecodeError:
            faults.add(file, block.first + place, NOT_UTF8)
            lines[place] = b""
    text = b"\n".join(lines)
    return Block(text, _ends(text), block.first)
