"""Made-up patients for the property tests, written in the notation of the tables: a failing one can be read."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from cds_service.clinical.record import Record, Result, When

from .notation import patient

DRUGS = (
    *("anakinra", "anakinra", "anakinra", "tocilizumab", "tocilizumab", "canakinumab", "sarilumab", "etanercept"),
    *("prednisone", "filgrastim", "methotrexate", "clozapine"),
)
ANC_VALUES = ("0", "0.2", "0.49", "0.5", "0.6", "0.96", "1.0", "1.2", "1.49", "1.5", "1.9", "2.0", "2.4", "3.0", "6.2")
LABS = {
    "platelets": ("80", "100", "149", "181", "250"),
    "ferritin": ("500", "684", "900"),
    "AST": ("20", "49", "130"),
    "ALT": ("20", "60", "130"),
    "TG": ("100", "157"),
    "fibrinogen": ("300", "361"),
    "Hb": ("9.0", "11.0"),
    "temp": ("37", "38.0", "38.3", "39.5"),
    "eGFR": ("20", "60"),
    "weight": ("12",),
    "segmented": ("0.4", "1.4"),
    "bands": ("0.1",),
    "percent": ("10", "50"),
    "WBC": ("2", "9"),
}

dates = st.integers(-400, 3).map("day {}".format)
times = st.builds("day {} {:02}:{:02}".format, st.integers(-400, 0), st.integers(0, 23), st.integers(0, 59))
spans = st.builds(
    "{} d {} h {} min ago".format,
    st.one_of(st.integers(0, 20), st.integers(0, 400)),
    st.integers(0, 23),
    st.integers(0, 59),
)
_notes = st.sampled_from(
    ["", " (specimen A)", " (specimen B)", " (issued 3 h ago)", " (ULN 40)", " (specimen A, issued 2 d 1 h ago)"]
)


def _text(*parts: object) -> str:
    return "".join(map(str, parts))


def _results(moments: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    signs = st.sampled_from(["", "", "", "", "<", ">"])
    count = st.builds(
        _text,
        st.sampled_from(["", "", "", "", "manual ", "pending "]),
        st.sampled_from(ANC_VALUES),
        st.just(" @ "),
        moments,
        _notes,
    )
    limit = st.builds(_text, st.sampled_from(["<0.5 @ ", ">2.0 @ ", "unreadable @ "]), moments)
    lab = st.sampled_from(sorted(LABS)).flatmap(
        lambda name: st.builds(_text, st.just(f"{name} "), signs, st.sampled_from(LABS[name]), st.just(" @ "), moments)
    )
    undated = st.sampled_from(["unreadable undated", "unreadable undated (issued 1 d ago)"])
    return st.lists(st.one_of(count, count, count, limit, lab, lab, undated), max_size=12).map("; ".join)


def _orders(moments: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    ended = st.builds(
        _text,
        st.sampled_from(DRUGS),
        st.sampled_from([" on-hold", " stopped", " completed"]),
        st.just(" from "),
        moments,
        st.one_of(st.just(""), moments.map(" until {}".format)),
        st.sampled_from(["", " (reason neutropenia)", " (reason other)"]),
    )
    dated = st.builds(
        _text, st.sampled_from(DRUGS), st.sampled_from([" active", " given", " reported"]), st.just(" from "), moments
    )
    dateless = st.builds(_text, st.sampled_from(DRUGS), st.sampled_from([" active", " on-hold", " stopped"]))
    return st.lists(st.one_of(ended, ended, dated, dated, dateless), max_size=6).map("; ".join)


_drafts = st.lists(
    st.one_of(
        st.builds(_text, st.sampled_from(DRUGS), st.sampled_from(["", "", " (not selected)", " (another patient)"])),
        st.sampled_from(["something unidentified", "paracetamol"]),
    ),
    max_size=3,
).map("; ".join)
_gap = st.sampled_from(["", "partial", "unavailable", "foreign"])
_gaps = st.fixed_dictionaries(
    {key: st.one_of(st.just(""), _gap) for key in ("medications", "neutrophils", "labs", "vitals", "conditions")}
).map(lambda found: "; ".join(f"{key} {how}" for key, how in found.items() if how))


def _conditions(moments: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    kinds = st.sampled_from(["sjia", "aosd", "hlh", "fever", "duffy-null", "neutropenia"])
    return st.lists(st.builds("{} (recorded {})".format, kinds, moments), max_size=3).map("; ".join)


MAS_LABS = ("ferritin 900", "platelets 150", "AST 130", "temp 39", "ALT 20", "fibrinogen 300")


@st.composite
def _course(draw: st.DrawFn, moment: str) -> tuple[str, str]:
    """A likely course: exposures one after the other, and counts around the start and the end of each."""
    turns = sorted(draw(st.sets(st.integers(0, 60) | st.integers(0, 300), min_size=1, max_size=6)), reverse=True)
    orders, counts = [], []
    for start, end in zip(turns[::2], [*turns[1::2], None], strict=False):
        if end is None:
            orders.append(f"anakinra active from {moment.format(start)}")
        else:
            how = draw(st.sampled_from(["on-hold", "on-hold", "stopped"]))
            reason = draw(st.sampled_from(["", " (reason neutropenia)"]))
            orders.append(f"anakinra {how} from {moment.format(start)} until {moment.format(end)}{reason}")
    for turn in (*turns, 0):
        days = sorted({turn + 2, max(turn - 3, 0)} | ({1} if turn == 0 else set()))
        counts += [f"{draw(st.sampled_from(ANC_VALUES))} @ {moment.format(day)}" for day in days if draw(st.booleans())]
    labs = draw(st.sampled_from([(), (), MAS_LABS]))
    return "; ".join(orders), "; ".join([*counts, *(f"{lab} @ {moment.format(0)}" for lab in labs)])


def _patient(course: tuple[str, str], orders: str, counts: str, **cells: str) -> Record:
    return patient(orders=f"{course[0]}; {orders}", counts=f"{course[1]}; {counts}", **cells)


def patients(moments: st.SearchStrategy[str] | None = None, course: str = "{} d ago") -> st.SearchStrategy[Record]:
    """Any patient: a likely course or none, and anything else beside it. All points in time are ``moments``.

    ``course`` is how the points of a likely course are written, days ago filled in.
    """
    moments = st.one_of(dates, times, spans) if moments is None else moments
    return st.builds(
        _patient,
        st.one_of(st.just(("", "")), _course(course), _course(course)),
        orders=st.one_of(st.just(""), _orders(moments)),
        counts=st.one_of(st.just(""), _results(moments)),
        conditions=_conditions(moments),
        ordered=_drafts,
        gaps=st.one_of(st.just(""), st.just(""), _gaps),
    )


def later(record: Record, by: timedelta) -> Record:
    """The same patient with every point in time moved."""

    def moved(value: Any) -> Any:
        if isinstance(value, When):
            at = value.at + by
            return When(at, at.date(), value.exact)
        return value + by if hasattr(value, "hour") else value

    def all_moved(facts: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(replace(each, **{name: moved(getattr(each, name)) for name in each.__slots__}) for each in facts)

    return replace(
        record,
        results=tuple(Result(*map(moved, result)) for result in record.results),
        medications=all_moved(record.medications),
        conditions=all_moved(record.conditions),
    )
