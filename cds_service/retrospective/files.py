"""Which files are read: those named, and in a folder every NDJSON file.

https://hl7.org/fhir/uv/bulkdata/export.html#bulk-data-output-file-organization
"""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from cds_service.codes.resource_types import RESOURCE_TYPES
from cds_service.errors import CdsError

ENDINGS = (".ndjson", ".ndjson.gz")
_WORDS = re.compile(r"[A-Za-z]+")


class NoExport(CdsError):  # noqa: N818  (named as a reader of the code would say it)
    """What was named cannot be read, or holds no export."""


class Files(NamedTuple):
    """The files of an export, in the order of their names; ``passed_over`` are others of its folders."""

    read: tuple[Path, ...]
    passed_over: tuple[Path, ...]


def find(places: Iterable[Path]) -> Files:
    """The files at ``places``, which are folders or files. Raises NoExport."""
    read: dict[Path, None] = {}
    passed_over: dict[Path, None] = {}
    for place in places:
        if not place.exists():
            raise NoExport(f"{place}: no such file or folder.")
        if not place.is_dir():
            read[place] = None
            continue
        for each in _files_below(place):
            (read if each.name.lower().endswith(ENDINGS) else passed_over)[each] = None
    if not read:
        raise NoExport("No file ends in .ndjson or .ndjson.gz there: name the folder that the export was saved to.")
    return Files(tuple(read), tuple(each for each in passed_over if each not in read))


def types_in_name(file: Path) -> frozenset[str]:
    """The types in a file's name: servers name a file after the one it holds ("3.Condition.ndjson"), also if empty."""
    return RESOURCE_TYPES.intersection(_WORDS.findall(file.name))


def _files_below(folder: Path) -> Iterator[Path]:
    def refuse(fault: OSError) -> None:
        raise NoExport(f"{fault.filename or folder}: {fault.strerror}.")

    # not Path.rglob: it passes over a folder that it may not read
    for place, _, names in os.walk(folder, onerror=refuse):
        yield from sorted(Path(place, name) for name in names)
