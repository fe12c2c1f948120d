"""Faults of the connection: slow, dripped, stalled, broken off, no HTTP at all."""

import json

from tests.faults.exchange import Exchange, fault


@fault("slow-first-byte")
def _slow_first_byte(exchange: Exchange) -> None:
    exchange.hang()


@fault("dripped-headers")
def _dripped_headers(exchange: Exchange) -> None:
    exchange.raw(b"HTTP/1.1 200 OK\r\n")
    exchange.drip(b"X-Wait: a little longer\r\n")


@fault("endless-header-line")
def _endless_header_line(exchange: Exchange) -> None:
    exchange.raw(b"HTTP/1.1 200 OK\r\nX-Wait: ")
    exchange.drip(b"a")


@fault("dripped-body")
def _dripped_body(exchange: Exchange) -> None:
    exchange.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    exchange.drip(b" ")


@fault("dripped-chunks")
def _dripped_chunks(exchange: Exchange) -> None:
    exchange.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    exchange.drip(b"1\r\n \r\n")


@fault("stalled-body")
def _stalled_body(exchange: Exchange) -> None:
    exchange.raw(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"resourceType":')
    exchange.hang()


@fault("hangs-up-at-once")
def _hangs_up_at_once(exchange: Exchange) -> None:
    exchange.hang_up()


@fault("short-content-length")
def _short_content_length(exchange: Exchange) -> None:
    exchange.send(json.dumps(exchange.resource()).encode(), Content_Length="20")
    exchange.hang_up()


@fault("body-shorter-than-declared")
def _body_shorter_than_declared(exchange: Exchange) -> None:
    exchange.send(json.dumps(exchange.resource()).encode(), Content_Length="1000000")
    exchange.hang_up()


@fault("broken-chunks")
def _broken_chunks(exchange: Exchange) -> None:
    exchange.raw(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{"resourceType":')
    exchange.hang_up()


@fault("not-http")
def _not_http(exchange: Exchange) -> None:
    exchange.raw(b"SSH-2.0-OpenSSH_9.2\r\n")
    exchange.hang_up()
