"""Numbers as a laboratory sent them: only finite JSON numbers, exact, and with a comparator only where that helps.

``NaN < 1.5`` is False, so a NaN would pass for a normal count; a string is no number, whatever it spells.
Source: clinical specification 0.3, sections 2 and 3.
"""

from decimal import Decimal, InvalidOperation

from msgspec import Raw

COMPARATORS = frozenset({"<", "<=", ">", ">="})
_LONGEST = 40
"""A result has a few digits; longer ones are a fault, and would cost time."""
_STARTS = "-0123456789"
_LOWEST_BIN, _HIGHEST_BIN = Decimal("0.5"), Decimal("2.0")


def number_of(raw: Raw) -> Decimal | None:
    """The JSON number, exactly; None for anything else (missing, null, a string, far too long)."""
    return decimal_of(str(raw, "utf-8", "replace"))


def decimal_of(text: str) -> Decimal | None:
    """The same from the JSON's text."""
    if not text or text[0] not in _STARTS or len(text) > _LONGEST:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def fixes_the_bin(comparator: str, value: Decimal) -> bool:
    """Whether a count known only as a limit still falls into one bin, in 10*9/L: ``<0.5`` does, ``<1.0`` does not."""
    if comparator == "<":
        return value <= _LOWEST_BIN
    if comparator == "<=":
        return value < _LOWEST_BIN
    return value >= _HIGHEST_BIN
