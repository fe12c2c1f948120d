"""Conditions by code, and reasons in words."""

import pytest

from cds_service.codes.conditions import kinds_of, names_neutropenia
from cds_service.codes.systems import ICD10CM, SNOMED


@pytest.mark.parametrize(
    ("system", "code", "kinds"),
    [
        (ICD10CM, "M08.20", {"sjia"}),
        (ICD10CM, "M08.2", {"sjia"}),
        (ICD10CM, "M08.279", {"sjia"}),
        (ICD10CM, "M0820", {"sjia"}),
        (SNOMED, "201796004", {"sjia"}),
        (ICD10CM, "M06.1", {"aosd"}),
        (SNOMED, "402415001", {"schnitzler"}),
        (ICD10CM, "M04.2", {"caps"}),
        (ICD10CM, "M04.1", {"periodic-fever"}),
        (ICD10CM, "M04.8", {"autoinflammatory"}),
        (ICD10CM, "M04.9", {"autoinflammatory"}),
        (ICD10CM, "D76.1", {"hlh"}),
        (ICD10CM, "D76.2", {"hlh"}),
        (ICD10CM, "D70.9", {"neutropenia"}),
        (ICD10CM, "D70", {"neutropenia"}),
        (SNOMED, "165517008", {"neutropenia"}),
        (ICD10CM, "D70.1", {"neutropenia", "chemo-neutropenia"}),
        (SNOMED, "409089005", {"neutropenia", "febrile-neutropenia"}),
        (ICD10CM, "R50.9", {"fever"}),
        (ICD10CM, "R50.81", {"fever"}),
        (ICD10CM, "R50.2", {"fever"}),
        (SNOMED, "386661006", {"fever"}),
        (ICD10CM, "Z67.A1", {"duffy-null"}),
        (ICD10CM, "R50.82", set()),  # postprocedural fever
        (ICD10CM, "M08.00", set()),
        ("http://hl7.org/fhir/sid/icd-10", "D70", set()),  # another edition numbers D70.1 otherwise
        (None, "D70", set()),
        (ICD10CM, None, set()),
    ],
)
def test_a_code_stands_for_its_kinds(system: str | None, code: str | None, kinds: set[str]) -> None:
    assert kinds_of(system, code) == kinds


@pytest.mark.parametrize(
    ("reason", "names_it"),
    [
        ("Neutropenia", True),
        ("severe NEUTROPENIC episode", True),
        ("neutrop\u00e9nie sous anakinra", True),
        ("neutrope\u0301nie", True),
        ("Agranulocytosis", True),
        ("improved", False),
        ("", False),
    ],
)
def test_a_reason_in_words(reason: str, names_it: bool) -> None:
    assert names_neutropenia(reason) is names_it
