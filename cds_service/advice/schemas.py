"""The format of each kind of content file as a JSON Schema, for editors that complete and check TOML as it is typed.

Made from the types the files are read with, so that it cannot drift. What a type cannot say (a summary's length, a
source that exists) ``cds-service check-cards`` checks.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from cds_service.advice.card_tables import CardTables
from cds_service.advice.disagreements import Disagreement
from cds_service.advice.overrides import OverridesTables
from cds_service.advice.profile import Entry
from cds_service.advice.sources import Source

KINDS: Mapping[str, type] = MappingProxyType(
    {
        "card": CardTables,
        "disagreements": Disagreement,
        "overrides": OverridesTables,
        "profile": Entry,
        "sources": Source,
    }
)
_BY_ID = frozenset({"disagreements", "sources"})
"""Files of tables whose names are the ids, so that ``id`` is no entry of a table."""
_TABLES = _BY_ID | {"profile"}
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def content_schema(kind: str) -> dict[str, Any]:
    """The schema of one kind of file, a key of ``KINDS``."""
    (reference,), definitions = msgspec.json.schema_components([KINDS[kind]], ref_template="#/$defs/{name}")
    whole = reference["$ref"].rpartition("/")[2]
    for definition in definitions.values():
        definition["description"] = " ".join(definition["description"].replace("``", "").split())
        for name, entry in definition["properties"].items():
            if entry.get("format") == "decimal":  # a string in JSON, a number in TOML
                definition["properties"][name] = {"type": "number"}
    if kind in _BY_ID:
        definitions[whole]["properties"].pop("id")
        definitions[whole]["required"].remove("id")
    head = {"$schema": DIALECT, "title": f"cards/: the format of {kind}"}
    body = {"type": "object", "additionalProperties": reference} if kind in _TABLES else reference
    return head | body | {"$defs": definitions}
