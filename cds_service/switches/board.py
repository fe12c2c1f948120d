"""The switches of the whole site as they are now. A file that is wrong changes nothing but the log."""

import logging
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from cds_service.errors import SettingsError
from cds_service.hooks.services import SERVICES
from cds_service.switches.discretion import ACTIVE, EVERYTHING, Discretion, Mode, strictest
from cds_service.switches.file import EVERY_SERVICE, read_switches
from cds_service.switches.watch import Watch

log = logging.getLogger("cds_service.switches")


class Switchboard:
    """One per process. ``path`` None: nothing can be switched. Raises SettingsError if the file is wrong at the start.

    A file that is not there is wrong as well: else a slip in its name, or a lost file, would switch everything on.
    """

    def __init__(self, path: Path | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._of: Mapping[str, Discretion] = {}
        if path is not None:
            self._watch = Watch(path, clock)
            self._take(read_switches(path))

    def of(self, service_id: str) -> Discretion:
        """What is switched for everybody who calls this service."""
        if self._path is not None and self._watch.changed():
            self._read_again(self._path)
        return self._of.get(service_id, EVERYTHING)

    def _read_again(self, path: Path) -> None:
        try:
            self._take(read_switches(path))
        except SettingsError as error:
            more = f" (and {len(error.messages) - 1} more)" if len(error.messages) > 1 else ""
            log.error("CDS_SWITCHES changed and is wrong, the former switches stay: %s%s", error.message, more)

    def _take(self, switches: Mapping[str, Mode]) -> None:
        codes = {name: mode for name, mode in switches.items() if mode != ACTIVE and name not in _WHOLE}
        whole = switches.get(EVERY_SERVICE, ACTIVE)
        self._of = {each: Discretion(strictest(whole, switches.get(each, ACTIVE)), codes) for each in SERVICES}
        told = ", ".join(f"{name} {mode}" for name, mode in switches.items() if mode != ACTIVE)
        log.warning("CDS_SWITCHES: %s", told or "everything is active")


_WHOLE = frozenset({EVERY_SERVICE, *SERVICES})
