"""The two profiles: complete, sourced, and refused by name where they are not."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from cds_service.advice.profile import Profile, load_profile
from cds_service.errors import ContentError
from tests.advice.conftest import Edit

US = "profiles/us.toml"

# name -> value, the same in both profiles: the numbers of the clinical specification, sections 3 to 6
VALUES = {
    "anc_low": Decimal("1.5"), "anc_very_low": Decimal("1.0"), "anc_critical": Decimal("0.5"),
    "anc_recovered": Decimal("2.0"),
    "tocilizumab_start": Decimal("2.0"), "tocilizumab_hold": Decimal("1.0"), "tocilizumab_stop": Decimal("0.5"),
    "future_tolerance": timedelta(hours=24), "low_count_in_force": timedelta(days=180),
    "stale_early": timedelta(days=38), "stale_late": timedelta(days=106),
    "stale_draft_or_held": timedelta(days=30), "stale_tocilizumab": timedelta(days=35),
    "exposure_gap": timedelta(days=1), "held_after_hold": timedelta(days=180), "held_after_stop": timedelta(days=60),
    "held_low_before": timedelta(days=14), "held_low_after": timedelta(days=10),
    "tocilizumab_hold_counts": timedelta(days=180),
    "episode_tail": timedelta(days=10), "tolerated_after": timedelta(days=90), "tolerated_counts": 2,
    "dechallenge_within": timedelta(days=14), "rechallenge_at_least": timedelta(days=3),
    "leucocytosis_anc_from": Decimal("7.5"), "leucocytosis_wbc_from": Decimal(11),
    "other_cause_within": timedelta(days=30),
    "trend_pair": timedelta(days=90), "fall_factor": Decimal("0.9"), "rise_factor": Decimal("1.2"),
    "rise_at_least": Decimal("0.2"), "steep_fall_factor": Decimal("0.5"), "steep_fall_below": Decimal("2.5"),
    "fever_once": Decimal("38.3"), "fever_twice": Decimal("38.0"), "fever_twice_apart": timedelta(hours=1),
    "fever_temperatures": timedelta(hours=24), "fever_condition": timedelta(hours=48),
    "recheck_grace": timedelta(hours=48), "restart_watch": timedelta(days=90),
    "tocilizumab_labs_current": timedelta(days=30),
    "mas_ferritin_above": Decimal(684), "mas_platelets_at_most": Decimal(181), "mas_ast_above": Decimal(48),
    "mas_triglycerides_above": Decimal(156), "mas_fibrinogen_at_most": Decimal(360),
    "mas_labs_within": timedelta(days=7), "mas_criteria_needed": 2,
    "second_line_within": timedelta(days=14), "second_line_platelets_below": Decimal(150),
    "second_line_hemoglobin_fall": Decimal(2),
    "egfr_below": Decimal(30), "egfr_within": timedelta(days=90), "liver_within": timedelta(days=30),
    "liver_start_above": Decimal("1.5"), "liver_hold_above": Decimal(3), "liver_anakinra_on_above": Decimal(3),
    "liver_anakinra_draft_from": Decimal("1.5"), "platelets_start_below": Decimal(100),
    "platelets_hold_at_most": Decimal(100), "weight_within": timedelta(days=90), "tocilizumab_min_age": 2,
    "gcsf_within": timedelta(days=14),
    "rechallenge_dose_part": Decimal("0.5"), "tocilizumab_weight_step": Decimal(30),
    "tocilizumab_dose_below_step": Decimal(12), "tocilizumab_dose_from_step": Decimal(8),
    "tocilizumab_interval": timedelta(days=14), "repeat_while_low": timedelta(days=2),
    "restart_count_from": timedelta(days=2), "restart_count_until": timedelta(days=5), "restart_weekly_counts": 4,
}  # fmt: skip


def test_profile_holds_the_numbers_of_the_specification(profile: Profile) -> None:
    values = {name: getattr(profile.thresholds, name) for name in profile.entries}
    early = values.pop("early_window")
    assert values == VALUES
    assert early == {"us": timedelta(days=90), "eu": timedelta(days=180)}[profile.name]


def test_every_choice_of_this_project_is_marked(profile: Profile) -> None:
    for entry in profile.entries.values():
        assert (entry.source == "LOCAL") is entry.note.startswith("[LOCAL]")
        assert entry.note


BAD_EDITS = [
    ("entry missing", "[anc_low]\nvalue = 1.5\nunit = \"10*9/L\"\nsource = \"KIN-EU\"\nverified = true\n",
     "[anc_high]\nvalue = 1.5\nunit = \"10*9/L\"\nsource = \"KIN-EU\"\nverified = true\n", "[anc_low] is missing"),
    ("entry unknown", "[anc_low]", "[anc_lower]\n\n[anc_low]", "[anc_lower] is no threshold"),
    ("value is text", "value = 1.5\n", 'value = "low"\n', "[anc_low] value: "),
    ("value absent", "value = 1.5\n", "", "[anc_low] missing entry `value`"),
    ("value negative", "value = 1.5\n", "value = -1.5\n", "[anc_low] value is not a number above 0"),
    ("value not finite", "value = 1.5\n", "value = inf\n", "[anc_low] value is not a number above 0"),
    ("wrong unit", 'unit = "10*9/L"', 'unit = "/uL"', 'unit is "/uL"; write the value in "10*9/L"'),
    ("wrong span", "value = 38\nunit = \"days\"", "value = 5\nunit = \"weeks\"", '"days" or "hours"'),
    ("half a day", "value = 38\n", "value = 38.5\n", "[stale_early] is a span of time"),
    ("half a count", "value = 2\nunit = \"counts\"", "value = 2.5\nunit = \"counts\"", "is counted"),
    ("no source", 'source = "KIN-EU"', 'source = "KIN"', 'source "KIN" is not in sources.toml'),
    ("unknown key", "value = 1.5\n", "value = 1.5\ncomment = 1\n", "unknown entry `comment`"),
    ("bins inside out", "value = 1.0\n", "value = 1.7\n", "[anc_very_low] is not below [anc_low]"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "says"), [bad[1:] for bad in BAD_EDITS], ids=[bad[0] for bad in BAD_EDITS])
def test_bad_edit_is_refused_by_name(copy: Path, edit: Edit, old: str, new: str, says: str) -> None:
    edit(US, old, new)
    with pytest.raises(ContentError) as caught:
        load_profile(copy, "us")
    assert caught.value.message.startswith("cards/profiles/us.toml")
    assert says in caught.value.message


def test_bin_written_as_text_is_refused(copy: Path, edit: Edit) -> None:
    edit(US, "[anc_low]\n", "anc_high = 3\n[anc_low]\n")
    with pytest.raises(ContentError, match=r"cards/profiles/us\.toml"):
        load_profile(copy, "us")


@pytest.mark.parametrize("name", ["fr", "", "../sources", "US"])
def test_unknown_profile_is_refused(cards: Path, name: str) -> None:
    with pytest.raises(ContentError, match="use one of: eu, us"):
        load_profile(cards, name)
