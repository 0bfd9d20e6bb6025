"""A client of server-sent events, as the specification reads them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientError, ClientResponse, ClientSession

from tests.environment.waiting import eventually


class Listener:
    """`events`: (id, data) as they came. `comments`, `retries`: what else came. `ended`: None, "in order" or
    "broken"."""

    def __init__(self, response: ClientResponse) -> None:
        self.response = response
        self.events: list[tuple[str, str]] = []
        self.comments: list[str] = []
        self.retries: list[int] = []
        self.ended: str | None = None
        self._id = ""
        self._data: list[str] = []

    @property
    def ids(self) -> list[int]:
        return [int(name) for name, _ in self.events]

    async def heard(self, count: int, timeout: float = 10) -> None:  # noqa: ASYNC109 - as of eventually
        """At least `count` events have come."""
        await eventually(lambda: len(self.events) >= count, timeout, f"{count} events")

    async def run(self) -> None:
        try:
            async for line in self.response.content:
                self._take(line.decode().rstrip("\n"))
        except ClientError:
            self.ended = "broken"
        else:
            self.ended = "in order"

    def _take(self, line: str) -> None:
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        match field:
            case "" if line:
                self.comments.append(value)
            case "":
                self._dispatch()
            case "id":
                self._id = value
            case "data":
                self._data.append(value)
            case "retry":
                self.retries.append(int(value))

    def _dispatch(self) -> None:
        if self._data:
            self.events.append((self._id, "\n".join(self._data)))
        self._data = []


@asynccontextmanager
async def listening(session: ClientSession, url: str, **headers: Any) -> AsyncIterator[Listener]:
    """Header names are written with underscores. The answer's status is the test's to look at."""
    sent = {name.replace("_", "-"): str(value) for name, value in headers.items()}
    async with session.get(url, headers=sent, timeout=None) as response:
        listener = Listener(response)
        running = asyncio.create_task(listener.run())
        try:
            yield listener
        finally:
            running.cancel()
            await asyncio.wait({running})
