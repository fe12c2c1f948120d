"""Row by row, the summary, indicator and code of the clinical specification: its wording is the contract."""

import pytest

from cds_service.advice.library import PLACEHOLDERS, Library

SAMPLES = {name: placeholder.sample for name, placeholder in PLACEHOLDERS.items()}
UNREADABLE = (
    "Neutrophil result on file cannot be interpreted (unit, code, date or status). Please verify with the laboratory."
)
PATHWAY = "Urgent assessment: follow the local febrile neutropenia pathway."
ALL_THREE = "infection, flare and MAS all need considering."
EU_START = "EU label: must not be initiated below 1.5"

# (row, variant, indicator, code, summary with the usual values): the contract of the clinical specification
SUMMARIES = [
    ("PV11", "", "critical", "neutropenic-fever", f"Fever with ANC 0.96 on or after anakinra. {PATHWAY}"),
    ("PV12", "", "warning", "neutropenic-fever", f"Fever with ANC 0.96 on or after anakinra: {ALL_THREE}"),
    ("PV1", "", "info", "verify-anc", UNREADABLE),
    ("PV15a", "", "warning", "recovered-but-unwell",
     "Neutrophils recovered (0.96) but fever or MAS-range labs. "
     "Exclude infection and MAS before choosing treatment."),
    ("PV4", "", "warning", "recheck-after-hold",
     "Anakinra held since 18 Nov 2026 (last count 0.96): no repeat neutrophil count is on file."),
    ("PV4", "early", "info", "recheck-after-hold",
     "Anakinra held since 18 Nov 2026 (last count 0.96): no repeat neutrophil count is on file."),
    ("PV4", "stale", "warning", "recheck-after-hold",
     "Anakinra held since 18 Nov 2026: no recent count, last 0.96 on 20 Nov 2026."),
    ("PV14", "", "warning", "not-recovering",
     "Neutrophils not rising after anakinra was held (latest 0.96). "
     "Look for other causes; consider haematology advice."),
    ("PV14", "trend-unknown", "warning", "not-recovering",
     "Neutrophils still low after anakinra was held (latest 0.96). "
     "Look for other causes; consider haematology advice."),
    ("PV13", "", "info", "recovering",
     "Neutrophils rising after anakinra was held (latest 0.96, below 1.5). Repeat until recovered."),
    ("PV16", "", "info", "switch-after-failed-rechallenge",
     "Neutrophils recovered (0.96) after a failed anakinra rechallenge. "
     "Options for a specialist decision in detail."),
    ("PV15", "", "info", "rechallenge-or-switch",
     "Neutrophils recovered (0.96) after anakinra was held. "
     "Options: switch to tocilizumab or rechallenge; sources differ."),
    ("PV2", "", "info", "baseline-anc",
     "On anakinra with no neutrophil count on file. Labels call for a baseline count and regular monitoring."),
    ("PV3", "", "info", "anc-overdue",
     "On anakinra: neutrophil count overdue against the configured schedule (last 0.96 on 20 Nov 2026)."),
    ("PV10", "", "critical", "hold-anakinra",
     "ANC 0.96 on anakinra: urgent same-day review. Consider holding; check for infection; repeat the count."),
    ("PV9", "", "warning", "hold-anakinra",
     "ANC 0.96 on anakinra: consider holding; look for infection and other causes; repeat the count in 1-2 days."),
    ("PV8", "", "warning", "review-anakinra",
     "ANC 0.96 on anakinra: EU label advises close monitoring and stopping below 1.5 (US label: no number). Review."),
    ("PV6", "", "info", "anc-falling",
     "Neutrophils fell from 4.4 to 0.96 on anakinra (still >= 1.5). Consider an earlier repeat count."),
    ("PV7", "", "info", "watch-after-restart",
     "Back on anakinra after earlier neutropenia; latest count 0.96. Check the follow-up count is planned."),
    ("PT4", "urgent", "critical", "neutropenic-fever", f"Fever with ANC 0.96 on tocilizumab. {PATHWAY}"),
    ("PT4", "", "warning", "neutropenic-fever", f"Fever with ANC 0.96 on tocilizumab: {ALL_THREE}"),
    ("PT5", "", "info", "verify-anc", UNREADABLE),
    ("PT1", "", "critical", "tocilizumab-below-threshold",
     "On tocilizumab with ANC 0.96. Label: treatment not recommended below 0.5. Urgent review."),
    ("PT2", "", "warning", "hold-tocilizumab",
     "On tocilizumab with ANC 0.96. Label: hold dosing until above 1.0."),
    ("PT3", "", "info", "tocilizumab-labs-due",
     "On tocilizumab: neutrophils, platelets and ALT/AST are due."),
    ("OA1", "", "warning", "verify-anc",
     "Anakinra ordered, but the neutrophil result cannot be interpreted. Verify before the first dose."),
    ("OA3m", "", "warning", "anakinra-in-mas",
     "Anakinra ordered with ANC 0.96 and possible MAS. "
     "Label limit and MAS treatment conflict: urgent specialist decision."),
    ("OA3", "", "critical", "do-not-start-anakinra", f"Anakinra ordered with ANC 0.96. {EU_START}."),
    ("OA3", "fever", "critical", "do-not-start-anakinra", f"Anakinra ordered with ANC 0.96 (and fever). {EU_START}."),
    ("OA4", "", "warning", "do-not-start-anakinra",
     f"Anakinra ordered with ANC 0.96. {EU_START}; US label gives no cut-off."),
    ("OA2", "", "warning", "anakinra-needs-anc",
     "Anakinra ordered without a current neutrophil count. US label: assess before starting."),
    ("OA5", "", "warning", "rechallenge-after-failure",
     "Anakinra ordered after a failed rechallenge (nadir 0.75). Specialist decision; plan early repeat counts."),
    ("OA6", "", "info", "rechallenge-after-recovery",
     "Anakinra rechallenge after neutropenia (nadir 0.75) that recovered. Plan early repeat counts; see evidence."),
    ("OT1", "", "warning", "verify-anc",
     "Tocilizumab ordered, but the neutrophil result cannot be interpreted. Verify before dosing."),
    ("OT3", "", "critical", "tocilizumab-below-threshold",
     "Tocilizumab ordered with ANC 0.96. Label: treatment not recommended below 0.5."),
    ("OT4", "", "warning", "tocilizumab-below-threshold",
     "Tocilizumab start ordered with ANC 0.96. Label: starting not recommended below 2.0."),
    ("OT5", "", "warning", "hold-tocilizumab",
     "On tocilizumab with ANC 0.96. Label: hold dosing until above 1.0."),
    ("OT2", "", "warning", "tocilizumab-needs-labs",
     "Tocilizumab ordered without current platelets, ALT/AST. Label needs ANC, platelets and ALT/AST."),
    ("OU1b", "", "info", "myelotoxic-order",
     "Methotrexate can lower neutrophils, and the latest ANC on or after anakinra is 0.96."),
    ("OU1", "", "warning", "myelotoxic-order",
     "Methotrexate can lower neutrophils, and the latest ANC on or after anakinra is 0.96."),
    ("OU2", "", "info", "verify-anc", UNREADABLE),
    ("NA", "view", "info", "not-assessed",
     "Neutrophils could not be assessed: the EHR did not answer in time. Check the chart before deciding."),
    ("NA", "order", "warning", "not-assessed",
     "Neutrophils could not be assessed: the EHR did not answer in time. Check the chart before deciding."),
    ("M1", "", "critical", "mas-pattern",
     "Results fit the 2016 MAS classification pattern. Urgent specialist review before stopping IL-1 blockade."),
    ("M1b", "", "warning", "mas-pattern",
     "MAS-range results (fever or diagnosis not recorded). "
     "Check temperature; specialist review before stopping IL-1 blockade."),
    ("M2", "", "info", "mas-labs-incomplete",
     "Low neutrophils with another falling count: MAS labs are incomplete (missing: platelets, ALT/AST)."),
    ("T1", "", "warning", "tnf-combination",
     "Anakinra with a TNF blocker is not recommended: more serious infections in trials."),
    ("B1", "", "warning", "overlapping-biologics",
     "Methotrexate ordered while anakinra is active. Confirm this is a switch, not a combination."),
    ("B1", "both-ordered", "warning", "overlapping-biologics",
     "Methotrexate and anakinra ordered together. Confirm this is a switch, not a combination."),
    ("R1", "", "info", "renal-dose", "eGFR 24: US label suggests considering anakinra on alternate days."),
    ("L1", "", "warning", "tocilizumab-labs",
     "Tocilizumab start: platelets or ALT/AST outside the label's start limits."),
    ("L2", "", "warning", "tocilizumab-labs",
     "On tocilizumab: platelets or ALT/AST at the label's hold level."),
    ("L3", "", "info", "anakinra-liver",
     "ALT/AST 3.4 x ULN with anakinra. Both anakinra and tocilizumab can raise liver enzymes."),
    ("W1", "", "info", "tocilizumab-weight",
     "Tocilizumab dosing is by weight (30 kg step) and labelled from age 2. Check weight and age."),
    ("D1", "", "info", "duffy-null",
     "Duffy-null recorded: a lower baseline is expected; compare with the patient's own baseline."),
    ("G1", "", "info", "count-masked",
     "Steroid or G-CSF can raise neutrophils; the count may not reflect recovery."),
]  # fmt: skip


@pytest.mark.parametrize(("row_id", "variant", "indicator", "code", "summary"), SUMMARIES)
def test_row_says_what_the_specification_says(
    library: Library, row_id: str, variant: str, indicator: str, code: str, summary: str
) -> None:
    card, row = library.row(row_id, variant)
    assert (card.code, row.indicator, row.summary.fill(SAMPLES)) == (code, indicator, summary)


def test_table_above_names_every_row(library: Library) -> None:
    assert {(row, variant) for row, variant, *_ in SUMMARIES} == set(library.rows)
