"""The clients as they are now: the file is read again when it changes, so that a switch needs no restart.

Looked at once a second at most, by whichever call comes then. A file that is wrong changes nothing but the log.
"""

import logging
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from cds_service.errors import CdsError, SettingsError, Unauthorized
from cds_service.fhir.key_sets import fetch_key_set, key_client
from cds_service.site import Site
from cds_service.switches.watch import Watch
from cds_service.trust.client_table import ClientTable
from cds_service.trust.clients import Client, ClientFile, make_clients, read_clients
from cds_service.trust.jwks import NotKeys
from cds_service.trust.key_ring import FetchedKeys, KeyRing
from cds_service.trust.token import Token

log = logging.getLogger("cds_service.trust")


class Roster:
    """One per process. Raises SettingsError with one line for each fault if the file is wrong at the start."""

    def __init__(self, path: Path, site: Site, clock: Callable[[], float] = time.monotonic) -> None:
        ca_bundle, proxy = site.settings.ca_bundle, site.settings.https_proxy
        self._path, self._site = path, site
        self._key_client = key_client(ca_bundle, proxy)
        self._rings: dict[tuple[str, str, tuple[str, ...]], KeyRing] = {}
        self._watch = Watch(path, clock)
        file = read_clients(path)
        self._watch.follow(file.files)
        if file.faults:
            raise SettingsError(*(f"{each}." for each in file.faults))
        self._clients = self._made(file)

    def client_of(self, token: Token) -> Client:
        """The client that the token says it is from; nothing is checked yet. Raises Unauthorized."""
        if self._watch.changed():
            self._read_again()
        issuer, tenant = token.claims.get("iss"), token.claims.get("tenant")
        of_issuer = self._clients.get(issuer) if isinstance(issuer, str) else None
        if not of_issuer:
            raise Unauthorized("issuer")
        client = of_issuer.get("") or (of_issuer.get(tenant) if isinstance(tenant, str) else None)
        if client is None:
            raise Unauthorized("tenant")
        return client

    def __len__(self) -> int:
        return sum(map(len, self._clients.values()))

    def _read_again(self) -> None:
        file = read_clients(self._path)
        self._watch.follow(file.files)
        try:
            if file.faults:
                raise SettingsError(*file.faults)
            self._clients = self._made(file)
        except CdsError as error:
            more = f" (and {len(error.messages) - 1} more)" if len(error.messages) > 1 else ""
            log.error("CDS_CLIENTS changed and is wrong, the former clients stay: %s%s", error.message, more)
        else:
            log.warning("CDS_CLIENTS changed: %d clients from now on", len(self))

    def _made(self, file: ClientFile) -> Mapping[str, Mapping[str, Client]]:
        rings: dict[tuple[str, str, tuple[str, ...]], KeyRing] = {}

        def fetched(table: ClientTable) -> KeyRing:
            jku, networks = table.jku or "", table.allowed_networks
            named = (table.name, jku, networks)
            fetch = partial(fetch_key_set, self._key_client, jku, networks)
            rings[named] = self._rings.get(named) or FetchedKeys(table.name, fetch)
            return rings[named]

        try:
            clients = make_clients(file, self._path.parent, self._site, fetched)
        except NotKeys as none:  # the file of keys changed since it was judged
            raise SettingsError(f"{self._path.name}: jwks_file {none}") from None
        self._rings = rings
        return clients
