"""The lines of an NDJSON file, plain or compressed, a block at a time: an export may be larger than the memory.

https://github.com/ndjson/ndjson-spec: UTF-8, one JSON text a line, which may end in CR LF.
"""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from cds_service.retrospective.faults import Faults
from cds_service.retrospective.files import NoExport

BLOCK = 1 << 20
LONGEST_LINE = 16 << 20
"""A resource of more bytes is not read: it would be a document, or a file without line ends."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_GZIP = b"\x1f\x8b"
_WIDE = (b"\xff\xfe", b"\xfe\xff")
TOO_LONG = f"longer than {LONGEST_LINE >> 20} MiB"
NOT_UTF8 = "not UTF-8"
WIDE_TEXT = "UTF-16 or UTF-32 text, of which nothing is read"
BROKEN_GZIP = "the compressed file is broken: nothing after this line is read"


def blocks(file: Path, faults: Faults) -> Iterator[tuple[int, list[bytes]]]:
    """Lines in their order, with the number of the first. One that cannot be text is empty, and told to ``faults``.

    Raises NoExport if the file cannot be read at all.
    """
    number = 1
    try:
        with _opened(file) as stream:
            for text in _whole_lines(stream):
                if number == 1 and (text.startswith(_WIDE) or b"\0" in text[:4]):
                    faults.add(file, 0, WIDE_TEXT)
                    return
                lines = text.removeprefix(_BYTE_ORDER_MARK).split(b"\n") if number == 1 else text.split(b"\n")
                if not text.isascii():
                    _only_utf8(lines, number, file, faults)
                if len(text) > LONGEST_LINE:
                    _only_short(lines, number, file, faults)
                yield number, lines
                number += len(lines)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        faults.add(file, number, BROKEN_GZIP)
    except OSError as fault:
        raise NoExport(f"{file}: {fault.strerror}.") from None


@contextmanager
def _opened(file: Path) -> Iterator[IO[bytes]]:
    """By what the file begins with: servers and browsers leave out the ending, or unpack and keep it."""
    with file.open("rb") as stream:
        if stream.peek(2)[:2] == _GZIP:
            with gzip.open(stream) as unpacked:
                yield cast(IO[bytes], unpacked)
        else:
            yield stream


def _whole_lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Blocks that end where a line ends, without that end. Of a line that is too long, the beginning."""
    rest, too_long = b"", False
    while block := stream.read(BLOCK):
        head, end, tail = block.rpartition(b"\n")
        if not end:
            too_long = too_long or len(rest) > LONGEST_LINE
            rest = rest if too_long else rest + block
            continue
        if too_long:
            _, more, after = head.partition(b"\n")
            head = more + after
        yield rest + head
        rest, too_long = tail, False
    if rest:
        yield rest


def _only_utf8(lines: list[bytes], number: int, file: Path, faults: Faults) -> None:
    for place, line in enumerate(lines):
        if not line.isascii():
            try:
                line.decode()
            except UnicodeDecodeError:
                faults.add(file, number + place, NOT_UTF8)
                lines[place] = b""


def _only_short(lines: list[bytes], number: int, file: Path, faults: Faults) -> None:
    for place, line in enumerate(lines):
        if len(line) > LONGEST_LINE:
            faults.add(file, number + place, TOO_LONG)
            lines[place] = b""
