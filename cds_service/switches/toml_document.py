"""A settings file in TOML. Whatever keeps it from being read is one line with its fix."""

import tomllib
from pathlib import Path
from typing import Any

from cds_service.errors import SettingsError

_MOST_BYTES = 1024 * 1024


def read_document(path: Path, setting: str, page: str) -> dict[str, Any]:
    """The file that ``setting`` names, and ``page`` describes. Raises SettingsError."""
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_BYTES + 1)
        if len(text) > _MOST_BYTES:
            raise SettingsError(f"{path.name}: larger than {_MOST_BYTES} bytes: name the file of {page}")
        return tomllib.loads(text.decode())
    except OSError as error:
        raise SettingsError(f"{path.name}: cannot be read ({error.strerror}): correct {setting}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path.name}: not UTF-8 text: save it as UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(f"{path.name}: not valid TOML ({error}): see {page}") from None
