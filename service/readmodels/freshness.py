"""How far the read models are, and the memory of this process with them.

The doorbell says "look again", nothing more; a look every second heals a bell that was lost.
"""

import asyncio
import heapq
from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol

import structlog

from eventstore.pool import Pool, connection
from eventstore.store import StoreUnavailable

LIVE = """
SELECT g.projection, g.generation, c.position
FROM rm.generations g JOIN es.checkpoints c ON c.name = g.projection || '@' || g.generation
WHERE g.state = 'live' AND g.projection = ANY($1::text[])
"""
PERIOD = 1.0
log = structlog.get_logger()


class Memory(Protocol):
    """What a process remembers of a read model."""

    async def refresh(self, after: int) -> None: ...

    def clear(self) -> None: ...


class Freshness:
    """`wait_for` says when every read model that this process serves has come to a position."""

    def __init__(self, pool: Pool, projections: Iterable[str], memories: Iterable[Memory]) -> None:
        self._pool = pool
        self._projections = list(projections)
        self._memories = list(memories)
        self._generations: dict[str, int] = {}
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._count = 0
        self.position = 0

    async def wait_for(self, position: int, timeout: float) -> bool:  # noqa: ASYNC109 - it ends in a value
        """Whether the read models have come to `position` within `timeout` seconds."""
        if self.position >= position:
            return True
        arrived: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._count += 1
        heapq.heappush(self._waiting, (position, self._count, arrived))
        done, _ = await asyncio.wait([arrived], timeout=timeout)
        arrived.cancel()
        return bool(done)

    async def run(self, bell: Callable[[float], Awaitable[object]], stop: asyncio.Event) -> None:
        """Look whenever `bell(timeout)` returns: it rang, or the time was up."""
        while not stop.is_set():
            try:
                await self.look()
            except StoreUnavailable as error:
                log.warning("read models out of reach", error=str(error))
            await bell(PERIOD)

    async def look(self) -> None:
        async with connection(self._pool) as conn:
            rows = await conn.fetch(LIVE, self._projections)
        if len(rows) < len(self._projections):
            return  # a projection has not started yet
        generations = {row["projection"]: row["generation"] for row in rows}
        if generations != self._generations:
            self._generations = generations
            for memory in self._memories:
                memory.clear()
        await self._advance(min(row["position"] for row in rows))

    async def _advance(self, position: int) -> None:
        if position == self.position:
            return
        for memory in self._memories:
            await memory.refresh(min(self.position, position))
        self.position = position
        while self._waiting and self._waiting[0][0] <= position:
            _, _, arrived = heapq.heappop(self._waiting)
            if not arrived.done():
                arrived.set_result(None)
