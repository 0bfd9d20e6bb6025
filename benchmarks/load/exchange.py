"""One kept connection, one request at a time, for measuring times rather than rates."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from benchmarks.load.http import Head, parse_head

LONGEST_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Exchange:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ask(self, request: bytes) -> tuple[Head, bytes]:
        """The answer and its body. Raises TimeoutError, asyncio.IncompleteReadError."""
        self.writer.write(request)
        async with asyncio.timeout(LONGEST_SECONDS):
            head = parse_head((await self.reader.readuntil(b"\r\n\r\n")).removesuffix(b"\r\n\r\n"))
            return head, await self.reader.readexactly(head.size)


@asynccontextmanager
async def exchange_with(port: int) -> AsyncIterator[Exchange]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Exchange(reader, writer)
    finally:
        writer.close()
