"""Faults of the HTTP answer and its body: status, redirects, encodings, size, what is no FHIR."""

import gzip
import json
from functools import partial

from tests.faults.exchange import FAULTS, Exchange, fault


def _status(status: str, exchange: Exchange, **headers: str) -> None:
    exchange.send_json({"resourceType": "OperationOutcome", "issue": []}, status, **headers)


for _code in ("400 Bad", "401 No", "403 No", "404 No", "410 Gone", "412 No", "500 Error", "503 Later"):
    FAULTS[_code[:3]] = partial(_status, _code)
FAULTS["429"] = partial(_status, "429 Too Many", Retry_After="21600")
FAULTS["204"] = lambda exchange: exchange.send(b"", "204 No Content")
FAULTS["502-html"] = lambda exchange: exchange.send(b"<html>Bad Gateway</html>", "502 Bad", Content_Type="text/html")


def _redirect(status: int, exchange: Exchange) -> None:
    exchange.send(b"", f"{status} Moved", Location=f"{exchange.server.canary_url}/fhir/{exchange.asked}")


for _number in (301, 302, 307, 308):
    FAULTS[str(_number)] = partial(_redirect, _number)


# the body


@fault("text-plain")
def _text_plain(exchange: Exchange) -> None:
    exchange.send_json(exchange.resource(), Content_Type="text/plain")


@fault("bom")
def _bom(exchange: Exchange) -> None:
    exchange.send(b"\xef\xbb\xbf" + json.dumps(exchange.resource()).encode())


@fault("truncated-json")
def _truncated_json(exchange: Exchange) -> None:
    body = json.dumps(exchange.resource()).encode()
    exchange.send(body[: len(body) // 2])


@fault("utf-16")
def _utf_16(exchange: Exchange) -> None:
    exchange.send(json.dumps(exchange.resource()).encode("utf-16"))


@fault("utf-16-without-bom")
def _utf_16_without_bom(exchange: Exchange) -> None:
    exchange.send(json.dumps(exchange.resource()).encode("utf-16-le"))


@fault("latin-1")
def _latin_1(exchange: Exchange) -> None:
    exchange.send(json.dumps(exchange.resource() | {"language": "é"}, ensure_ascii=False).encode("latin-1"))


@fault("too-large")
def _too_large(exchange: Exchange) -> None:
    exchange.send(b" " * 3_000_000)


@fault("too-large-undeclared")
def _too_large_undeclared(exchange: Exchange) -> None:
    exchange.raw(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b" " * 3_000_000)
    exchange.hang_up()


@fault("gzip-bomb")
def _gzip_bomb(exchange: Exchange) -> None:
    """3 MB of blanks in 3 KB, compressed although nothing compressed was asked for."""
    exchange.send(gzip.compress(b" " * 3_000_000), Content_Encoding="gzip")


@fault("gzip-bomb-undeclared")
def _gzip_bomb_undeclared(exchange: Exchange) -> None:
    exchange.send(gzip.compress(b" " * 3_000_000))


@fault("compressed")
def _compressed(exchange: Exchange) -> None:
    exchange.send(b"\x1f\x8b\x08", Content_Encoding="gzip")


FAULTS["empty-200"] = lambda exchange: exchange.send(b"")
FAULTS["html-200"] = lambda exchange: exchange.send(b"<!DOCTYPE html><html>log in</html>", Content_Type="text/html")
FAULTS["json-string"] = lambda exchange: exchange.send(b'"all fine"')
FAULTS["nan"] = lambda exchange: exchange.send(b'{"resourceType":"Bundle","total":NaN}')
FAULTS["deep"] = lambda exchange: exchange.send(b'{"resourceType":"Bundle","x":' + b"[" * 50_000 + b"]" * 50_000 + b"}")
