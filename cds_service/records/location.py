"""Where records are kept if nobody says otherwise: a SQLite file among the user's state.

https://specifications.freedesktop.org/basedir-spec/latest/
"""

import os
from pathlib import Path

from cds_service.errors import DatabaseUnusable
from cds_service.settings import Settings

_FOLDER = "anakinra-cds"
_FILE = "feedback.sqlite3"


def database_url(settings: Settings) -> str:
    """``CDS_DATABASE_URL``, or the URL of the user's own file."""
    return settings.database_url or f"sqlite:///{default_file()}"


def default_file() -> Path:
    """``~/.local/state/anakinra-cds/feedback.sqlite3``, or under XDG_STATE_HOME. Nothing is created.

    Raises DatabaseUnusable where the user has no home.
    """
    named = Path(os.environ.get("XDG_STATE_HOME", ""))
    if named.is_absolute():
        return named / _FOLDER / _FILE
    try:
        return Path.home() / ".local" / "state" / _FOLDER / _FILE
    except RuntimeError:
        raise DatabaseUnusable("There is no home folder to keep records in: set CDS_DATABASE_URL.") from None
