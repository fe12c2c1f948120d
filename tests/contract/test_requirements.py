"""Every requirement can be looked up by its id, and says where it stands."""

import pytest

from cds_service.contract.requirements import requirement, requirements

VERBS = {"SHALL", "SHALL NOT", "SHOULD", "SHOULD NOT", "MAY", "DEPRECATED"}
ACTORS = {"Client", "Service", "Client and Service"}


def test_every_row_is_whole() -> None:
    assert len(requirements()) > 320
    for each in requirements().values():
        assert each.verb in VERBS
        assert each.actor in ACTORS
        assert each.url.startswith("https://")
        assert each.text
        assert "@" in each.id


def test_the_extracted_rows_are_all_there() -> None:
    assert [f"cds-hooks_2.0@{number}" for number in range(1, 221)] == [
        each for each in requirements() if each.startswith("cds-hooks_2.0@")
    ]


def test_a_fhir_element_is_a_requirement_without_a_row() -> None:
    found = requirement("fhir_r4@MedicationRequest.status")

    assert found.url == "https://hl7.org/fhir/R4/medicationrequest-definitions.html#MedicationRequest.status"


def test_an_element_with_a_choice_of_types_has_an_anchor_of_its_own() -> None:
    assert requirement("fhir_r4@MedicationRequest.medication[x]").url.endswith("#MedicationRequest.medication_x_")


def test_an_id_nobody_wrote_down_is_an_error() -> None:
    with pytest.raises(KeyError):
        requirement("cds-hooks_2.0@999")
