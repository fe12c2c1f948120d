"""The advice codes that can be switched."""

from difflib import get_close_matches
from functools import cache

from cds_service.clinical.assess import NOT_ASSESSED, emitted_rows


@cache
def advice_codes() -> tuple[str, ...]:
    """Every code but not-assessed, sorted."""
    return tuple(sorted({code for _, _, code in emitted_rows()} - {NOT_ASSESSED}))


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
