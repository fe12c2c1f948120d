"""Eventful courses of treatment for the property tests, in the notation of the tables.

Everything happens at the edges that the rules are about: orders follow one another at once, a day or days later, or
overlap; doses are given around a hold; counts are taken at the very day of a start or a stop, and days 3, 10, 14 and 90
after it. Times of day come and go, as they do in real records.
"""

from dataclasses import dataclass, field

from hypothesis import strategies as st

LOW = ("0.2", "0.5", "0.9", "1.12", "1.49", "<0.5", "manual 0.9")
NORMAL = ("1.5", "2.0", "3.0", "7.4", "7.5", ">2.0")
OTHER = ("pending 0.4", "WBC 3", "WBC 11", "WBC 12", "WBC <11", "unreadable", "segmented 1.2", "bands 0.3")
_AT = ("", "", "", " 00:00", " 08:00", " 12:00", " 12:01", " 20:00")
_LENGTHS = (0, 1, 2, 5, 14, 30, 89, 90, 91, 120)
_GAPS = (-20, -5, -1, 0, 0, 1, 1, 2, 3, 10, 11, 30, 60)
_AFTER_A_START = (-30, -1, 0, 0, 1, 2, 3, 4, 10, 50, 89, 90, 91)
_AFTER_AN_END = (-15, -14, -1, 0, 0, 1, 2, 3, 10, 11, 13, 14, 15, 16)
_STATUS = ("on-hold", "on-hold", "stopped", "stopped", "completed", "reported", "active")
_REASONS = ("", "", "reason neutropenia", "reason other")
_NOTES = ("planned end", "supply ends", "last written", "dosage from")
_SAID_OF_COUNTS = ("", "", "", " (specimen A)", " (specimen B)", " (issued 3 h ago)", " (specimen A, issued 1 h ago)")
_BESIDE = ("filgrastim", "filgrastim", "methotrexate", "clozapine", "tocilizumab", "prednisone")
_CONDITIONS = ("hlh", "neutropenia", "chemo-neutropenia", "duffy-null", "aosd")


@st.composite
def courses(draw: st.DrawFn) -> dict[str, str]:
    """The cells ``orders``, ``counts`` and ``conditions`` of one patient."""
    course = _Course(draw)
    day = -draw(st.integers(0, 20) | st.integers(0, 300))
    for _ in range(draw(st.integers(1, 4))):
        end = day + draw(st.sampled_from(_LENGTHS))
        course.expose(day, end)
        course.count_around(day, end)
        day = end + draw(st.sampled_from(_GAPS))
    for _ in range(draw(st.integers(0, 2))):
        course.order(course.near(), course.near())
    for _ in range(draw(st.integers(0, 3))):
        course.orders.append(f"anakinra given {course.near((-1, 0, 0, 1, 1, 2))}")
    for drug in draw(st.lists(st.sampled_from(_BESIDE), max_size=2)):
        course.take_beside(drug)
    for _ in range(draw(st.integers(0, 5))):
        course.count((*LOW, *NORMAL, *OTHER), draw(st.sampled_from([course.near(), *course.taken])))
    kinds = draw(st.lists(st.sampled_from(_CONDITIONS), max_size=1))
    conditions = [f"{kind} ({draw(st.sampled_from(['recorded', 'onset']))} {course.near()})" for kind in kinds]
    return {"orders": "; ".join(course.orders), "counts": "; ".join(course.counts), "conditions": "; ".join(conditions)}


@dataclass
class _Course:
    """What has been made up so far. ``edges`` are the days of starts and ends, ``taken`` the moments of counts."""

    draw: st.DrawFn
    orders: list[str] = field(default_factory=list)
    counts: list[str] = field(default_factory=list)
    edges: list[int] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)

    def moment(self, day: int) -> str:
        """That day, with a time or without; at the latest tomorrow."""
        return f"day {min(day, 1)}{self.draw(st.sampled_from(_AT))}"

    def near(self, after: tuple[int, ...] = _AFTER_A_START + _AFTER_AN_END) -> str:
        return self.moment(self.draw(st.sampled_from(self.edges)) + self.draw(st.sampled_from(after)))

    def expose(self, first: int, last: int) -> None:
        self.edges += [first, last]
        self.order(self.moment(first), self.moment(last))

    def order(self, start: str, end: str) -> None:
        """An order from ``start`` to ``end``, as far as the record says so."""
        status = self.draw(st.sampled_from(_STATUS))
        begun = self.draw(st.sampled_from([f" from {start}"] * 9 + [""]))
        ended = self.draw(st.sampled_from([f" until {end}"] * 7 + [""])) if status != "active" else ""
        notes = [self.draw(st.sampled_from(_REASONS))] if status not in ("active", "reported") else []
        if status != "reported" and self.draw(st.integers(0, 2)) == 0:
            names = self.draw(st.lists(st.sampled_from(_NOTES), unique=True, max_size=3))
            notes += [f"{name} {self.draw(st.sampled_from([end, self.near()]))}" for name in names]
        said = ", ".join(note for note in notes if note)
        self.orders.append(f"anakinra {status}{begun}{ended}{f' ({said})' if said else ''}")

    def take_beside(self, drug: str) -> None:
        """Another drug: given once, held or stopped (perhaps nobody knows when), or still taken."""
        start, end = self.near(), self.near()
        ways = (f"given {start}", f"active from {start}", f"stopped from {start} until {end}")
        ways = (*ways, f"stopped from {start}", f"on-hold until {end}", "on-hold")
        self.orders.append(f"{drug} {self.draw(st.sampled_from(ways))}")

    def count_around(self, first: int, last: int) -> None:
        """Low at the end and normal soon after, or normal all along, or none of it."""
        draw, happens = self.draw, self.draw(st.sampled_from(("low", "low, recovered", "tolerated", "nothing")))
        if happens.startswith("low"):
            self.count(LOW, self.moment(last - draw(st.sampled_from((0, 0, 1, 14)))))
        if happens == "low, recovered":
            self.count(NORMAL, self.moment(last + draw(st.sampled_from((0, 1, 2, 13, 14, 15)))))
        if happens == "tolerated":
            for day in draw(st.sampled_from([(90,), (50, 90), (3, 89), (50, 91), (2,)])):
                self.count(NORMAL, self.moment(first + day))

    def count(self, values: tuple[str, ...], moment: str) -> None:
        self.taken.append(moment)
        note = self.draw(st.sampled_from(_SAID_OF_COUNTS))
        self.counts.append(f"{self.draw(st.sampled_from(values))} @ {moment}{note}")
