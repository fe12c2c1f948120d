"""Local routes and forms: what makes a steroid or a confounder not count."""

import pytest

from cds_service.codes.routes import is_local_code, is_local_text
from cds_service.codes.systems import ATC, RXNORM, SNOMED


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("hydrocortisone 10 MG/ML Topical Cream", True),
        ("dexamethasone 1 MG/ML Ophthalmic Suspension", True),
        ("cyclosporine 0.5 MG/ML Ophthalmic Emulsion", True),
        ("Dexamethasone 0.1 % eye drops", True),
        ("betamethasone 0.5 MG/ML Topical Lotion", True),
        ("dexamethasone / ciprofloxacin Otic Suspension", True),
        ("for inhalation", True),
        ("Nebuliser solution", True),
        ("Apply topically", True),
        ("prednisone 10 MG Oral Tablet", False),
        ("methotrexate 25 MG/ML Subcutaneous Solution", False),
        ("Subcutaneous route", False),
        ("Transdermal", False),
        ("methylprednisolone 40 MG Injection", False),
        ("", False),
    ],
)
def test_what_a_text_says(text: str, local: bool) -> None:
    assert is_local_text(text) is local


@pytest.mark.parametrize(
    ("system", "code", "local"),
    [
        (SNOMED, "6064005", True),
        (SNOMED, "54485002", True),
        (SNOMED, "447694001", True),
        (SNOMED, "46713006", True),
        (SNOMED, "26643006", False),  # oral
        (SNOMED, "34206005", False),  # subcutaneous
        (ATC, "D07AA02", True),
        (ATC, "S01BA01", True),
        (ATC, "R03BA02", True),
        (ATC, "H02AB07", False),
        (RXNORM, "6064005", False),
        (None, None, False),
    ],
)
def test_what_a_code_says(system: str | None, code: str | None, local: bool) -> None:
    assert is_local_code(system, code) is local
