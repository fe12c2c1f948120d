"""docs/clients.md is true: its example is a right file, and it explains every member and every reason."""

import re
from pathlib import Path

from cds_service.trust.client_table import WRITE
from cds_service.trust.clients import read_clients
from tests.trust.forgeries import FORGERIES

TEXT = (Path(__file__).parents[2] / "docs" / "clients.md").read_text(encoding="utf-8")
SOURCES = Path(__file__).parents[2] / "cds_service" / "trust"


def test_the_example_is_right(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    file = tmp_path / "clients.toml"
    file.write_text(example)

    read = read_clients(file)

    assert read.faults == ()
    assert [table.name for table in read.tables] == ["general-hospital", "childrens-silent"]


def test_every_member_is_explained() -> None:
    table = TEXT.partition("| member |")[2].partition("\n\n")[0]

    assert set(re.findall(r"`([a-z_]+)`", "".join(row.split("|")[1] for row in table.splitlines()[2:]))) == set(WRITE)


def test_every_reason_is_explained_and_tested() -> None:
    written = {
        reason
        for source in SOURCES.glob("*.py")
        for reason in re.findall(r'Unauthorized\("([a-z-]+)"\)', source.read_text(encoding="utf-8"))
    }
    explained = TEXT.partition("| reason |")[2]

    assert {reason for reason in written if f"`{reason}`" not in explained} == set()
    tested = {forgery.partition(": ")[0] for forgery in FORGERIES}
    assert written - tested <= {"tenant", "replayed", "claims"}  # each has tests of its own; PyJWT's own checks
