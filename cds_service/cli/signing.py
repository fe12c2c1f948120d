"""Options by which a command signs its calls as an EHR does: a token for each, good for one address, once."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cds_service.ehr.client import Sign, place
from cds_service.ehr.problems import CannotStart

if TYPE_CHECKING:
    from cds_service.trust.sign import PrivateKey, Signer

Command = TypeVar("Command", bound=Callable[..., Any])

_OPTIONS = {
    "--sign-key": (
        "FILE",
        "Sign a token for each call with this private key (PEM or JWK); cds-service token makes one.",
    ),
    "--issuer": ("URI", "With --sign-key: iss of the tokens."),
    "--kid": ("ID", "With --sign-key: the key's id [default: the file's, else as cds-service token has it]."),
    "--tenant": ("ID", "With --sign-key: tenant of the tokens, where the issuer has several."),
    "--jku": ("URL", "With --sign-key: where the public key is, if the service wants to read it there."),
    "--audience-base": ("URL", "With --sign-key: the service's public base URL, if it is not the one called here."),
}


def sign_options(command: Command) -> Command:
    """Adds the options; ``signer_of`` takes them out of what was asked."""
    for name, (metavar, text) in reversed(_OPTIONS.items()):
        command = click.option(name, default="", metavar=metavar, help=text)(command)
    return command


def signer_of(asked: dict[str, Any], base: str) -> "Signer | None":
    """What signs calls below ``base``; None without --sign-key. Raises CannotStart."""
    given = {name: asked.pop(name[2:].replace("-", "_")) for name in _OPTIONS}
    file = given.pop("--sign-key")
    if not file:
        if alone := next((name for name, value in given.items() if value), ""):
            raise CannotStart(f"{alone} is for tokens that are signed here: add --sign-key FILE.")
        return None
    if not given["--issuer"]:
        raise CannotStart("Tokens are from somebody: add --issuer, as the service knows it.")
    from cds_service.trust.sign import Signer

    audience = given["--audience-base"]
    key, kid = private_key(Path(file))
    return Signer(
        key,
        given["--kid"] or kid,
        given["--issuer"],
        given["--tenant"],
        given["--jku"],
        base=base,
        audience=place("--audience-base", audience).base if audience else "",
    )


def forgeries_of(signer: "Signer") -> Mapping[str, Sign]:
    """Tokens that a service has to refuse, by name."""
    from cds_service.trust.forge import forgeries

    return forgeries(signer)


def private_key(file: Path) -> "tuple[PrivateKey, str]":
    """The key in ``file`` and its kid. Raises CannotStart."""
    from cds_service.trust.sign import NoPrivateKey, read_private_key

    how = "cds-service token --new-key --key FILE makes one"
    try:
        return read_private_key(file.read_bytes())
    except OSError as error:
        raise CannotStart(f"Cannot read {file} ({error.strerror}): {how}.") from None
    except NoPrivateKey as none:
        raise CannotStart(f"{file} {none}: {how}.") from None
