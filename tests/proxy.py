"""A TCP proxy between a client and its server that can cut the link, hang, lose answers, and listen in."""

import asyncio
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, quote, unquote, urlsplit

CHUNK = 1 << 16


class Proxy:
    """`target` is (host, port) or the path of a Unix socket. It listens on 127.0.0.1 at `port`.

    `heard`: gets every byte that clients send.
    """

    def __init__(self, target: tuple[str, int] | str, heard: bytearray | None = None) -> None:
        self._target = target
        self._heard = heard
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._flowing = asyncio.Event()
        self._refusing = False
        self._losing = False
        self.port = 0
        self.heal()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()
        self._flowing.set()

    def cut(self) -> None:
        """End every connection, and each new one at once."""
        self._refusing = True
        for writer in list(self._writers):
            writer.transport.abort()

    def hang(self) -> None:
        """Take connections and bytes, and pass nothing on."""
        self._flowing.clear()

    def lose_answers(self) -> None:
        """The server gets everything; the client hears nothing any more."""
        self._losing = True

    def heal(self) -> None:
        self._refusing = self._losing = False
        self._flowing.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            if not self._refusing:
                await self._link(reader, writer)
        except OSError:
            pass
        finally:
            self._writers.discard(writer)
            writer.transport.abort()

    async def _link(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, requests = await self._connect()
        self._writers.add(requests)
        try:
            async with asyncio.TaskGroup() as pumps:
                pumps.create_task(self._pump(reader, requests, is_answer=False))
                pumps.create_task(self._pump(answers, writer, is_answer=True))
        except* OSError:
            pass
        finally:
            self._writers.discard(requests)
            requests.transport.abort()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        await self._flowing.wait()
        if isinstance(self._target, str):
            return await asyncio.open_unix_connection(self._target)
        return await asyncio.open_connection(*self._target)

    async def _pump(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, is_answer: bool
    ) -> None:
        while data := await source.read(CHUNK):
            if self._heard is not None and not is_answer:
                self._heard += data
            await self._flowing.wait()
            if not (is_answer and self._losing):
                sink.write(data)
                await sink.drain()
        raise ConnectionResetError  # ends the other direction, too


def target_of(url: str, standard_port: int) -> tuple[str, int] | str:
    """Where a PostgreSQL or AMQP URL leads to."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    host = query["host"][0] if "host" in query else unquote(parts.hostname or "127.0.0.1")
    port = int(query["port"][0]) if "port" in query else parts.port or standard_port
    return f"{host}/.s.PGSQL.{port}" if host.startswith("/") else (host, port)


def through(url: str, proxy: Proxy) -> str:
    """The same URL, by way of the proxy."""
    parts = urlsplit(url)
    user = f"{quote(parts.username or '')}{':' + parts.password if parts.password else ''}@"
    return parts._replace(netloc=f"{user.lstrip('@')}127.0.0.1:{proxy.port}", query="").geturl()
