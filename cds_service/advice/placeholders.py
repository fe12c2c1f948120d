"""The names a card's text may use in braces, what each means, and which of them each row is promised.

A word group in square brackets is left out when one of its placeholders has no value: "held[ since {hold_date}]".
Outside brackets a placeholder must be one that the row is promised (``PROMISED``), so that no text can fail at 3 a.m.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple


class Placeholder(NamedTuple):
    """What a placeholder stands for, a usual value, and the longest value the writer may give it."""

    meaning: str
    sample: str
    longest: str


PLACEHOLDERS: Final[Mapping[str, Placeholder]] = MappingProxyType(
    {
        "anc": Placeholder("the latest usable neutrophil count, bare number in 10*9/L", "0.96", "<= 0.125"),
        "previous": Placeholder("the usable count before it, bare number in 10*9/L", "4.4", ">= 12.345"),
        "date": Placeholder("the day of the latest usable count", "20 Nov 2026", "20 Nov 2026"),
        "hold_date": Placeholder("the day anakinra was held or stopped", "18 Nov 2026", "18 Nov 2026"),
        "nadir": Placeholder("the lowest count of the latest earlier episode, 10*9/L", "0.75", "<= 0.125"),
        "drug": Placeholder("the drug that is ordered", "methotrexate", "sulfamethoxazole/trimethoprim"),
        "other": Placeholder("the drug it would overlap with, or several", "anakinra", "tocilizumab and canakinumab"),
        "list": Placeholder(
            "the tests that are missing, or the drugs meant, in words; trimmed by the writer",
            "platelets, ALT/AST",
            "ferritin, AST, triglycerides, fibrinogen, platelets",
        ),
        "reason": Placeholder(
            "why the counts could not be assessed, in plain words; trimmed by the writer",
            "the EHR did not answer in time",
            "another patient's data among the neutrophil counts and requests",
        ),
        "ratio": Placeholder("the higher of ALT and AST as a multiple of its upper limit", "3.4", "123.4"),
        "analyte": Placeholder("which liver test it is", "ALT", "ALT"),
        "platelets": Placeholder("the latest platelet count in 10*9/L", "88", "123.45"),
        "egfr": Placeholder("the latest eGFR in mL/min/1.73m2", "24", "24.75"),
        "below_start": Placeholder(
            "the latest count, where it has recovered to 1.5 but not to the tocilizumab start limit", "1.7", "1.9999"
        ),
        "unrecorded": Placeholder(
            "which of fever and a diagnosis of Still's disease is not recorded",
            "fever",
            "fever and a diagnosis of Still's disease",
        ),
        "unwell": Placeholder(
            "what is on file beside a recovered count, with its verb: fever, results in the MAS range, or both",
            "fever is",
            "fever and results in the range of macrophage activation syndrome (MAS) are",
        ),
        "mas_basis": Placeholder(
            "why MAS is thought of, a whole clause: it is recorded, results are in its range, or both",
            "macrophage activation syndrome (MAS) or HLH is recorded",
            "macrophage activation syndrome (MAS) or HLH is recorded, with results in its range",
        ),
        "mas_labs": Placeholder(
            "the MAS labs that this card's suggestion orders",
            "triglycerides and fibrinogen",
            "ferritin, triglycerides, fibrinogen and AST",
        ),
        "how_often": Placeholder(
            "how often this card's suggestion repeats the count; absent where it is ordered once",
            "every 1-2 days until recovery",
            "every 1-2 days until recovery",
        ),
        "switch_dose": Placeholder(
            "the dose of the tocilizumab order that is drafted; absent where none is",
            "dose to be decided",
            "label: 12 mg/kg intravenously every 2 weeks",
        ),
        "not_yet": Placeholder(
            "why no tocilizumab order is drafted; absent where one is",
            "ANC below 2.0",
            "ANC below 2.0; platelets, ALT or AST outside the start limits",
        ),
        "half_dose": Placeholder("half of the previous anakinra dose, with its unit", "50 mg", "12.75 mg/kg/day"),
    }
)

_COUNT = frozenset({"anc"})
_NONE = frozenset[str]()

PROMISED: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        # chart, anakinra on or held
        "PV1": _NONE,
        "PV2": _NONE,
        "PV3": frozenset({"anc", "date"}),
        "PV4": _NONE,
        "PV6": frozenset({"anc", "previous"}),
        "PV7": _COUNT,
        "PV8": _COUNT,
        "PV9": _COUNT,
        "PV10": _COUNT,
        "PV11": _COUNT,
        "PV12": _COUNT,
        "PV13": _COUNT,
        "PV14": _COUNT,
        "PV15": _COUNT,
        "PV15a": frozenset({"anc", "unwell"}),
        "PV16": _COUNT,
        # chart, tocilizumab existing
        "PT1": _COUNT,
        "PT2": _COUNT,
        "PT3": _NONE,
        "PT4": _COUNT,
        "PT5": _NONE,
        # anakinra ordered
        "OA1": _NONE,
        "OA2": _NONE,
        "OA3": _COUNT,
        "OA3m": frozenset({"anc", "mas_basis"}),
        "OA4": _COUNT,
        "OA5": frozenset({"nadir"}),
        "OA6": _NONE,  # the nadir is not on file where only the reason of a hold names neutropenia
        # tocilizumab ordered
        "OT1": _NONE,
        "OT2": frozenset({"list"}),
        "OT3": _COUNT,
        "OT4": _COUNT,
        "OT5": _COUNT,
        # another drug that can lower neutrophils ordered
        "OU1": frozenset({"anc", "drug"}),
        "OU1b": frozenset({"anc", "drug"}),
        "OU2": _NONE,
        # could not be assessed
        "NA": frozenset({"reason"}),
        # overlays
        "M1": _NONE,
        "M1b": frozenset({"unrecorded"}),
        "M2": frozenset({"anc", "list"}),
        "T1": _NONE,
        "B1": frozenset({"drug", "other"}),
        "R1": frozenset({"egfr"}),
        "L1": _NONE,
        "L2": _NONE,
        "L3": frozenset({"ratio"}),
        "W1": _NONE,
        "D1": _COUNT,
        "G1": _NONE,
    }
)
