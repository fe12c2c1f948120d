"""Every file of the cards folder checked at once: what an editor of cards wants to see, one line a file at fault."""

from collections.abc import Callable, Iterator
from pathlib import Path

from cds_service.advice.card_file import build_card
from cds_service.advice.disagreements import load_disagreements
from cds_service.advice.library import NO_CARDS, load_library
from cds_service.advice.overrides import load_overrides
from cds_service.advice.profile import PROFILES_FOLDER, load_profile
from cds_service.advice.sources import load_sources
from cds_service.advice.toml_file import read_toml
from cds_service.clinical.assess import emitted_rows
from cds_service.errors import ContentError


def content_faults(folder: Path) -> list[str]:
    """One line for each file that is wrong ("cards/x.toml:12: what; fix"), [] for a folder a service can start with.

    Sources and disagreements come first: a fault there is told alone, as every other file names them.
    """
    try:
        sources = load_sources(folder)
        disagreements = load_disagreements(folder, sources)
    except ContentError as fault:
        return [fault.message]
    cards = [path for path in sorted(folder.glob("*.toml")) if path.name not in NO_CARDS]
    names = sorted(path.stem for path in (folder / PROFILES_FOLDER).glob("*.toml"))
    found = [
        *_faults(lambda: load_overrides(folder)),
        *(fault for name in names for fault in _faults(lambda name=name: load_profile(folder, name))),  # type: ignore[misc]
        *(
            fault
            for path in cards
            for fault in _faults(lambda path=path: build_card(read_toml(path, folder), sources, disagreements))  # type: ignore[misc]
        ),
    ]
    # Only files that are right by themselves can be held against each other and against the rules.
    return found or list(_faults(lambda: load_library(folder).check_covers(emitted_rows())))


def _faults(load: Callable[[], object]) -> Iterator[str]:
    try:
        load()
    except ContentError as fault:
        yield from fault.messages
