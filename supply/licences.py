"""The licence a package says it has, as an SPDX expression where it can be one."""

from importlib.metadata import PackageMetadata

from cyclonedx.spdx import fixup_id

_CLASSIFIER = "License :: OSI Approved :: "
_SPDX = {
    "Apache Software License": "Apache-2.0",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
"""Classifiers that mean one licence. "BSD License" does not: it may have two, three or four clauses."""


def expression(metadata: PackageMetadata) -> str:
    """``License-Expression`` (PEP 639), else what older metadata say. Raises KeyError if nothing is said."""
    for stated in metadata.get_all("License-Expression", []):
        return str(stated)
    texts = [each.strip() for each in metadata.get_all("License", [])]
    classified = [each.removeprefix(_CLASSIFIER) for each in metadata.get_all("Classifier", []) if _CLASSIFIER in each]
    for each in (*texts, *(_SPDX.get(name, "") for name in classified)):
        if known := fixup_id(each):
            return str(known)
    for each in (*classified, *texts):
        if each:
            return str(each.partition("\n")[0])
    raise KeyError(f"{metadata['Name']}: no licence in its metadata")
