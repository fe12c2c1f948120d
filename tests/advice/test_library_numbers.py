"""Numbers in the words of a card are those of both profiles: whoever changes one is reminded of the other."""

import pytest

from cds_service.advice.library import PLACEHOLDERS, Library
from cds_service.advice.profile import Profile

SAMPLES = {name: placeholder.sample for name, placeholder in PLACEHOLDERS.items()}

# (row, variant, where, words with the names of thresholds)
WORDS = [
    ("PV9", "", "why", "below {anc_very_low}."),
    ("PV10", "", "why", "below {anc_critical}."),
    ("PV8", "", "why", "from {anc_very_low} to below {anc_low}"),
    ("PV7", "", "why", "in the last {restart_watch} days"),
    ("PV6", "", "why", "below {steep_fall_below}."),
    ("PV4", "early", "why", "the last {recheck_grace} hours"),
    ("PV15", "", "why", "the hold is {anc_low} or above"),
    ("PV15", "", "why", "the tocilizumab start threshold ({tocilizumab_start})"),
    ("PV16", "", "why", "the tocilizumab start threshold ({tocilizumab_start})"),
    ("PV11", "", "why", "below {anc_critical}, or below {anc_very_low} and falling"),
    ("PV12", "", "why", "a count below {anc_low} "),
    ("PT4", "urgent", "why", "below {anc_critical}, or below {anc_very_low} and falling"),
    ("PT4", "", "why", "a count below {anc_low} "),
    ("OU1", "", "why", "count is below {anc_low}."),
    ("OU1b", "", "why", "count is below {anc_very_low}."),
    ("L3", "", "why", "above {liver_anakinra_on_above} x on anakinra, from {liver_anakinra_draft_from} x where"),
    ("PT3", "", "why", "the last {stale_tocilizumab} days"),
    ("PT1", "", "summary", "below {tocilizumab_stop}."),
    ("PT2", "", "summary", "above {tocilizumab_hold}."),
    ("OT4", "", "summary", "below {tocilizumab_start}."),
    ("OT4", "", "why", "start limit of {tocilizumab_start} "),
    ("OA2", "", "why", "the last {stale_draft_or_held} days"),
    ("OA4", "", "summary", "below {anc_low};"),
    ("OT2", "", "why", "the last {tocilizumab_labs_current} days"),
    ("OA5", "", "offer", "between day {restart_count_from} and {restart_count_until}"),
    ("OA5", "", "offer", "weekly for {restart_weekly_counts} weeks"),
    ("M1", "", "why", "ferritin above {mas_ferritin_above} ug/L"),
    ("M1", "", "why", "platelets {mas_platelets_at_most} or less"),
    ("M1", "", "why", "AST above {mas_ast_above} U/L"),
    ("M1", "", "why", "triglycerides above {mas_triglycerides_above} mg/dL"),
    ("M1", "", "why", "fibrinogen {mas_fibrinogen_at_most} mg/dL or less"),
    ("M1b", "", "why", "within {mas_labs_within} days"),
    ("M2", "", "why", "within {second_line_within} days"),
    ("M2", "", "why", "below {second_line_platelets_below} "),
    ("M2", "", "why", "by {second_line_hemoglobin_fall} g/dL"),
    ("R1", "", "why", "the last {egfr_within} days is below {egfr_below} mL"),
    ("L1", "", "why", "the last {liver_within} days"),
    ("W1", "", "why", "the last {weight_within} days"),
    ("W1", "", "why", "age of {tocilizumab_min_age} years or more"),
    ("W1", "", "summary", "({tocilizumab_weight_step} kg step)"),
    ("G1", "", "why", "The count is {anc_low} or above."),
    ("G1", "", "why", "the last {gcsf_within} days"),
]


def number(profile: Profile, name: str) -> str:
    return str(profile.entries[name].value)


@pytest.mark.parametrize(("row_id", "variant", "where", "words"), WORDS)
def test_number_in_words_is_the_profile_s(
    library: Library, profile: Profile, row_id: str, variant: str, where: str, words: str
) -> None:
    _, row = library.row(row_id, variant)
    expected = words.format_map({name: number(profile, name) for name in profile.entries})
    assert expected in getattr(row, where).fill(SAMPLES)
