"""Incidents as the projection has them: one, or those of a page by when they started."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from eventstore.pool import Pool, connection
from service.readmodels import cursor

GET = "SELECT document FROM rm.incidents WHERE key = $1 AND document IS NOT NULL"
LIST = """
SELECT key, document, started_at FROM rm.incidents
WHERE page_id = $1 AND document IS NOT NULL AND ($2::boolean IS NULL OR open = $2)
    AND ($3::timestamptz IS NULL OR started_at >= $3) AND ($4::timestamptz IS NULL OR started_at < $4)
    AND ($5::timestamptz IS NULL OR (started_at, key) < ($5, $6))
ORDER BY started_at DESC, key DESC LIMIT $7
"""
STARTS = "SELECT started_at FROM rm.incidents WHERE page_id = $1 AND document IS NOT NULL"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """`open` None: those that are over too. `start`, `end`: when they started, `end` not included."""

    open: bool | None = None
    start: datetime | None = None
    end: datetime | None = None


class Incidents:
    """Raises StoreUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def get(self, incident_id: UUID) -> Json | None:
        """None: no such incident, or retracted."""
        async with connection(self._pool) as conn:
            document: Json | None = await conn.fetchval(GET, str(incident_id))
        return document

    async def list(
        self, page_id: UUID, wanted: Wanted, limit: int, after: str | None
    ) -> tuple[Sequence[Json], str | None]:
        """The newest first, and the cursor of the next part. Raises cursor.BadCursor."""
        started_at, key = _position(after)
        async with connection(self._pool) as conn:
            rows = await conn.fetch(
                LIST, page_id, wanted.open, wanted.start, wanted.end, started_at, key, limit + 1
            )
        documents = [row["document"] for row in rows[:limit]]
        if len(rows) <= limit:
            return documents, None
        last = rows[limit - 1]
        return documents, cursor.encode(last["started_at"].isoformat(), last["key"])

    async def starts(self, page_id: UUID) -> Sequence[datetime]:
        """When each of a page's incidents started."""
        async with connection(self._pool) as conn:
            return [row["started_at"] for row in await conn.fetch(STARTS, page_id)]


def _position(after: str | None) -> tuple[datetime | None, str]:
    if after is None:
        return None, ""
    started_at, key = cursor.decode(after, 2)
    return cursor.moment(started_at), key
