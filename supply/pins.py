"""The pinned dependencies: ``requirements/NAME.txt``, each line one version with the hashes of its files."""

import re
import sys
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FOLDER = Path(__file__).parents[1] / "requirements"
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})(?= |$)")


class NotPinnedError(Exception):
    """A line that leaves open what is installed."""


class Pin(NamedTuple):
    """One version of one package. ``hashes`` are the SHA-256 of its files, any of which may be installed."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]


def pins(path: Path) -> tuple[Pin, ...]:
    """The pins of a file, in its order. Raises NotPinnedError with the line that is none."""
    lines = path.read_text("utf-8").replace("\\\n", " ").splitlines()
    return tuple(_pin(line.strip()) for line in lines if line.strip() and not line.lstrip().startswith("#"))


def everywhere(found: tuple[Pin, ...]) -> str:
    """The same pins as a requirements file without markers: also what only another platform installs."""
    return "".join(f"{each.name}=={each.version} {' '.join(map(_option, each.hashes))}\n" for each in found)


def _pin(line: str) -> Pin:
    said, _, _ = line.partition(" --hash")
    hashes = tuple(_HASH.findall(line))
    if not hashes or len(hashes) != line.count("--hash"):
        raise NotPinnedError(f"{said}: no SHA-256 beside it; run `make lock`")
    requirement = Requirement(said)
    versions = [each.version for each in requirement.specifier if each.operator == "=="]
    if len(requirement.specifier) != 1 or not versions or versions[0].endswith("*"):
        raise NotPinnedError(f"{said}: not one version; run `make lock`")
    return Pin(canonicalize_name(requirement.name), versions[0], str(requirement.marker or ""), hashes)


def _option(digest: str) -> str:
    return f"--hash=sha256:{digest}"


if __name__ == "__main__":
    sys.stdout.write(everywhere(pins(Path(sys.argv[1]))))
