"""Clients that hold a connection and hardly use it: the attack called Slowloris, and networks that are just bad."""

import asyncio
import ssl
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import Any

from tests.trust.ehr import PATH

Client = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]
_HEAD = f"POST {PATH} HTTP/1.1\r\nHost: cds.example.org\r\nContent-Type: application/json\r\n"
_GAP = 0.25


async def half_open(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Begins a request and says no more."""
    writer.write(_HEAD.encode())
    await writer.drain()
    await reader.read()


async def drips_headers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    for letter in f"{_HEAD}X-Long: {'a' * 4000}\r\n\r\n":
        writer.write(letter.encode())
        await writer.drain()
        await asyncio.sleep(_GAP)


async def drips_its_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(f"{_HEAD}Content-Length: 100000\r\n\r\n".encode())
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(_GAP)


class Crowd:
    """So many at once; whoever is thrown out comes again. ``connected`` counts them now."""

    def __init__(self, port: int, context: ssl.SSLContext, clients: list[Client]) -> None:
        self.connected = 0
        self._where = ("127.0.0.1", port)
        self._context = context
        self._clients = clients
        self._loop = asyncio.new_event_loop()
        self._all: asyncio.Task[Any] | None = None

    def run(self) -> None:
        with suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._everybody())
        self._loop.close()

    def end(self) -> None:
        if self._all:
            self._loop.call_soon_threadsafe(self._all.cancel)

    async def _everybody(self) -> None:
        self._all = asyncio.current_task()
        await asyncio.gather(*(self._again_and_again(each) for each in self._clients))

    async def _again_and_again(self, client: Client) -> None:
        while True:
            with suppress(OSError, asyncio.IncompleteReadError):
                reader, writer = await asyncio.open_connection(*self._where, ssl=self._context)
                self.connected += 1
                try:
                    await client(reader, writer)
                finally:
                    self.connected -= 1
                    writer.transport.abort()
            await asyncio.sleep(_GAP)


@contextmanager
def crowd(port: int, context: ssl.SSLContext, clients: list[Client]) -> Iterator[Crowd]:
    """These clients, until the block ends."""
    made = Crowd(port, context, clients)
    thread = Thread(target=made.run)
    thread.start()
    try:
        yield made
    finally:
        made.end()
        thread.join(10)
