"""``cds-service token``: sign a test token as a client of this service would, with a key of one's own."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cds_service.cli.clients import clients_file
from cds_service.cli.signing import private_key
from cds_service.ehr.problems import CannotStart
from cds_service.hooks.response import encode

if TYPE_CHECKING:
    from cds_service.trust.client_table import ClientTable
    from cds_service.trust.sign import PrivateKey

_CLIENTS_HELP = "The file of clients [default: CDS_CLIENTS]."


@click.command()
@click.option("--client", "name", metavar="NAME", help="Sign as this client of the file.")
@click.option("--clients", "file", type=click.Path(path_type=Path), metavar="FILE", help=_CLIENTS_HELP)
@click.option(
    "--key", "key_file", type=click.Path(path_type=Path), required=True, metavar="PEM", help="The private key."
)
@click.option("--url", metavar="URL", help="The address that will be called, exactly; a token is good for one call.")
@click.option("--ttl", default=300, show_default=True, type=click.IntRange(1, 600), help="Seconds until it ends.")
@click.option("--new-key", is_flag=True, help="Make an ES384 key at --key, and print its public half for the file.")
def token(key_file: Path, ttl: int, new_key: bool, **asked: Any) -> None:
    """Print a token for one call, such as curl -H "Authorization: Bearer $(cds-service token ...)"."""
    if new_key:
        click.echo(_made(key_file))
        return
    name, url = asked["name"], asked["url"]
    if not name or not url:
        raise CannotStart("A token is for one client and one address: add --client NAME and --url URL.")
    from cds_service.trust.sign import Signer

    chosen = clients_file(asked["file"])
    client = _client(chosen, name)
    key, _ = private_key(key_file)
    if not url.startswith(client.audience.rstrip("/") + "/"):
        raise CannotStart(
            f"--url does not begin with the client's audience, {client.audience}: no token would be good."
        )
    kid = _kid(client, chosen.parent, key)
    signer = Signer(key, kid, client.issuer, client.tenant or "", client.jku or "", seconds=ttl)
    click.echo(signer(url))


def _made(key_file: Path) -> str:
    """Writes a new key that only its owner can read; answers the key set with its public half."""
    from cds_service.trust.sign import new_key, pem_of, public_jwk

    key = new_key()
    try:
        opened = os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise CannotStart(f"Cannot make {key_file} ({error.strerror}): name a new file.") from None
    with os.fdopen(opened, "wb") as written:
        written.write(pem_of(key))
    return encode({"keys": [public_jwk(key)]}).decode()


def _client(file: Path, name: str) -> "ClientTable":
    from cds_service.trust.clients import read_clients

    read = read_clients(file)
    for table in read.tables:
        if table.name == name:
            return table
    if read.faults:
        raise CannotStart(read.faults[0])
    raise CannotStart(f"{file} has no client {name}: name one of {', '.join(each.name for each in read.tables)}.")


def _kid(client: "ClientTable", folder: Path, key: "PrivateKey") -> str:
    """The kid under which the client's file has this key; where its keys are fetched, the one --new-key gives."""
    from cds_service.trust.client_faults import written_keys
    from cds_service.trust.jwks import NotKeys
    from cds_service.trust.sign import public_jwk, thumbprint

    try:
        keys = written_keys(client, folder)
    except NotKeys as none:
        raise CannotStart(f"The keys of client {client.name}: {none}.") from None
    if keys is None:
        return str(public_jwk(key)["kid"])
    mark = thumbprint(key.public_key())
    kid = next((each.kid for each in keys.keys.values() if thumbprint(each.public) == mark), None)
    if kid is None:
        raise CannotStart(f"Client {client.name} has no key that belongs to this private key: add its public half.")
    return kid
