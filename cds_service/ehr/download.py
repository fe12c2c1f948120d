"""Download what a user names, up to a number of bytes and for so long."""

from time import monotonic

import requests

from cds_service.ehr.client import CONNECT_SECONDS, Bearer, Sign, on_loopback, place, why
from cds_service.ehr.problems import CannotStart

SECONDS = 30
_PIECE = 1 << 16


def download(option: str, url: str, limit: int, seconds: float = SECONDS, sign: Sign | None = None) -> bytes:
    """The body at ``url``, at most ``limit`` + 1 bytes of it: more than ``limit`` says that it is longer.

    CannotStart if nobody answers, if the answer is an error, or if it takes longer than ``seconds``.
    """
    base = place(option, url).base
    ends = monotonic() + seconds
    with requests.Session() as session:
        session.trust_env = not on_loopback(base)
        try:
            with session.get(
                url.strip(),
                headers={"Accept": "application/json"},
                auth=Bearer(sign(url.strip())) if sign else None,
                timeout=(CONNECT_SECONDS, seconds),
                stream=True,
                allow_redirects=not sign,  # a token is for one address
            ) as got:
                if not got.ok:
                    raise CannotStart(f"{base} answered HTTP {got.status_code}. Check the URL.")
                body = bytearray()
                for piece in got.iter_content(_PIECE):
                    body += piece
                    if len(body) > limit:
                        break
                    if monotonic() > ends:
                        raise CannotStart(f"{base} takes longer than {seconds:g} seconds to send its answer.")
                return bytes(body[: limit + 1])
        except requests.RequestException as fault:
            raise CannotStart(f"{why(fault)} at {base}. Is it running? Check the URL.") from None
