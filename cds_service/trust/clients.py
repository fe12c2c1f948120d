"""The clients of one reading of the clients' file (``CDS_CLIENTS``, docs/clients.md), ready for use."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cds_service.errors import SettingsError
from cds_service.fhir.urls import PRODUCTION
from cds_service.site import Site, Terms
from cds_service.switches.discretion import ACTIVE, Discretion
from cds_service.switches.toml_document import read_document
from cds_service.trust.client_faults import faults_of, written_keys
from cds_service.trust.client_table import ClientTable, read_table
from cds_service.trust.key_ring import KeyRing, WrittenKeys


@dataclass(frozen=True, slots=True)
class Client:
    """One EHR tenant. ``url_base`` is the public base URL of this service, without a slash at its end.

    ``audiences``: what its tokens may name instead of the address that is called; usually nothing.

    ``jku`` and ``tenant`` are "" where none is configured; ``discretion``: its mode, and advice codes that are not
    active; ``site`` is this site on the client's terms.
    """

    name: str
    issuer: str
    tenant: str
    url_base: str
    audiences: frozenset[str]
    jku: str
    algorithms: frozenset[str]
    keys: KeyRing
    discretion: Discretion
    site: Site


@dataclass(frozen=True, slots=True)
class ClientFile:
    """What was read: the tables that are right, one line for each fault, and every file that was read for it."""

    tables: tuple[ClientTable, ...]
    faults: tuple[str, ...]
    files: tuple[Path, ...]


def read_clients(path: Path) -> ClientFile:
    """Read and judge the file; all that is wrong is in ``faults``, each line with file, client, member and fix."""
    try:
        document = read_document(path, "CDS_CLIENTS", "docs/clients.md")
    except SettingsError as error:
        return ClientFile((), error.messages, (path,))
    entries = document.get("client")
    faults = [
        f"{path.name}: {name} is no table of this file: write [[client]]" for name in document if name != "client"
    ]
    if not isinstance(entries, list) or not entries or not all(isinstance(each, dict) for each in entries):
        faults.append(f"{path.name}: no client: write a [[client]] for each EHR that may call")
        entries = []
    tables: list[ClientTable] = []
    for number, entry in enumerate(entries, 1):
        table, wrong = read_table(entry)
        wrong += list(faults_of(table, path.parent)) if table else []
        faults += [f"{path.name}: client {_called(entry, number)}: {each}" for each in wrong]
        tables += [table] if table else []
    faults += [f"{path.name}: {each}" for each in _clashes(tables)]
    files = (path, *(path.parent / table.jwks_file for table in tables if table.jwks_file))
    return ClientFile(tuple(tables), tuple(faults), files)


def make_clients(
    file: ClientFile, folder: Path, site: Site, fetched: Callable[[ClientTable], KeyRing]
) -> Mapping[str, Mapping[str, Client]]:
    """The clients by issuer and tenant ("" for whatever tenant). ``fetched`` gives the key ring of a ``jku``."""
    clients: dict[str, dict[str, Client]] = {}
    for table in file.tables:
        client = _client(table, folder, site, fetched)
        clients.setdefault(client.issuer, {})[client.tenant] = client
    return clients


def _called(entry: dict[str, Any], number: int) -> str:
    name = entry.get("name")
    return f'"{name}"' if isinstance(name, str) and name.isprintable() and len(name) <= 64 else f"number {number}"


def _clashes(tables: Iterable[ClientTable]) -> Iterator[str]:
    names: set[str] = set()
    tenants: dict[str, list[str | None]] = {}
    for table in tables:
        if table.name in names:
            yield f'client "{table.name}": name is there twice: give each client its own'
        names.add(table.name)
        others = tenants.setdefault(table.issuer, [])
        if others and (table.tenant is None or None in others or table.tenant in others):
            yield f'client "{table.name}": issuer is that of another client: give each a tenant of its own'
        others.append(table.tenant)


def _client(table: ClientTable, folder: Path, site: Site, fetched: Callable[[ClientTable], KeyRing]) -> Client:
    written = written_keys(table, folder)
    terms = Terms(
        profile=table.profile or site.settings.profile,
        deadline_ms=table.deadline_ms or site.settings.deadline_ms,
        rules=PRODUCTION.limited_to(table.fhir_servers, table.allowed_networks),
        suggestions=table.suggestions,
        repeats=table.repeats,
    )
    return Client(
        name=table.name,
        issuer=table.issuer,
        tenant=table.tenant or "",
        url_base=table.audience.rstrip("/"),
        audiences=frozenset(table.fixed_audiences),
        jku=table.jku or "",
        algorithms=frozenset(table.algorithms),
        keys=WrittenKeys(written.keys) if written else fetched(table),
        discretion=Discretion(table.mode, {code: mode for code, mode in table.codes.items() if mode != ACTIVE}),
        site=site.under(terms),
    )
