"""Where the files that are content, not code, lie: ``cards/`` and ``fhir_fixtures/``.

In a checkout they are at the top level, beside the package, where clinicians find them. In an installed wheel
they are packaged under ``cds_service/_data/``.
"""

from pathlib import Path

from cds_service.errors import ContentError

PACKAGE = Path(__file__).resolve().parent


def cards_folder() -> Path:
    """The folder of card texts, sources and profiles; ContentError if it is nowhere."""
    return _folder("cards")


def stories_folder() -> Path:
    """The folder of patient stories; ContentError if it is nowhere."""
    return _folder("fhir_fixtures")


def _folder(name: str) -> Path:
    packaged, checkout = PACKAGE / "_data" / name, PACKAGE.parent / name
    for candidate in (packaged, checkout):
        if candidate.is_dir():
            return candidate
    raise ContentError(f"The folder {name}/ is missing: reinstall anakinra-cds, or run from a complete checkout.")
