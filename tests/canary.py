"""Values that must turn up in no log, metric or error: planted in requests, looked for in all that was written.

``LogWatch`` listens to every logger of the test run; ``tests/conftest.py`` fails the run if one was ever logged.
"""

import logging
import re

MARK = "Canary-Zx9"
"""In every planted value, and in nothing else; tests of other folders plant it too."""
NAME = f"{MARK}-Name"
PATIENT = f"{MARK}-Patient"
USER = f"{MARK}-User"
TOKEN = f"{MARK}-Token"
TEXT = f"{MARK}-Text"
QUERY = f"{MARK}-Query"
_SEEN = re.compile(re.escape(MARK), re.IGNORECASE)


def found_in(text: str) -> bool:
    """Whether any canary value is in ``text``, in whatever case (host names are lowered)."""
    return bool(_SEEN.search(text))


class LogWatch(logging.Handler):
    """Keeps which logger wrote a canary value where; never the line itself."""

    def __init__(self) -> None:
        super().__init__()
        self.caught: list[str] = []
        self.setFormatter(logging.Formatter("%(message)s %(name)s"))  # and the traceback, as a formatter adds it

    def emit(self, record: logging.LogRecord) -> None:
        if found_in(self.format(record)):
            self.caught.append(f"{record.name} at {record.filename}:{record.lineno}")
