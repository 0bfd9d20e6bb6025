"""Bytes to a socket and back: what an HTTP client library would not send."""

import asyncio
from dataclasses import dataclass
from typing import Any

import orjson

SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class RawAnswer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def problem(self) -> dict[str, Any]:
        assert self.headers["content-type"] == "application/problem+json", self
        found: dict[str, Any] = orjson.loads(self.body)
        assert found["status"] == self.status
        assert found["type"].startswith("/problems/")
        return found


async def exchange(port: int, data: bytes, *, head: bool = False) -> tuple[RawAnswer, bool]:
    """The first answer to `data`, and whether the connection was closed after it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        async with asyncio.timeout(SECONDS):
            writer.write(data)
            answer = await read_answer(reader, head=head)
            return answer, await _closed(reader) if answer.headers.get("connection") == "close" else False
    finally:
        writer.close()


async def read_answer(reader: asyncio.StreamReader, *, head: bool = False) -> RawAnswer:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    pairs = (line.split(": ", 1) for line in lines[1:] if line)
    headers = {name.lower(): value for name, value in pairs}
    length = 0 if head else int(headers.get("content-length", 0))
    return RawAnswer(int(lines[0].split(" ")[1]), headers, await reader.readexactly(length))


async def _closed(reader: asyncio.StreamReader) -> bool:
    return await reader.read() == b""
