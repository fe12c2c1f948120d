"""The earlier low counts of a patient, each episode by its nadir and date: what a rechallenge is weighed against."""

from collections.abc import Collection, Iterator

from cds_service.advice.dates import day
from cds_service.advice.occasion import Occasion
from cds_service.advice.values import count_words
from cds_service.clinical.episodes import Episode
from cds_service.clinical.series import Count

_MOST = 4


def earlier_low(occasion: Occasion, shown: Collection[Count]) -> str:
    """ "Earlier low counts: first episode 0.75, 14 Mar 2026; on rechallenge 1.12, 10 Jun 2026."

    "" where the counts ``shown`` in the card's table have every nadir.
    """
    episodes = occasion.picture.history.episodes
    if not episodes:
        return "The earlier low count itself is not on file here."
    if all(each.nadir in shown for each in episodes):
        return ""
    if len(episodes) == 1:
        return f"Earlier low count: {_nadir(episodes[0], occasion)}."
    named = [f"{words} {_nadir(each, occasion)}" for words, each in _named(episodes)]
    if len(named) > _MOST:
        named[1 : 1 - _MOST] = [f"{len(named) - _MOST} more"]
    return f"Earlier low counts: {'; '.join(named)}."


def _named(episodes: tuple[Episode, ...]) -> Iterator[tuple[str, Episode]]:
    first, *later = episodes
    yield "first episode", first
    for number, each in enumerate(later, 1):
        yield "on rechallenge" if _after_recovery(each, episodes[:number]) else "again", each


def _after_recovery(episode: Episode, earlier: tuple[Episode, ...]) -> bool:
    """The exposure it began in was started after an earlier episode had recovered."""
    start = episode.interval.start
    return start is not None and any(
        each.recovered is not None and not each.recovered.when.is_after(start) for each in earlier
    )


def _nadir(episode: Episode, occasion: Occasion) -> str:
    return f"{count_words(episode.nadir, occasion.limits)}, {day(episode.nadir.when)}"
