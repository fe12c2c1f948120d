"""``python -m supply.sbom FOLDER``: the bill of materials of the service, CycloneDX 1.6, from what is pinned.

FOLDER has every pinned package installed (``make sbom``): licences and dependencies are read from their metadata. The
same pins give the same bytes; a time is written only if SOURCE_DATE_EPOCH says which.
https://cyclonedx.org/docs/1.6/json/
"""

import os
import re
import sys
import tomllib
from datetime import UTC, datetime
from importlib.metadata import Distribution, distributions
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.model.dependency import Dependency
from cyclonedx.model.license import License
from cyclonedx.model.lifecycle import LifecyclePhase, PredefinedLifecycle
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from supply.licences import expression
from supply.pins import FOLDER, Pin, pins

SBOM = FOLDER / "sbom.cdx.json"
PROJECT = FOLDER.parent / "pyproject.toml"
EXTRAS = ("postgresql",)
"""What a production site installs beside the dependencies; `make lock` pins it in run.txt too."""
_EXTRA = re.compile(r'extra == "([^"]+)"')
Installed = dict[str, Distribution]


class NotInstalledError(Exception):
    """A pinned package that is not in the folder, or in another version."""


def sbom(pinned: tuple[Pin, ...], installed: Installed, epoch: str | None = None) -> str:
    """The document as JSON. Raises NotInstalledError."""
    if missing := [each.name for each in pinned if _version(installed, each.name) != each.version]:
        raise NotInstalledError(f"{', '.join(missing)}: not installed as pinned; run `make sbom`")
    project = tomllib.loads(PROJECT.read_text("utf-8"))["project"]
    main = _component(project["name"], project["version"], project["license"], ComponentType.APPLICATION)
    parts = {each.name: _part(each, installed[each.name]) for each in pinned}

    bom = Bom(components=parts.values(), serial_number=uuid5(NAMESPACE_URL, repr((str(main.purl), sorted(pinned)))))
    bom.metadata.component = main
    bom.metadata.timestamp = datetime.fromtimestamp(int(epoch), UTC) if epoch else None  # type: ignore[assignment]
    # What a build is to be made from, as it was tested: an installer may still choose other versions.
    bom.metadata.lifecycles = [PredefinedLifecycle(LifecyclePhase.PRE_BUILD)]
    direct = [*project["dependencies"], *(line for each in EXTRAS for line in project["optional-dependencies"][each])]
    needs = {main: direct} | {part: installed[name].requires or [] for name, part in parts.items()}
    bom.dependencies = _dependencies(needs, parts)
    return JsonV1Dot6(bom).output_as_string(indent=1) + "\n"


def found_in(folder: Path) -> Installed:
    """The packages that are installed in a folder."""
    return {canonicalize_name(each.name): each for each in distributions(path=[str(folder)])}


def _part(pin: Pin, installed: Distribution) -> Component:
    part = _component(pin.name, pin.version, expression(installed.metadata), ComponentType.LIBRARY)
    part.scope = ComponentScope.OPTIONAL if pin.marker else ComponentScope.REQUIRED
    part.hashes = [HashType(alg=HashAlgorithm.SHA_256, content=each) for each in pin.hashes]
    return part


def _component(name: str, version: str, licence: str, kind: ComponentType) -> Component:
    purl = PackageURL("pypi", None, name, version)
    licences: list[License] = [LicenseFactory().make_from_string(licence)]
    return Component(name=name, version=version, type=kind, purl=purl, bom_ref=str(purl), licenses=licences)


def _dependencies(needs: dict[Component, list[str]], parts: dict[str, Component]) -> list[Dependency]:
    """Who needs whom among the parts, on any platform. ``needs``: a component -> its requirements (PEP 508)."""
    wanted = {part: [Requirement(line) for line in lines] for part, lines in needs.items()}
    extras: dict[Component, set[str]] = {part: set() for part in needs}
    for each in (each for lines in wanted.values() for each in lines):
        if part := parts.get(canonicalize_name(each.name)):
            extras[part] |= each.extras
    return [
        Dependency(part.bom_ref, [Dependency(each.bom_ref) for each in _needed(lines, extras[part], parts)])
        for part, lines in wanted.items()
    ]


def _needed(lines: list[Requirement], extras: set[str], parts: dict[str, Component]) -> set[Component]:
    """The parts that these requirements name, those left out that only another extra asks for."""
    asked = [each for each in lines if not (only := set(_EXTRA.findall(str(each.marker)))) or only & extras]
    return {parts[name] for each in asked if (name := canonicalize_name(each.name)) in parts}


def _version(installed: Installed, name: str) -> str | None:
    return installed[name].version if name in installed else None


if __name__ == "__main__":
    document = sbom(pins(FOLDER / "run.txt"), found_in(Path(sys.argv[1])), os.environ.get("SOURCE_DATE_EPOCH"))
    SBOM.write_text(document, "utf-8")
