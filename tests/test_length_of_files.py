"""House rule 10: a file past 200 lines is split by idea."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LONGEST = 200


@pytest.mark.parametrize("folder", ["cds_service", "tests", "bench", "supply"])
def test_no_file_is_longer(folder: str) -> None:
    lengths = {file: len(file.read_text("utf-8").splitlines()) for file in (ROOT / folder).rglob("*.py")}
    assert lengths
    too_long = {str(file.relative_to(ROOT)): length for file, length in lengths.items() if length > LONGEST}
    assert not too_long, f"split by idea, one idea a file: {too_long}"
