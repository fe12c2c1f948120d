"""What is wrong with a client whose members are all of the right kind: keys, addresses, networks. Each with its fix."""

from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

from cds_service.fhir.addresses import NEVER
from cds_service.fhir.key_sets import check_key_url
from cds_service.fhir.urls import PRODUCTION, UrlRefused, take_apart
from cds_service.switches.known import wrong_code
from cds_service.switches.small_file import read_small
from cds_service.trust.client_table import ClientTable
from cds_service.trust.jwks import KeySet, NotKeys, read_jwks

PUBLIC_SANDBOX = "sandbox.cds-hooks.org"
_SANDBOX_KEY = "its private key is public, so that everybody can sign for it; remove this client"
RESERVED = "sandbox"
_NEVER = (*(network for network, _ in NEVER), ip_network("127.0.0.0/8"), ip_network("::1/128"))
_WIDEST = {4: 8, 6: 7}  # 10.0.0.0/8, fc00::/7


def faults_of(table: ClientTable, folder: Path) -> Iterator[str]:
    """One line each: the member, what is wrong with it, the fix. ``jwks_file`` is relative to ``folder``."""
    if table.name == RESERVED:
        yield f'name "{RESERVED}" is kept for sandbox mode: choose another'
    yield from _issuer(table)
    yield from _audience(table)
    wrong = list(_networks(table))
    networks = () if wrong else table.allowed_networks
    yield from _keys(table, folder, networks)
    yield from (f"codes, {fault}" for fault in filter(None, map(wrong_code, table.codes)))
    yield from _servers(table, networks)
    yield from wrong


def written_keys(table: ClientTable, folder: Path) -> KeySet | None:
    """The keys of ``jwks`` or ``jwks_file``; None where they come from ``jku``. Raises NotKeys."""
    if table.jwks is not None:
        return read_jwks(table.jwks)
    if table.jwks_file is None:
        return None
    try:
        return read_jwks(read_small(folder / table.jwks_file))
    except OSError as error:
        raise NotKeys(f"cannot be read ({error.strerror})") from None


def _issuer(table: ClientTable) -> Iterator[str]:
    if _host(table.issuer) == PUBLIC_SANDBOX:
        yield f"issuer is the public CDS Hooks sandbox, and {_SANDBOX_KEY}"


def _host(url: str) -> str:
    try:
        return (urlsplit(url if "://" in url else f"https://{url}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _audience(table: ClientTable) -> Iterator[str]:
    write = "write the public base URL of this service, such as https://cds.example.org"
    try:
        named = take_apart(table.audience)
    except UrlRefused as refused:
        yield f"audience {refused.reason}: {write}"
    else:
        if named.base.scheme != "https" or "?" in table.audience:
            yield f"audience is not https, or holds a query: {write}"


def _keys(table: ClientTable, folder: Path, networks: tuple[str, ...]) -> Iterator[str]:
    if table.jwks is not None and table.jwks_file is not None:
        yield "jwks and jwks_file are both there: keep one"
        return
    if table.jku is not None:
        yield from _key_url(table.jku, networks)
    member = "jwks" if table.jwks is not None else "jwks_file"
    try:
        keys = written_keys(table, folder)
    except NotKeys as none:
        yield f"{member} {none}: paste the client's public keys"
        return
    if keys is None:
        if table.jku is None:
            yield "keys are missing: write jwks, jwks_file or jku"
        return
    yield from (f"{member}: {fault}" for fault in keys.faults)
    if not keys.faults and not keys.usable_with(table.algorithms):
        yield f"{member} holds no key for {' or '.join(table.algorithms)}: add one, or correct algorithms"


def _key_url(jku: str, networks: tuple[str, ...]) -> Iterator[str]:
    try:
        if check_key_url(jku, networks).host == PUBLIC_SANDBOX:
            yield f"jku is the public CDS Hooks sandbox's, and {_SANDBOX_KEY}"
    except UrlRefused as refused:
        yield f"jku {refused.reason}: write the https address of the client's public keys"


def _servers(table: ClientTable, networks: tuple[str, ...]) -> Iterator[str]:
    for number, server in enumerate(table.fhir_servers, 1):
        try:
            PRODUCTION.limited_to((server,), networks)
        except UrlRefused as refused:
            yield f"fhir_servers, entry {number}, {refused.reason}: write the https base URL of a FHIR R4 server"


def _networks(table: ClientTable) -> Iterator[str]:
    for number, text in enumerate(table.allowed_networks, 1):
        entry = f"allowed_networks, entry {number},"
        try:
            network = ip_network(text)
        except ValueError:
            yield f'{entry} is no network: write one such as "10.20.0.0/16", without host bits'
            continue
        same = [each for each in _NEVER if each.version == network.version]
        if any(network.subnet_of(each) for each in same):  # type: ignore[arg-type]  # of one version, as chosen above
            yield f"{entry} holds addresses that are never contacted (loopback, link-local, metadata): remove it"
        elif network.prefixlen < _WIDEST[network.version]:
            yield f"{entry} is too wide: write the networks that the FHIR servers are in"
