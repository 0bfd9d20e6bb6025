"""The part of the log that a projection folds, a page at a time; the next ones are read meanwhile."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Collection
from dataclasses import dataclass

from eventstore.codec import Codec
from eventstore.events import RecordedEvent
from eventstore.pool import Pool, connection

AHEAD = 2
READ = """
SELECT position, stream, version, event_id, type, schema_version, data, recorded_at,
    actor, correlation_id, causation_id, tenant_id, subject_id
FROM es.events WHERE position > $1 AND position <= $2 AND type = ANY($3::text[])
ORDER BY position
"""
HEAD = "SELECT coalesce(max(position), 0) FROM es.events"


@dataclass(frozen=True, slots=True)
class Page:
    """Every event of the wanted types beyond the page before, up to and with position `upto`."""

    events: list[RecordedEvent]
    upto: int


@dataclass(frozen=True, slots=True)
class LogPages:
    """`types`: which events are read; `size`: of how many positions at once."""

    pool: Pool
    codec: Codec
    types: Collection[str]
    size: int

    async def head(self) -> int:
        """Raises StoreUnavailable."""
        async with connection(self.pool) as conn:
            return int(await conn.fetchval(HEAD))

    async def between(self, after: int, upto: int) -> AsyncGenerator[Page, None]:
        """Positions have no gaps, so every page is known beforehand. Raises StoreUnavailable."""
        reading: deque[asyncio.Task[Page]] = deque()
        try:
            for start in range(after, upto, self.size):
                reading.append(asyncio.create_task(self._read(start, min(start + self.size, upto))))
                if len(reading) > AHEAD:
                    yield await reading.popleft()
            while reading:
                yield await reading.popleft()
        finally:
            for task in reading:
                task.cancel()
            await asyncio.gather(*reading, return_exceptions=True)

    async def _read(self, after: int, upto: int) -> Page:
        async with connection(self.pool) as conn:
            rows = await conn.fetch(READ, after, upto, list(self.types))
        return Page([self.codec.upcast(RecordedEvent(*row)) for row in rows], upto)
