"""The switches' file (``CDS_SWITCHES``, docs/switches.md): a line for each switch that is not active.

``all = "off"``, ``anakinra-neutropenia-sign = "silent"``, ``hold-anakinra = "off"``: everything, a service, a code.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cds_service.errors import SettingsError
from cds_service.hooks.services import SERVICES
from cds_service.switches.discretion import ACTIVE, MODES, Mode
from cds_service.switches.known import advice_codes, wrong_name
from cds_service.switches.toml_document import read_document

EVERY_SERVICE = "all"
NONE_SUCH = "neither all, nor a service or an advice code"
_HEAD = "# Written by cds-service switch (docs/switches.md); read again within a second, no restart.\n"


def switchable() -> tuple[str, ...]:
    """Every name that a line may begin with: all, the services, the advice codes."""
    return (EVERY_SERVICE, *SERVICES, *advice_codes())


def read_switches(path: Path) -> Mapping[str, Mode]:
    """Each switch of the file. Raises SettingsError with one line for each fault, each with its fix."""
    if not path.exists():
        raise SettingsError(f"{path.name}: there is no such file: `cds-service switch all active` makes it")
    document = read_document(path, "CDS_SWITCHES", "docs/switches.md")
    if faults := [f"{path.name}: {fault}" for fault in _faults(document)]:
        raise SettingsError(*faults)
    return document


def write_switches(path: Path, switches: Mapping[str, Mode]) -> None:
    """The file anew, in one step: nobody reads half of it. Owner and mode stay, so that the service can still read it.

    Raises SettingsError if it cannot be written.
    """
    lines = [f'{name} = "{mode}"\n' for name, mode in switches.items() if mode != ACTIVE]
    fresh = path.with_name(f"{path.name}.new")
    try:
        fresh.write_text(_HEAD + "".join(lines), encoding="utf-8")
        if path.exists():
            former = path.stat()
            os.chown(fresh, former.st_uid, former.st_gid)
            os.chmod(fresh, former.st_mode)
        os.replace(fresh, path)
    except OSError as error:
        raise SettingsError(f"{path}: cannot be written ({error.strerror}): run as its owner") from None


def _faults(document: Mapping[str, Any]) -> Iterator[str]:
    for name, mode in document.items():
        if fault := wrong_name(name, switchable(), NONE_SUCH):
            yield fault
        elif mode not in MODES:
            yield f'{name} is not as it should be: write "active", "silent" or "off"'
