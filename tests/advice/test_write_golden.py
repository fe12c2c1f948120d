"""One whole card, as a clinician reads it: the child with systemic JIA at 0.96. Read it aloud when you change it."""

from tests.advice.writing import card_of, labels, patient_on_file

SUMMARY = "ANC 0.96 on anakinra: consider holding; look for infection and other causes; repeat the count in 1-2 days."
# What does not depend on the wording of the card file
OPENING = """\
**0.96 x10⁹/L**, 20 Nov 2026 08:10 (2 days ago): moderate; CTCAE v5 grade 3, v6 grade 2.

| date | ANC | anakinra |
|---|---|---|
| 20 Nov | **0.96** | on, day 39 |
| 21 Oct | 4.4 | on, day 9 |
| 10 Oct | 12.1 | before |

**Why:** """
ORDER = "Anakinra order active since 12 Oct 2026 (day 41). **Fever:** not known (no temperature in 24 h)."
PARTS = [
    "\n\n**Sources:**\n\n- ",
    "\n\n**Where sources disagree:** ",
    " **Population:** the case reports are about adults; this patient is a child (7 years).",
    "\n\n**Also on:** methotrexate (can lower neutrophils). "
    "**Missing:** temperature, ferritin, triglycerides, fibrinogen, AST.",
    "\n\n*Offered:* ",
]
ENDING = " You decide. *Rules 0.3.0 (us), data as of 22 Nov 2026 08:14 UTC, unreviewed content.*"


def test_the_card_of_the_child() -> None:
    record = patient_on_file(
        orders="anakinra active from day -41; methotrexate active from day -30",
        counts="12.1 @ day -43; 4.4 @ day -32; 0.96 @ day -2 08:10",
        conditions="sjia",
        born="2019-05-06",
    )
    card = card_of("hold-anakinra", record)
    detail = card["detail"]
    assert card["summary"] == SUMMARY
    assert detail.startswith(OPENING)
    assert ORDER in detail
    assert detail.endswith(ENDING)
    places = [detail.index(part) for part in PARTS]
    assert places == sorted(places), "the parts are in their order"
    assert "[" not in detail, "no link and no leftover of a template"
    assert labels(card) == ["Hold anakinra and repeat the count", "Repeat the count only"]
    assert [link["label"] for link in card["links"]] == ["Perrin 2014", "EU Kineret label"]
