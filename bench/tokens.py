"""What it takes to let a caller in, in one process: the whole of authentication, and of it the signature alone."""

import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median
from typing import Any

from jwt.algorithms import get_default_algorithms
from jwt.utils import base64url_decode

from bench.clients import KEYS, Known
from bench.variants import HOOK
from cds_service.settings import Settings
from cds_service.site import Site
from cds_service.trust.gate import Gate
from cds_service.trust.token import read_token

TIMES = 500


def report() -> str:
    """Medians; each token is used once."""
    lines = [
        "## Authentication, in one process\n",
        "| algorithm | whole, us | of it the signature, us |",
        "|---|---|---|",
    ]
    return "\n".join((*lines, *map(_line, KEYS))) + "\n"


def _line(algorithm: str) -> str:
    signer = Known(algorithm)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(mode="production", clients=str(signer.write(Path(folder))), audit_key="k" * 32)  # type: ignore[arg-type]
        gate = Gate(settings, Site.open(settings))
    tokens = [signer.authorization(HOOK)["Authorization"] for _ in range(TIMES)]
    whole = _microseconds(lambda each: gate.admit(each, HOOK), tokens)
    token = read_token(tokens[0])
    key: Any = gate.roster.client_of(token).keys.find(token.header["kid"])
    signed, _, signature = token.text.encode().rpartition(b".")
    check, sent = get_default_algorithms()[algorithm], base64url_decode(signature)
    alone = _microseconds(lambda _: check.verify(signed, key.public, sent), tokens)
    return f"| {algorithm} | {whole:.0f} | {alone:.0f} |"


def _microseconds(call: Callable[[str], object], arguments: Iterable[str]) -> float:
    taken = []
    for each in arguments:
        started = time.perf_counter()
        call(each)
        taken.append(time.perf_counter() - started)
    return 1e6 * median(taken)
