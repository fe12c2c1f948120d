"""A settings file in TOML. Whatever keeps it from being read is one line with its fix."""

import tomllib
from pathlib import Path
from typing import Any

from cds_service.errors import SettingsError
from cds_service.switches.small_file import MOST_BYTES, read_small


def read_document(path: Path, setting: str, page: str) -> dict[str, Any]:
    """The file that ``setting`` names, and ``page`` describes. Raises SettingsError."""
    try:
        text = read_small(path)
        if len(text) > MOST_BYTES:
            raise SettingsError(f"{path.name}: larger than {MOST_BYTES} bytes: name the file of {page}")
        return tomllib.loads(text.decode())
    except OSError as error:
        raise SettingsError(f"{path.name}: cannot be read ({error.strerror}): correct {setting}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path.name}: not UTF-8 text: save it as UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(f"{path.name}: not valid TOML ({error}): see {page}") from None
