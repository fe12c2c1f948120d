"""Eventful courses of treatment for the property tests, in the notation of the tables.

Everything happens at the edges that the rules are about: orders follow one another at once, a day or days later, or
overlap; doses are given around a hold; counts are taken at the very day of a start or a stop, and days 3, 10, 14 and 90
after it. Times of day come and go, as they do in real records.
"""

from collections.abc import Callable

from hypothesis import strategies as st

COUNTS = ("0.2", "0.9", "1.12", "1.49", "1.5", "2.0", "3.0", "7.4", "7.5", "<0.5", ">2.0", "manual 0.9", "pending 0.4")
_AT = ("", "", "", " 00:00", " 08:00", " 12:00", " 12:01", " 20:00")
_LENGTHS = (0, 1, 2, 5, 14, 30, 89, 90, 91, 120)
_GAPS = (-20, -5, -1, 0, 0, 1, 1, 2, 3, 10, 11, 30, 60)
_AFTER_A_START = (-30, -1, 0, 0, 1, 2, 3, 4, 10, 50, 89, 90, 91)
_AFTER_AN_END = (-15, -14, -1, 0, 0, 1, 2, 3, 10, 11, 13, 14, 15, 16)
_STATUS = ("on-hold", "on-hold", "stopped", "stopped", "completed", "reported", "active")
_REASONS = ("", "", "reason neutropenia", "reason other")
_NOTES = ("planned end {}", "supply ends {}", "last written {}", "dosage from {}")
_BESIDE = ("filgrastim", "filgrastim", "methotrexate", "clozapine", "tocilizumab", "prednisone")
_CONDITIONS = ("hlh", "neutropenia", "chemo-neutropenia", "duffy-null", "aosd")


@st.composite
def courses(draw: st.DrawFn) -> dict[str, str]:
    """The cells ``orders``, ``counts`` and ``conditions`` of one patient."""

    def moment(day: int) -> str:
        return f"day {day}{draw(st.sampled_from(_AT))}"

    def near(edges: list[int], after: tuple[int, ...]) -> str:
        return moment(min(draw(st.sampled_from(edges)) + draw(st.sampled_from(after)), 1))

    edges: list[int] = []
    orders: list[str] = []
    day = -draw(st.integers(0, 20) | st.integers(0, 300))
    for _ in range(draw(st.integers(1, 4))):
        end = day + draw(st.sampled_from(_LENGTHS))
        orders.append(_order(draw, moment(day), moment(end), moment))
        edges += [day, end]
        day = end + draw(st.sampled_from(_GAPS))
    both = _AFTER_A_START + _AFTER_AN_END
    for _ in range(draw(st.integers(0, 3))):
        orders.append(f"anakinra given {near(edges, (-1, 0, 0, 1, 1, 2))}")
    for drug in draw(st.lists(st.sampled_from(_BESIDE), max_size=2)):
        orders.append(_beside(draw, drug, near(edges, both), near(edges, both)))
    counts = [_count(draw, near(edges, both)) for _ in range(draw(st.integers(0, 7)))]
    kinds = draw(st.lists(st.sampled_from(_CONDITIONS), max_size=1))
    conditions = [f"{kind} ({draw(st.sampled_from(['recorded', 'onset']))} {near(edges, both)})" for kind in kinds]
    return {"orders": "; ".join(orders), "counts": "; ".join(counts), "conditions": "; ".join(conditions)}


def _order(draw: st.DrawFn, start: str, end: str, moment: Callable[[int], str]) -> str:
    status = draw(st.sampled_from(_STATUS))
    begun = draw(st.sampled_from([f" from {start}"] * 9 + [""]))
    ended = draw(st.sampled_from([f" until {end}"] * 7 + [""])) if status != "active" else ""
    notes = [draw(st.sampled_from(_REASONS))] if status not in ("active", "reported") else [""]
    if status != "reported" and draw(st.integers(0, 2)) == 0:
        notes += [note.format(moment(draw(st.integers(-120, 3)))) for note in draw(st.sets(st.sampled_from(_NOTES)))]
    said = ", ".join(note for note in notes if note)
    return f"anakinra {status}{begun}{ended}{f' ({said})' if said else ''}"


def _beside(draw: st.DrawFn, drug: str, start: str, end: str) -> str:
    """Another drug: given once, held or stopped (perhaps nobody knows when), or still taken."""
    return draw(
        st.sampled_from(
            [
                f"{drug} given {start}",
                f"{drug} active from {start}",
                f"{drug} stopped from {start} until {end}",
                f"{drug} stopped from {start}",
                f"{drug} on-hold until {end}",
                f"{drug} on-hold",
            ]
        )
    )


def _count(draw: st.DrawFn, when: str) -> str:
    value = draw(st.sampled_from((*COUNTS, "WBC 11", "WBC 12", "WBC 3")))
    note = draw(
        st.sampled_from(["", "", "", " (specimen A)", " (specimen B)", " (issued 3 h ago)", " (issued 1 h ago)"])
    )
    return f"{value} @ {when}{note}"
