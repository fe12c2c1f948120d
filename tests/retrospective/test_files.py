"""Which files of a folder are read, and what is known from their names."""

import os
from pathlib import Path

import pytest

from cds_service.retrospective.files import NoExport, find, types_in_name


def test_every_ndjson_file_below_a_folder(tmp_path: Path) -> None:
    for name in ("b.ndjson", "a.NDJSON.gz", "manifest.json", "more/c.ndjson", "README"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = find([tmp_path])
    assert [str(each.relative_to(tmp_path)) for each in found.read] == ["a.NDJSON.gz", "b.ndjson", "more/c.ndjson"]
    assert [each.name for each in found.passed_over] == ["README", "manifest.json"]


def test_a_file_that_is_named_is_read_whatever_its_ending_and_once(tmp_path: Path) -> None:
    (tmp_path / "observations").touch()
    found = find([tmp_path / "observations", tmp_path, tmp_path / "observations"])
    assert (found.read, found.passed_over) == ((tmp_path / "observations",), ())


def test_a_folder_that_may_not_be_read_is_not_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(folder: str) -> None:
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(NoExport, match="Permission denied"):
        find([tmp_path])


@pytest.mark.parametrize(
    ("name", "types"),
    [
        ("Patient.ndjson", {"Patient"}),
        ("3.Condition.ndjson.gz", {"Condition"}),
        ("MedicationRequest_000-1.ndjson", {"MedicationRequest"}),
        ("part-1.ndjson", set()),
        ("Observations.ndjson", set()),
    ],
)
def test_the_types_that_a_name_tells(name: str, types: set[str]) -> None:
    assert types_in_name(Path(name)) == types
