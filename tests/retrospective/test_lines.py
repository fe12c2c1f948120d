"""What is a line, and what is told of a file that is no NDJSON."""

import gzip
from pathlib import Path

import pytest

from cds_service.retrospective import lines
from cds_service.retrospective.faults import Faults
from cds_service.retrospective.files import NoExport
from cds_service.retrospective.lines import blocks


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "Observation.ndjson"


def read(file: Path) -> tuple[list[tuple[int, bytes]], list[str]]:
    """The lines that are not blank, with their numbers, and the faults."""
    faults = Faults()
    found = [
        (block.first + place, line)
        for block in blocks(file, faults)
        for place, line in enumerate(block.lines())
        if line.strip()
    ]
    return found, [str(each).removeprefix(f"{file.parent}/") for each in faults.named]


TABLE = [
    (b"", [], [], "an empty file"),
    (b"\n\n", [], [], "blank lines"),
    (b"{}", [(1, b"{}")], [], "no end of the last line"),
    (b'{"a":1}\n{"b":2}\n', [(1, b'{"a":1}'), (2, b'{"b":2}')], [], "two lines"),
    (b"{}\n\n \n{}\n", [(1, b"{}"), (4, b"{}")], [], "blank ones in between count as lines"),
    (b"{}\r\n{}\r\n", [(1, b"{}\r"), (2, b"{}\r")], [], "CR LF, which is white space to JSON"),
    (b"\xef\xbb\xbf{}\n", [(1, b"{}")], [], "a byte order mark"),
    ('{"a":"é"}'.encode(), [(1, '{"a":"é"}'.encode())], [], "not only ASCII"),
    (b'{"a":"\xe9"}\n{}\n', [(2, b"{}")], ["Observation.ndjson, line 1: not UTF-8"], "Latin-1"),
    ("{}\n".encode("utf-16"), [], [f"Observation.ndjson: {lines.WIDE_TEXT}"], "UTF-16"),
    ("{}\n".encode("utf-32-be"), [], [f"Observation.ndjson: {lines.WIDE_TEXT}"], "UTF-32"),
]


@pytest.mark.parametrize(("content", "found", "faults", "what"), TABLE, ids=[row[3] for row in TABLE])
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_lines(
    content: bytes, found: list[tuple[int, bytes]], faults: list[str], what: str, packed: bool, file: Path
) -> None:
    file.write_bytes(gzip.compress(content) if packed else content)
    assert read(file) == (found, faults)


@pytest.mark.parametrize("at_once", [1, 2, 3, 7, 64])
def test_however_much_is_read_at_once(at_once: int, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "_AT_ONCE", at_once)
    written = [b'{"a":%d}' % number for number in range(40)]
    file.write_bytes(b"\n".join(written) + b"\n")
    assert read(file) == (list(enumerate(written, 1)), [])


def test_a_compressed_file_that_was_cut(file: Path) -> None:
    content = b"".join(b'{"id":"%d"}\n' % number for number in range(100_000))
    file.write_bytes(gzip.compress(content)[:-9_000])
    found, faults = read(file)
    assert len(found) > 1_000
    (fault,) = faults
    assert fault.endswith(lines.BROKEN_GZIP)


def test_a_compressed_file_that_is_damaged(file: Path) -> None:
    content = bytearray(gzip.compress(b'{"a":1}\n'))
    content[-6] ^= 0xFF
    file.write_bytes(content)
    assert read(file)[1] == [f"Observation.ndjson, line 1: {lines.BROKEN_GZIP}"]


def test_a_line_without_an_end_is_not_taken_into_memory(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "_AT_ONCE", 100)
    monkeypatch.setattr(lines, "LONGEST_LINE", 1_000)
    file.write_bytes(b"{}\n" + b"x" * 1_200 + b"\n{}\n")
    assert read(file) == ([(1, b"{}")], [f"Observation.ndjson, line 2: {lines.TOO_LONG}"])


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(NoExport, match="No such file"):
        list(blocks(tmp_path / "Patient.ndjson", Faults()))
