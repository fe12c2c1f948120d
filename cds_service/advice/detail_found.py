"""What an overlay card rests on: the results, orders and conditions behind it, each with its date."""

from collections.abc import Iterator

from cds_service.advice.dates import day, moment
from cds_service.advice.markdown import escape
from cds_service.advice.occasion import Occasion
from cds_service.advice.values import bounded, result_words
from cds_service.clinical.findings import Finding
from cds_service.clinical.intervals import interval_of, runs
from cds_service.clinical.labs import ratio
from cds_service.clinical.record import Condition, Matched, Medication, Result
from cds_service.codes.labs import ANALYTES

_MAS = ("ferritin", "platelets", "ast", "triglycerides", "fibrinogen", "temperature")
_TOCILIZUMAB = ("platelets", "alt", "ast")
_ANALYTES = {
    "M1": _MAS,
    "M1b": _MAS,
    "M2": ("platelets", "hemoglobin"),
    "L1": _TOCILIZUMAB,
    "L2": _TOCILIZUMAB,
    "L3": ("alt", "ast"),
    "R1": ("egfr",),
}
_MOST = 8


def found(finding: Finding, occasion: Occasion) -> str:
    """ "**Found:** ferritin 2400 ug/L (20 Nov 2026 08:10), ..."; "" for a card that rests on a count alone."""
    if finding.row == "NA":
        return f"**Reason:** {escape(str(finding.facts.get('reason', '')), 300)}."
    items = [*_results(finding, occasion), *_orders(finding, occasion), *_conditions(finding, occasion)]
    if finding.row == "W1":
        items = list(_weight_and_age(occasion))
    return f"**Found:** {'; '.join(items[:_MOST])}." if items else ""


def _results(finding: Finding, occasion: Occasion) -> Iterator[str]:
    wanted = _ANALYTES.get(finding.row, ())
    if not wanted:
        return
    by_source = occasion.results_by_source
    results = [each for source in dict.fromkeys(finding.sources) for each in by_source.get(source, ()) if each.usable]
    for analyte in wanted:
        for result in sorted((each for each in results if each.analyte == analyte), key=_time):
            yield _result(result, occasion)


def _time(result: Result) -> float:
    return result.when.at.timestamp() if result.when else 0.0


def _result(result: Result, occasion: Occasion) -> str:
    about = [moment(result.when, occasion.zone)] if result.when else []
    times = ratio(result)
    if times is not None and result.upper_limit is not None:
        limit = bounded(result.upper_limit, "", occasion.limits)
        about.insert(0, f"{bounded(times, 'ratio', occasion.limits)} x its upper limit of {limit}")
    return f"{ANALYTES[result.analyte].words} {result_words(result, occasion.limits)} ({'; '.join(about)})"


def _orders(finding: Finding, occasion: Occasion) -> Iterator[str]:
    sources = set(finding.sources)
    if finding.row == "T1":
        sources |= {each.source for each in occasion.picture.active.get("anakinra", ())}
    for each in occasion.picture.record.medications:
        if each.source in sources:
            yield f"{escape(each.drug.name)} ({_since(each, occasion)}{_how(each)})"
    if finding.row in ("T1", "B1"):
        for name in dict.fromkeys(draft.drug.name for draft in finding.drafts if draft.drug is not None):
            yield f"{escape(name)} (ordered now)"


def _since(medication: Medication, occasion: Occasion) -> str:
    interval = interval_of(medication, occasion.now)
    if interval is None or interval.start is None:
        return "active" if medication.status == "active" else "on file"
    start = day(interval.start)
    if runs(interval, occasion.now):
        return f"active since {start}"
    return f"from {start}" if interval.end is None else f"until {day(interval.end)}"


def _how(medication: Medication) -> str:
    return f"; {medication.drug.matched}" if medication.drug.matched is Matched.TEXT else ""


def _conditions(finding: Finding, occasion: Occasion) -> Iterator[str]:
    sources = set(finding.sources)
    for each in occasion.picture.record.conditions:
        if each.source in sources:
            words = escape(each.text) if each.text else " and ".join(sorted(each.kinds))
            yield f"{words} ({_dated(each)})"


def _dated(condition: Condition) -> str:
    if condition.recorded is not None:
        return f"recorded {day(condition.recorded)}"
    return f"onset {day(condition.onset)}" if condition.onset is not None else "no date recorded"


def _weight_and_age(occasion: Occasion) -> Iterator[str]:
    picture, span = occasion.picture, occasion.limits.weight_within
    weight = picture.labs.latest("weight", span)
    if weight is not None and weight.when is not None:
        yield f"weight {result_words(weight, occasion.limits)} ({day(weight.when)})"
    if occasion.age is not None:
        yield f"age {occasion.age} {'year' if occasion.age == 1 else 'years'}"
