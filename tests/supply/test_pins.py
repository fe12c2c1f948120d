"""What is installed is one version of each package, with the hashes of its files, and the same in every file."""

import importlib.metadata
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from supply.pins import FOLDER, NotPinnedError, everywhere, pins

PROJECT = tomllib.loads((FOLDER.parent / "pyproject.toml").read_text("utf-8"))
FILES = ("run", "dev", "build", "sandbox", "bench", "tools")
WANTED = {
    "run": [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["postgresql"]],
    "dev": [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["dev"]],
    "sandbox": PROJECT["project"]["optional-dependencies"]["sandbox"],
    **PROJECT["dependency-groups"],
}
A, B = "a" * 64, "b" * 64


def versions(file: str) -> dict[str, str]:
    return {each.name: each.version for each in pins(FOLDER / f"{file}.txt")}


def test_there_is_no_other_file() -> None:
    assert {each.stem for each in FOLDER.glob("*.txt")} == set(FILES)


@pytest.mark.parametrize("file", FILES)
def test_every_line_is_one_version_with_hashes(file: str) -> None:
    found = pins(FOLDER / f"{file}.txt")  # raises NotPinnedError
    assert len({(each.name, each.marker) for each in found}) == len(found) > 0


@pytest.mark.parametrize("file", FILES)
def test_what_the_project_asks_for_is_pinned_within_its_limits(file: str) -> None:
    pinned = versions(file)
    for line in WANTED[file]:
        wanted = Requirement(line)
        if wanted.name != PROJECT["project"]["name"]:  # its own extras
            assert pinned[canonicalize_name(wanted.name)] in wanted.specifier, line


def test_what_the_build_needs_is_pinned() -> None:
    assert set(PROJECT["build-system"]["requires"]) <= set(PROJECT["dependency-groups"]["build"])


@pytest.mark.parametrize("file", ["dev", "build"])
def test_files_installed_together_agree(file: str) -> None:
    run, other = versions("run"), versions(file)
    shared = run.keys() & other.keys()
    assert {name: other[name] for name in shared} == {name: run[name] for name in shared}
    assert file != "dev" or shared == run.keys()


def test_an_extra_that_a_package_asks_for_stands_beside_its_pin() -> None:
    """Else pip of Python 3.11 refuses the file: it takes `coverage[toml]` for another package than `coverage`."""
    lines = (FOLDER / "dev.txt").read_text("utf-8").splitlines()
    written = [Requirement(line.partition(" \\")[0]) for line in lines if "==" in line and not line.startswith("#")]
    extras = {canonicalize_name(each.name): each.extras for each in written}
    asked = [
        Requirement(line)
        for each in importlib.metadata.distributions()
        if canonicalize_name(each.name) in extras
        for line in each.requires or ()
    ]
    beside = [each for each in asked if each.extras and (each.marker is None or each.marker.evaluate({"extra": ""}))]
    assert "coverage" in {each.name for each in beside}
    assert [str(each) for each in beside if not each.extras <= extras[canonicalize_name(each.name)]] == []


@pytest.mark.parametrize(("name", "least"), [("urllib3", "2.7"), ("pyjwt", "2.13")])
def test_known_faults_are_behind_us(name: str, least: str) -> None:
    assert Version(versions("run")[name]) >= Version(least)


def file_of(folder: Path, text: str) -> Path:
    path = folder / "some.txt"
    path.write_text(text, "utf-8")
    return path


def test_a_pin_is_read_with_its_marker_and_all_its_hashes(tmp_path: Path) -> None:
    text = f"# note\nOdd_Name==1.0 ; sys_platform == 'win32' \\\n    --hash=sha256:{A} \\\n    --hash=sha256:{B}\n"
    (found,) = pins(file_of(tmp_path, text))
    assert found == ("odd-name", "1.0", 'sys_platform == "win32"', (A, B))
    assert everywhere((found,)) == f"odd-name==1.0 --hash=sha256:{A} --hash=sha256:{B}\n"


def test_an_extra_is_no_part_of_the_name(tmp_path: Path) -> None:
    (found,) = pins(file_of(tmp_path, f"pyjwt[crypto]==2.15.1 --hash=sha256:{A}\n"))
    assert found == ("pyjwt", "2.15.1", "", (A,))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("flask==3.1.3", "no SHA-256"),
        (f"flask==3.1.3 --hash=md5:{A}", "no SHA-256"),
        (f"flask==3.1.3 --hash=sha256:{A} --hash=sha256:abc", "no SHA-256"),
        (f"flask>=3.1 --hash=sha256:{A}", "not one version"),
        (f"flask==3.* --hash=sha256:{A}", "not one version"),
        (f"flask --hash=sha256:{A}", "not one version"),
        (f"flask==3.1.3,!=3.1.4 --hash=sha256:{A}", "not one version"),
    ],
)
def test_a_line_that_leaves_something_open_is_named(tmp_path: Path, line: str, says: str) -> None:
    with pytest.raises(NotPinnedError, match=f"^flask.*: {says}"):
        pins(file_of(tmp_path, f"{line}\n"))
