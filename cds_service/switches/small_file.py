"""Read a file of settings: never for ever, never more than it should hold."""

import os
from pathlib import Path

MOST_BYTES = 1024 * 1024


def read_small(path: Path) -> bytes:
    """The file, or its first ``MOST_BYTES`` + 1 bytes; nothing of a pipe nobody writes to. Raises OSError."""
    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        return file.read(MOST_BYTES + 1) or b""
