"""The part of the log that a projection folds, a page at a time."""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass

from eventstore.codec import Codec
from eventstore.events import RecordedEvent
from eventstore.pool import Pool, connection

READ = """
SELECT position, stream, version, event_id, type, schema_version, data, recorded_at,
    actor, correlation_id, causation_id, tenant_id, subject_id
FROM es.events WHERE position > $1 AND position <= $2 AND type = ANY($3::text[])
ORDER BY position LIMIT $4
"""
HEAD = "SELECT coalesce(max(position), 0) FROM es.events"


@dataclass(frozen=True, slots=True)
class Page:
    """Every event of the wanted types beyond the page before, up to and with position `upto`."""

    events: list[RecordedEvent]
    upto: int


@dataclass(frozen=True, slots=True)
class LogPages:
    """`types`: which events are read; `size`: at most so many at once."""

    pool: Pool
    codec: Codec
    types: Collection[str]
    size: int

    async def head(self) -> int:
        """Raises StoreUnavailable."""
        async with connection(self.pool) as conn:
            return int(await conn.fetchval(HEAD))

    async def between(self, after: int, upto: int) -> AsyncIterator[Page]:
        """Raises StoreUnavailable."""
        while after < upto:
            page = await self._read(after, upto)
            yield page
            after = page.upto

    async def _read(self, after: int, upto: int) -> Page:
        async with connection(self.pool) as conn:
            rows = await conn.fetch(READ, after, upto, list(self.types), self.size)
        events = [self.codec.upcast(RecordedEvent(*row)) for row in rows]
        return Page(events, events[-1].position if len(events) == self.size else upto)
