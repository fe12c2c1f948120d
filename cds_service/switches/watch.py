"""Files that may change while the service runs: looked at once a second at most, by whichever call comes then."""

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Lock

LOOK_EVERY_S = 1.0

Mark = tuple[int, int, int] | None


class Watch:
    """One for each set of files. Whoever is told of a change reads them, and says which files it read."""

    def __init__(self, file: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._looked_at = clock()
        self._marks = {file: _mark(file)}

    def changed(self) -> bool:
        """Whether a file changed since the last look; True for one caller of many."""
        if self._clock() - self._looked_at < LOOK_EVERY_S or not self._lock.acquire(blocking=False):
            return False
        try:
            self._looked_at = self._clock()
            # Noted before anybody reads: what is saved during the reading is seen at the next look.
            before, self._marks = self._marks, {file: _mark(file) for file in self._marks}
            return before != self._marks
        finally:
            self._lock.release()

    def follow(self, files: Iterable[Path]) -> None:
        """These files from now on."""
        self._marks = {file: self._marks[file] if file in self._marks else _mark(file) for file in files}


def _mark(file: Path) -> Mark:
    """What changes when a file does; None for none. A link is followed, as it is what Kubernetes changes."""
    try:
        found = os.stat(file)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
