"""What a web server can do to whoever posts to it, each at an address of its own in 127.0.0.0/8."""

import asyncio
import gzip
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

Answering = Callable[[asyncio.StreamWriter], Awaitable[None]]
ABORT = struct.pack("ii", 1, 0)


@dataclass
class Endpoint:
    """`requests`: how many were heard to their end."""

    answering: Answering
    port: int = 0
    connections: int = 0
    requests: int = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            await _heard(reader)
            self.requests += 1
            await self.answering(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


async def _heard(reader: asyncio.StreamReader) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = head.partition("content-length:")[2].partition("\r\n")[0]
    await reader.readexactly(int(length or "0"))


def says(status: int, *headers: str, body: bytes = b"") -> Answering:
    async def answer(writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(body)}", *headers]
        writer.write("".join(f"{line}\r\n" for line in lines).encode() + b"\r\n" + body)
        await writer.drain()

    return answer


async def says_nothing(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(3600)


async def drips(writer: asyncio.StreamWriter) -> None:
    """Header after header, for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X: y\r\n")
        await writer.drain()
        await asyncio.sleep(0.1)


async def never_ends(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b"x" * 65_536)
        await writer.drain()


async def resets(writer: asyncio.StreamWriter) -> None:
    connection: socket.socket = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
    writer.transport.abort()


def bomb() -> Answering:
    return says(200, "Content-Encoding: gzip", body=gzip.compress(b"0" * 10_000_000))


@asynccontextmanager
async def endpoint(
    answering: Answering, host: str, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Endpoint]:
    made = Endpoint(answering)
    talks: set[asyncio.Task[None]] = set()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.add(asyncio.create_task(made.talk(reader, writer)))

    server = await asyncio.start_server(begin, host, 0, ssl=tls)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        for talk in talks:
            talk.cancel()
        if talks:
            await asyncio.wait(talks)


@asynccontextmanager
async def nobody_accepts(host: str) -> AsyncIterator[int]:
    """A port whose queue of connections is full, so that more of them get no answer at all."""
    with socket.socket() as listening, socket.socket() as first, socket.socket() as second:
        listening.bind((host, 0))
        listening.listen(0)
        for waiting in (first, second):
            waiting.setblocking(False)
            waiting.connect_ex(listening.getsockname())
        yield listening.getsockname()[1]


def closed_port(host: str) -> int:
    with socket.socket() as gone:
        gone.bind((host, 0))
        port: int = gone.getsockname()[1]
        return port
