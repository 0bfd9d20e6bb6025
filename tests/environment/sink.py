"""A web server that writes down what it is sent and answers as it is told."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Received:
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Sink:
    """`answer(request)`: the raw answer; empty: hang up. `drip`: its bytes come one a `drip` seconds."""

    answer: Callable[[Received], bytes]
    drip: float | None = None
    received: list[Received] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    def url(self, path: str = "/hook") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            await self._talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        line, *fields = head.strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in fields)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        request = Received(line.split(" ")[1], headers, body)
        self.received.append(request)
        await self._answer(writer, self.answer(request))

    async def _answer(self, writer: asyncio.StreamWriter, answer: bytes) -> None:
        pieces = [answer] if self.drip is None else [bytes([byte]) for byte in answer]
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(self.drip or 0)


def status(code: int, headers: str = "", body: bytes = b"") -> Callable[[Received], bytes]:
    """The same answer to everything. `headers`: whole lines, each with CRLF."""
    head = f"HTTP/1.1 {code} Told\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode()
    return lambda request: head + body


@asynccontextmanager
async def sink(host: str = "127.0.0.1") -> AsyncIterator[Sink]:
    """Answers 200 until it is told otherwise."""
    made = Sink(status(200))
    server = await asyncio.start_server(made.talk, host, 0)
    made.port = server.sockets[0].getsockname()[1]
    async with server:
        yield made
        server.close()
