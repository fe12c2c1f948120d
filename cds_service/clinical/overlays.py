"""The overlay cards: zero or more beside the base rows, on every hook. Ids are those of the specification, section 5.

Each overlay is a function from the scene to a verdict. ``OVERLAYS`` is their order, in the trace and on the screen.
"""

from collections.abc import Callable
from typing import NamedTuple

from cds_service.clinical.combinations import BOTH_ORDERED, overlapping_biologics, tnf_combination
from cds_service.clinical.dosing import duffy_null, masked_count, renal_dose, tocilizumab_weight
from cds_service.clinical.liver import anakinra_liver, tocilizumab_continuation_labs, tocilizumab_start_labs
from cds_service.clinical.mas_overlays import mas_labs_incomplete, mas_pattern_full, mas_pattern_partial
from cds_service.clinical.scene import Scene, Verdict


class Overlay(NamedTuple):
    """``code`` is the card; ``needed_for_clear`` marks those that must be CLEAR before an answer may be empty."""

    id: str
    code: str
    evaluate: Callable[[Scene], Verdict]
    needed_for_clear: bool = False
    variants: tuple[str, ...] = ("",)


OVERLAYS: tuple[Overlay, ...] = (
    Overlay("M1", "mas-pattern", mas_pattern_full),
    Overlay("M1b", "mas-pattern", mas_pattern_partial),
    Overlay("M2", "mas-labs-incomplete", mas_labs_incomplete),
    Overlay("T1", "tnf-combination", tnf_combination, needed_for_clear=True),
    Overlay("B1", "overlapping-biologics", overlapping_biologics, needed_for_clear=True, variants=("", BOTH_ORDERED)),
    Overlay("R1", "renal-dose", renal_dose),
    Overlay("L1", "tocilizumab-labs", tocilizumab_start_labs),
    Overlay("L2", "tocilizumab-labs", tocilizumab_continuation_labs),
    Overlay("L3", "anakinra-liver", anakinra_liver),
    Overlay("W1", "tocilizumab-weight", tocilizumab_weight),
    Overlay("D1", "duffy-null", duffy_null),
    Overlay("G1", "count-masked", masked_count),
)
