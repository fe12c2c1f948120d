"""One ``[[client]]`` of the clients' file as written, typed. ``client_faults`` judges it, ``clients`` makes use of it.

A later setting is one more member here, one line in ``WRITE`` and one row in docs/clients.md.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from cds_service.site import ALWAYS, RepeatTerms, Suggestions
from cds_service.switches.discretion import Mode

Algorithm = Literal["ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]
Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Text = Annotated[str, Meta(pattern=r"^[!-~]{1,512}$")]


class ClientTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[[client]]`` as written. ``profile`` and ``deadline_ms`` None: the site's own."""

    name: Name
    issuer: Text
    audience: Text
    fixed_audiences: Annotated[tuple[Text, ...], Meta(max_length=10)] = ()
    jwks: dict[str, Any] | str | None = None
    jwks_file: Text | None = None
    jku: Text | None = None
    algorithms: Annotated[tuple[Algorithm, ...], Meta(min_length=1)] = ("ES384", "RS384")
    tenant: Text | None = None
    fhir_servers: tuple[Text, ...]
    allowed_networks: tuple[Text, ...] = ()
    mode: Mode = "active"
    profile: Literal["us", "eu"] | None = None
    deadline_ms: Annotated[int, Meta(ge=50, le=60_000)] | None = None
    suggestions: Suggestions = "full"
    codes: dict[str, Mode] = {}
    repeats: RepeatTerms = ALWAYS


WRITE = {
    "name": "1 to 64 letters, digits, dots, dashes or underscores",
    "issuer": "the iss of the client's tokens, as its vendor tells it",
    "audience": "the public base URL of this service, such as https://cds.example.org",
    "fixed_audiences": "a list of aud values, only where a vendor sends the same one for every call",
    "jwks": 'the public keys as {"keys": [...]}, a table or JSON in a string',
    "jwks_file": "the path of a JSON file with the public keys",
    "jku": "the https address of the public keys",
    "algorithms": "a list of ES256, ES384, ES512, RS256, RS384, RS512, PS256, PS384, PS512",
    "tenant": "the tenant of the client's tokens, or leave it out",
    "fhir_servers": "a list of https FHIR base URLs; [] if the client sends everything as prefetch",
    "allowed_networks": 'a list of networks such as "10.20.0.0/16"',
    "mode": "active, silent or off",
    "profile": "us or eu",
    "deadline_ms": "a whole number from 50 to 60000",
    "suggestions": "full, create-only or none",
    "codes": 'a table of advice codes, each "active", "silent" or "off"',
    "repeats": "a table with hours (1 to 168), days_after_override (1 to 90), or both",
}
"""What to write for each member: the end of every complaint."""

_FIELDS = {field.name: field for field in msgspec.structs.fields(ClientTable)}


def read_table(table: dict[str, Any]) -> tuple[ClientTable | None, list[str]]:
    """The table, or every member that is missing, unknown or not as it should be; values are not repeated."""
    faults = [f"{name} is no setting: use {', '.join(WRITE)}" for name in table if name not in _FIELDS]
    for name, field in _FIELDS.items():
        if name not in table:
            if field.required:
                faults.append(f"{name} is missing: write {WRITE[name]}")
            continue
        try:
            msgspec.convert(table[name], field.type)
        except msgspec.ValidationError:
            faults.append(f"{name} is not as it should be: write {WRITE[name]}")
    return (None, faults) if faults else (msgspec.convert(table, ClientTable), [])
