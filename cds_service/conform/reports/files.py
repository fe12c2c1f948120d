"""Which file is which report: by its extension."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cds_service.ehr.problems import CannotStart

Json = dict[str, Any]


def _html(document: Json) -> str:
    from cds_service.conform.reports.html import html

    return html(document)


def _junit(document: Json) -> str:
    from cds_service.conform.reports.junit import junit

    return junit(document)


def _json(document: Json) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


KINDS: dict[str, Callable[[Json], str]] = {".html": _html, ".json": _json, ".xml": _junit}


def check(files: tuple[Path, ...]) -> None:
    """CannotStart names the file whose kind is unknown or whose folder is not there: before the run, not after."""
    for file in files:
        if file.suffix.lower() not in KINDS:
            raise CannotStart(f"--report {file}: name a file that ends in {', '.join(KINDS)}.")
        if not file.parent.is_dir() or file.is_dir():
            raise CannotStart(f"--report {file}: there is no folder {file.parent} to write it to.")


def write(document: Json, files: tuple[Path, ...]) -> None:
    """Writes every report; CannotStart names the file that cannot be written."""
    for file in files:
        try:
            file.write_text(KINDS[file.suffix.lower()](document), "utf-8")
        except OSError as fault:
            raise CannotStart(f"--report {file}: {fault.strerror}.") from None
