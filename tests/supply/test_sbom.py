"""The bill of materials: valid, the same bytes for the same pins, and about exactly what is pinned."""

import json
import tomllib
from email import message_from_string
from importlib.metadata import distributions
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.markers import Marker
from packaging.utils import canonicalize_name

from supply.licences import expression
from supply.pins import FOLDER, Pin, pins
from supply.sbom import PROJECT, SBOM, Installed, NotInstalledError, sbom

PINNED = pins(FOLDER / "run.txt")
HERE = tuple(each for each in PINNED if not each.marker or Marker(each.marker).evaluate())
"""What is pinned for this platform."""


@pytest.fixture(scope="module")
def installed() -> Installed:
    return {canonicalize_name(each.name): each for each in distributions()}


@pytest.fixture(scope="module")
def shipped() -> dict[str, Any]:
    return json.loads(SBOM.read_text("utf-8"))


def names(document: dict[str, Any]) -> dict[str, Any]:
    return {each["name"]: each for each in document["components"]}


def test_it_is_valid_cyclonedx() -> None:
    validator = JsonStrictValidator(SchemaVersion.V1_6)
    text = SBOM.read_text("utf-8")
    assert validator.validate_str(text) is None
    assert validator.validate_str(text.replace('"SHA-256"', '"SHA-255"')) is not None


def test_it_lists_what_is_pinned_and_nothing_else(shipped: dict[str, Any]) -> None:
    listed = {
        Pin(each["name"], each["version"], "", tuple(sorted(hash_["content"] for hash_ in each["hashes"])))
        for each in shipped["components"]
    }
    assert listed == {Pin(each.name, each.version, "", tuple(sorted(each.hashes))) for each in PINNED}
    assert len(listed) == len(shipped["components"])


def test_each_part_has_a_licence_and_an_address(shipped: dict[str, Any]) -> None:
    for each in shipped["components"]:
        assert each["purl"] == f"pkg:pypi/{each['name']}@{each['version']}"
        assert len(each["licenses"]) == 1, each["name"]


def test_the_service_is_what_it_is_about(shipped: dict[str, Any]) -> None:
    about = shipped["metadata"]["component"]
    project = tomllib.loads(PROJECT.read_text("utf-8"))["project"]
    assert (about["name"], about["version"]) == (project["name"], project["version"]), "run: make sbom"
    assert about["licenses"] == [{"license": {"id": project["license"]}}]
    needs = {each["ref"]: each.get("dependsOn", []) for each in shipped["dependencies"]}
    assert f"pkg:pypi/urllib3@{names(shipped)['urllib3']['version']}" in needs[about["bom-ref"]]
    reached, left = set(), [about["bom-ref"]]
    while left:
        if (each := left.pop()) not in reached:
            reached.add(each)
            left += needs[each]
    assert reached == {about["bom-ref"], *(each["bom-ref"] for each in shipped["components"])}


def test_the_same_pins_give_the_same_bytes(installed: Installed, shipped: dict[str, Any]) -> None:
    made = sbom(HERE, installed)
    assert made == sbom(HERE[::-1], installed)
    # What is shipped was made from the metadata of every package, with those of other platforms; as here:
    assert {name: names(shipped)[name] for name in names(json.loads(made))} == names(json.loads(made))
    if HERE == PINNED:
        assert made == SBOM.read_text("utf-8")


def test_a_time_only_where_one_is_given(installed: Installed, shipped: dict[str, Any]) -> None:
    assert "timestamp" not in shipped["metadata"]
    made = json.loads(sbom(HERE, installed, epoch="1795737600"))
    assert made["metadata"]["timestamp"] == "2026-11-27T00:00:00+00:00"


def test_what_is_not_installed_as_pinned_is_named(installed: Installed) -> None:
    with pytest.raises(NotInstalledError, match=r"^nowhere, urllib3: not installed as pinned"):
        sbom((Pin("nowhere", "1", "", ("0" * 64,)), Pin("urllib3", "0.1", "", ("0" * 64,))), installed)


@pytest.mark.parametrize(
    ("metadata", "licence"),
    [
        ("License-Expression: MIT OR Apache-2.0\nLicense: BSD", "MIT OR Apache-2.0"),
        ("License: mit", "MIT"),
        ("License: Apache 2\nClassifier: License :: OSI Approved :: Apache Software License", "Apache-2.0"),
        ("License: BSD license\nClassifier: License :: OSI Approved :: BSD License", "BSD License"),
        ("License: Ours\n  and more of it", "Ours"),
    ],
)
def test_a_licence_is_an_spdx_expression_where_the_metadata_say_one(metadata: str, licence: str) -> None:
    assert expression(message_from_string(metadata)) == licence


def test_a_package_without_a_licence_is_named() -> None:
    with pytest.raises(KeyError, match="odd: no licence"):
        expression(message_from_string("Name: odd\nClassifier: Programming Language :: Python"))
