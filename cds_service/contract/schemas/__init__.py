"""JSON Schemas (2020-12) of CDS Hooks payloads: what each kind of body must hold, and how to mend it where it does not.

The documents lie beside this file, a folder a profile. They refer to each other; what leaves this module is resolved:
one self-contained schema without a ``$ref``, so that no tool that uses it has to fetch anything. Beyond the standard,
every member carries

* ``x-requirement``: an id of ``cds_service.contract.requirements``, and ``x-fix``: what to write instead;
* ``x-severity``: ``warning`` or ``hint``, where breaking the rule is a habit of real systems and no error;
* ``x-should``: a list of schemas like ``allOf``, for what the specification only recommends. Other validators ignore
  the word, as they must; ``validator`` applies it.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from cds_service.contract.schemas.resolve import resolved

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

KINDS = ("discovery", "request", "response", "feedback", "card")
BASES = MappingProxyType({"2.0": "", "3.0-ballot": "2.0", "crd": "2.0"})
"""Each profile, and the profile whose document stands in where it has none of its own."""

PROFILES = tuple(BASES)
_SHARED = "common"


def schema(kind: str, profile: str = "2.0", hook: str = "") -> dict[str, Any]:
    """The schema of one kind of body; for a request, of the hook's own context where the hook has a document.

    Read-only: it is shared. Raises ValueError for a kind or a profile that there is none of.
    """
    return documents()[_path(kind, profile, hook)]


def validator(kind: str, profile: str = "2.0", hook: str = "") -> "Validator":
    """A validator of that schema, which also applies ``x-should``. One for each document, whatever hooks are named."""
    return _validator(_path(kind, profile, hook))


def _path(kind: str, profile: str, hook: str) -> str:
    if kind not in KINDS or profile not in BASES:
        raise ValueError(f"no schema: the kinds are {', '.join(KINDS)} and the profiles {', '.join(PROFILES)}")
    own = f"{profile}/{kind}-{hook}.json"
    return own if own in documents() else f"{profile}/{kind}.json"


@cache
def _validator(path: str) -> "Validator":
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend

    keywords = {"x-should": Draft202012Validator.VALIDATORS["allOf"]}
    with_should: type[Validator] = extend(Draft202012Validator, keywords)  # type: ignore[no-untyped-call]
    return with_should(documents()[path])


@cache
def documents() -> Mapping[str, dict[str, Any]]:
    """Every schema, resolved, by its place: "2.0/response.json". A profile also lists what it inherits."""
    sources = _sources()
    found = {}
    for profile, base in BASES.items():
        for path in sources:
            folder, _, name = path.partition("/")
            if folder in {profile, base} and name != f"{_SHARED}.json":
                own = f"{profile}/{name}"
                found[own] = resolved(sources[own if own in sources else path], sources.values())
    return MappingProxyType(dict(sorted(found.items())))


@cache
def _sources() -> Mapping[str, dict[str, Any]]:
    folder = files(__package__)
    return {
        f"{profile}/{file.name}": json.loads(file.read_text("utf-8"))
        for profile in BASES
        if folder.joinpath(profile).is_dir()
        for file in folder.joinpath(profile).iterdir()
        if file.name.endswith(".json")
    }
