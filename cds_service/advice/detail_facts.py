"""Fever, other drugs, population and what is missing: the lines that let a clinician weigh a card."""

from collections.abc import Iterable

from cds_service.advice.dates import moment
from cds_service.advice.markdown import escape
from cds_service.advice.occasion import Occasion
from cds_service.advice.values import bounded
from cds_service.clinical.exposure import Use
from cds_service.clinical.findings import Finding
from cds_service.clinical.neutrophils import LOW, Anc
from cds_service.clinical.state import missing_start_labs
from cds_service.codes.labs import ANALYTES

_ILLNESS = frozenset(
    {
        "mas-pattern",
        "mas-labs-incomplete",
        "recovered-but-unwell",
        "anakinra-in-mas",
        "anc-falling",
        "recheck-after-hold",
    }
)
_OPTIONS = frozenset({"rechallenge-or-switch", "switch-after-failed-rechallenge"})
_MOST_NAMES = 6


def weighs_illness(finding: Finding) -> bool:
    """Whether fever, other drugs and MAS labs bear on a card: a low or falling count, a fresh hold, possible MAS."""
    if finding.code in _ILLNESS:
        return True
    return finding.state is not None and finding.state.anc in LOW


def fever(finding: Finding, occasion: Occasion) -> str:
    """ "**Fever:** yes (38.6 C, ...)" or why it is not known; "" where it does not bear on the card."""
    if not weighs_illness(finding) and finding.code not in _OPTIONS:
        return ""
    found = occasion.picture.fever
    if found.yes and found.coded:
        return "**Fever:** yes (recorded as a condition)."
    highest = max(found.temperatures, key=lambda each: each.value or 0, default=None)
    if highest is None or highest.value is None or highest.when is None:
        hours = int(occasion.limits.fever_temperatures.total_seconds() // 3600)
        return f"**Fever:** not known (no temperature in {hours} h)."
    read = f"{bounded(highest.value, 'temperature', occasion.limits)} \N{DEGREE SIGN}C"
    at = f"{read}, {moment(highest.when, occasion.zone)}"
    if found.yes:
        return f"**Fever:** yes ({at})."
    return f"**Fever:** not known (highest on file {at}; fever can be blunted)."


def also_on(finding: Finding, occasion: Occasion) -> str:
    """Active drugs that can lower neutrophils, by name, the drug of the card itself left out."""
    if not weighs_illness(finding) and finding.code not in _OPTIONS:
        return ""
    names = [match.name for match in occasion.picture.confounders if match.name != finding.drug]
    if not names:
        return ""
    return f"**Also on:** {escape(some(names))} (can lower neutrophils)."


def missing(finding: Finding, occasion: Occasion) -> str:
    """What a clinician would want and the record does not hold."""
    names = list(dict.fromkeys((*_illness(finding, occasion), *_start(finding, occasion), *_dosing(finding, occasion))))
    if not names:
        return ""
    record = occasion.picture.record
    unread = [
        words
        for key, words in (("labs", "laboratory results"), ("vitals", "vital signs"))
        if not record.completeness_of(key).complete
    ]
    could_not = f" ({' and '.join(unread)} could not be read in full)" if unread else ""
    return f"**Missing:** {', '.join(names)}{could_not}."


def _illness(finding: Finding, occasion: Occasion) -> Iterable[str]:
    if not weighs_illness(finding):
        return ()
    temperature = () if occasion.picture.fever.temperatures or occasion.picture.fever.yes else ("temperature",)
    labs = (ANALYTES[name].words for name in occasion.picture.mas_pattern.missing)
    return (*temperature, *labs)


def _start(finding: Finding, occasion: Occasion) -> Iterable[str]:
    """The labs a tocilizumab start needs, where a switch is an option, and the limits to judge enzymes by."""
    if finding.row == "OT2":
        return missing_for_tocilizumab(finding, occasion)
    if finding.code not in _OPTIONS:
        return ()
    return missing_start_results(occasion)


def missing_start_results(occasion: Occasion) -> tuple[str, ...]:
    """What a tocilizumab start would be judged by and is not on file: platelets, ALT, AST, or their upper limits."""
    picture, span = occasion.picture, occasion.limits.liver_within
    found = {name: picture.labs.latest(name, span) for name in ("platelets", "alt", "ast")}
    without = [ANALYTES[name].words for name, result in found.items() if result is None]
    no_limit = [
        f"{name.upper()}'s upper limit of normal"
        for name, result in found.items()
        if name != "platelets" and result is not None and result.upper_limit is None
    ]
    return (*without, *no_limit)


def missing_for_tocilizumab(finding: Finding, occasion: Occasion) -> tuple[str, ...]:
    """What row OT2 asks for: a neutrophil count that is current (and later than a hold), platelets, ALT/AST."""
    state, picture = finding.state, occasion.picture
    unrechecked = picture.anakinra.use is Use.HELD and not picture.count_since_hold
    no_count = state is None or state.anc in (Anc.NONE, Anc.STALE) or unrechecked
    return (("ANC",) if no_count else ()) + missing_start_labs(picture)


def _dosing(finding: Finding, occasion: Occasion) -> Iterable[str]:
    if finding.code not in _OPTIONS and finding.row != "W1":
        return ()
    picture, span = occasion.picture, occasion.limits.weight_within
    weight = picture.labs.latest("weight", span)
    age = () if occasion.age is not None else ("birth date",)
    return age if weight is not None else (f"weight (none in {span.days} days)", *age)


def population(finding: Finding, occasion: Occasion, *, adult_reports: bool) -> str:
    """Whom the sources are about, where the patient may be another: a child, or not known to have systemic JIA."""
    words = []
    if adult_reports and occasion.is_child:
        words.append(f"the case reports are about adults; this patient is a child ({_years(occasion.age)})")
    elif adult_reports and occasion.is_child is None:
        words.append("the case reports are about adults; this patient's age is not on file")
    if finding.code == "mas-pattern" and not occasion.picture.conditions("sjia"):
        coded = "adult-onset Still's disease is coded" if occasion.picture.stills else "no Still's disease is coded"
        words.append(f"the criteria were made for systemic JIA; here {coded}")
    return f"**Population:** {'; '.join(words)}." if words else ""


def some(names: Iterable[str], most: int = _MOST_NAMES) -> str:
    """ "a, b and c", or "a, b and 3 more"."""
    names = list(names)
    if len(names) > most:
        names = [*names[: most - 1], f"{len(names) - most + 1} more"]
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else "".join(names)


def _years(age: int | None) -> str:
    return f"{age} year" if age == 1 else f"{age} years"
