"""The advice codes that can be switched."""

from difflib import get_close_matches
from functools import cache

from cds_service.advice.library import load_library
from cds_service.clinical.assess import NOT_ASSESSED, emitted_rows
from cds_service.data_files import cards_folder


@cache
def advice_codes() -> tuple[str, ...]:
    """Every code but not-assessed, sorted."""
    return tuple(sorted({code for _, _, code in emitted_rows()} - {NOT_ASSESSED}))


@cache
def critical_codes() -> frozenset[str]:
    """The codes that have a critical card among theirs."""
    cards = load_library(cards_folder()).cards.values()
    return frozenset(card.code for card in cards if any(row.indicator == "critical" for row in card.rows))


def wrong_code(code: str) -> str:
    """What is wrong with it, and the fix; "" for one that can be switched."""
    return wrong_name(code, advice_codes(), "no advice code")


def wrong_name(name: str, names: tuple[str, ...], what: str) -> str:
    """What is wrong with a name that is not among these, being ``what``; "" for one that is."""
    if name in names:
        return ""
    if name == NOT_ASSESSED:
        return f"{name} cannot be switched: what could not be assessed is always said; take it out"
    alike = get_close_matches(name, names, 1)
    fix = f"did you mean {alike[0]}?" if alike else "`cds-service switch` lists what there is"
    return f"{name if name.isprintable() else 'a name'} is {what}: {fix}"
