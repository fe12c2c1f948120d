"""Draft orders, from what a user types."""

from datetime import UTC, datetime

import pytest

from cds_service.codes.drugs import DRUGS
from cds_service.ehr.orders import ORDERABLE, draft_orders, selections
from cds_service.ehr.problems import CannotStart

NOW = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"


def concept(drug):
    return draft_orders((drug,), "p1", "Practitioner/1", NOW)["entry"][0]["resource"]["medicationCodeableConcept"]


@pytest.mark.parametrize(
    ("drug", "coding", "text"),
    [
        ("anakinra", {"system": RXNORM, "code": "72435", "display": "anakinra"}, "anakinra"),
        (" Tocilizumab ", {"system": RXNORM, "code": "612865", "display": "tocilizumab"}, "tocilizumab"),
        ("co-trimoxazole", {"system": RXNORM, "code": "10831", "display": "co-trimoxazole"}, "co-trimoxazole"),
        (
            "metamizole",
            {"system": "http://snomed.info/sct", "code": "780831000", "display": "metamizole"},
            "metamizole",
        ),
        ("72435", {"system": RXNORM, "code": "72435", "display": "anakinra"}, "anakinra"),
        ("727711", {"system": RXNORM, "code": "727711"}, "anakinra"),  # a product of it, whose own name we do not hold
        ("1191", {"system": RXNORM, "code": "1191"}, "RxNorm 1191"),
    ],
)
def test_a_drug_by_name_or_code(drug, coding, text):
    assert concept(drug) == {"coding": [coding], "text": text}


def test_every_drug_but_a_class_can_be_ordered():
    assert set(DRUGS) - set(ORDERABLE) == {"systemic glucocorticoid", "colony-stimulating factor"}


def test_an_unknown_name_says_what_to_type():
    with pytest.raises(CannotStart) as raised:
        concept("aspirin")
    assert raised.value.message == (
        "The drug 'aspirin' is not known here: say anakinra, tocilizumab or an RxNorm code such as 6851."
    )


def test_drafts_have_ids_that_selections_name():
    drafts = draft_orders(("anakinra", "6851"), "p1", "Practitioner/1", NOW)
    assert selections(drafts) == ["MedicationRequest/draft-1", "MedicationRequest/draft-2"]
    draft = drafts["entry"][0]["resource"]
    assert (draft["status"], draft["intent"], draft["authoredOn"]) == ("draft", "order", "2026-11-27T09:30:00Z")
