"""A bell on a PostgreSQL channel (LISTEN): it says "look again", never what happened."""

import asyncio
from types import TracebackType
from typing import Any, Self

import asyncpg

from eventstore.errors import is_unavailable
from eventstore.pool import CONNECT_SECONDS
from eventstore.waiting import within

PROBE_SECONDS = 15.0
RETRY_SECONDS = 0.5


class Doorbell:
    """One listener on its own connection, as a context manager; it survives a database that is away."""

    def __init__(self, dsn: str, channel: str) -> None:
        self._dsn = dsn
        self._channel = channel
        self._rung = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._listen())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def wait(self, timeout: float) -> None:  # noqa: ASYNC109 - silence is an answer
        """Until it rings, or has rung since the last wait; at most `timeout` seconds."""
        await within(timeout, self._rung)
        self._rung.clear()

    async def _listen(self) -> None:
        while True:
            try:
                await self._hear()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                if not is_unavailable(error):
                    raise
            await asyncio.sleep(RETRY_SECONDS)

    async def _hear(self) -> None:
        """Ring until the connection is lost. A lost one often says nothing, hence the probe."""
        connection = await asyncpg.connect(
            self._dsn, timeout=CONNECT_SECONDS, command_timeout=CONNECT_SECONDS
        )
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: lost.set())
        try:
            await connection.add_listener(self._channel, self._ring)
            self._rung.set()  # what happened before we listened
            while not lost.is_set():
                await connection.execute("SELECT 1")
                await within(PROBE_SECONDS, lost)
        finally:
            connection.terminate()

    def _ring(self, *_: Any) -> None:
        self._rung.set()
