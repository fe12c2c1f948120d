"""Every number a rule compares with, in one frozen value.

Nothing has a default: the values, each with its source and its verified mark, are in ``cards/profiles/<name>.toml``
and are loaded by ``advice.profile``. Numbers are Decimal in the unit named by their type, spans of time are timedelta.
Neutrophil bins are half-open: the lower bound belongs to the bin ("1.5" is not low).
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Annotated

Cells = Annotated[Decimal, "10*9/L"]
Factor = Annotated[Decimal, "1"]
TimesUpperLimit = Annotated[Decimal, "x ULN"]
Celsius = Annotated[Decimal, "Cel"]
Ferritin = Annotated[Decimal, "ug/L"]
Enzyme = Annotated[Decimal, "U/L"]
MgPerDl = Annotated[Decimal, "mg/dL"]
GramsPerDl = Annotated[Decimal, "g/dL"]
Clearance = Annotated[Decimal, "mL/min/1.73m2"]
Kilograms = Annotated[Decimal, "kg"]
MgPerKg = Annotated[Decimal, "mg/kg"]
Span = Annotated[timedelta, "time"]
Years = Annotated[int, "years"]
Count = Annotated[int, "counts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The limits of one profile (US or EU labels); see ``cards/profiles`` for value, unit and source of each.

    ANC bins: ``anc_low`` 1.5 (neutropenia), ``anc_very_low`` 1.0, ``anc_critical`` 0.5, ``anc_recovered`` 2.0.
    """

    # Neutrophil bins, 10*9/L
    anc_low: Cells
    anc_very_low: Cells
    anc_critical: Cells
    anc_recovered: Cells
    # Tocilizumab label: no start below, hold at or below, not recommended below
    tocilizumab_start: Cells
    tocilizumab_hold: Cells
    tocilizumab_stop: Cells

    # When a result is too far in the future, or too old, to speak of today
    future_tolerance: Span
    low_count_in_force: Span
    stale_early: Span
    early_window: Span
    stale_late: Span
    stale_draft_or_held: Span
    stale_tocilizumab: Span

    # Exposure: gaps that join, and how long a hold or a stop still counts as "held"
    exposure_gap: Span
    held_after_hold: Span
    held_after_stop: Span
    held_low_before: Span
    held_low_after: Span
    tocilizumab_hold_counts: Span

    # Episodes and history
    episode_tail: Span
    tolerated_after: Span
    tolerated_counts: Count

    # Causality: what stopping and giving it again showed, and what else could have been the cause
    dechallenge_within: Span
    rechallenge_at_least: Span
    leucocytosis_anc_from: Cells
    leucocytosis_wbc_from: Cells
    other_cause_within: Span

    # Trend of the last two counts
    trend_pair: Span
    fall_factor: Factor
    rise_factor: Factor
    rise_at_least: Cells
    steep_fall_factor: Factor
    steep_fall_below: Cells

    # Fever
    fever_once: Celsius
    fever_twice: Celsius
    fever_twice_apart: Span
    fever_temperatures: Span
    fever_condition: Span

    # Rows
    recheck_grace: Span
    restart_watch: Span
    tocilizumab_labs_current: Span

    # Macrophage activation syndrome pattern (M1, M1b): ferritin above, and two of the other four
    mas_ferritin_above: Ferritin
    mas_platelets_at_most: Cells
    mas_ast_above: Enzyme
    mas_triglycerides_above: MgPerDl
    mas_fibrinogen_at_most: MgPerDl
    mas_labs_within: Span
    mas_criteria_needed: Count
    # A second falling line (M2)
    second_line_within: Span
    second_line_platelets_below: Cells
    second_line_hemoglobin_fall: GramsPerDl

    # Other overlays (R1, L1, L2, L3, W1, G1)
    egfr_below: Clearance
    egfr_within: Span
    liver_within: Span
    liver_start_above: TimesUpperLimit
    liver_hold_above: TimesUpperLimit
    liver_anakinra_on_above: TimesUpperLimit
    liver_anakinra_draft_from: TimesUpperLimit
    platelets_start_below: Cells
    platelets_hold_at_most: Cells
    weight_within: Span
    tocilizumab_min_age: Years
    gcsf_within: Span

    # What a suggestion may state
    rechallenge_dose_part: Factor
    tocilizumab_weight_step: Kilograms
    tocilizumab_dose_below_step: MgPerKg
    tocilizumab_dose_from_step: MgPerKg
    tocilizumab_interval: Span
    repeat_while_low: Span
    restart_count_from: Span
    restart_count_until: Span
    restart_weekly_counts: Count

    @property
    def longest_look_back(self) -> Span:
        """How far back any rule looks for a result that is no neutrophil count; older ones need not be read."""
        return max(
            self.fever_temperatures,
            self.tocilizumab_labs_current,
            self.mas_labs_within,
            self.second_line_within,
            self.egfr_within,
            self.liver_within,
            self.weight_within,
        )
