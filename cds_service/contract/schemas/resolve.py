"""Put in place of every ``$ref`` what it refers to.

The documents never refer in a circle, so that a schema can be written out in full. Where the referring schema has
words of its own beside the ``$ref``, both apply: words that do not clash are joined, and of titles, descriptions and
fixes the nearer one counts, as it knows where in the payload it stands.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from referencing._core import Resolver

_IDENTITY = {"$schema", "$id", "$defs"}
_WORDS = {"title", "description", "examples", "x-requirement", "x-fix", "x-severity", *_IDENTITY}

Schema = dict[str, Any]


def resolved(document: Schema, documents: Iterable[Schema]) -> Schema:
    """``document`` without any ``$ref`` and without ``$defs``. Raises LookupError for one that leads nowhere."""
    from referencing import Registry, Resource

    registry: Registry[Any] = Resource.from_contents(document) @ Registry()
    for each in documents:
        registry = Resource.from_contents(each) @ registry
    whole: Schema = _expanded(document, registry.resolver(document["$id"]))
    whole.pop("$defs", None)
    return whole


def _expanded(value: Any, resolver: "Resolver[Any]") -> Any:
    if isinstance(value, list):
        return [_expanded(item, resolver) for item in value]
    if not isinstance(value, dict):
        return value
    here = {name: _expanded(member, resolver) for name, member in value.items() if name not in {"$ref", "$defs"}}
    if "$ref" not in value:
        return here
    target = resolver.lookup(value["$ref"])
    there = _expanded(target.contents, target.resolver)
    return _joined(here, {name: member for name, member in there.items() if name not in _IDENTITY})


def _joined(here: Schema, there: Schema) -> Schema:
    """Both at once; ``here`` is nearer to the payload."""
    properties = {**there.get("properties", {}), **here.get("properties", {})}
    rest = {name: member for name, member in there.items() if name not in here}
    clashes = {name for name in set(here) & set(there) - _WORDS if here[name] != there[name]}
    if "properties" in clashes and len(properties) == len(there["properties"]) + len(here["properties"]):
        clashes.remove("properties")
        here = here | {"properties": properties}
    joined = {**rest, **here}
    if clashes:
        joined["allOf"] = [*here.get("allOf", []), {name: there[name] for name in there if name in clashes}]
    return joined
