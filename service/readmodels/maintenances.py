"""Maintenances as the projection has them: one, or those of a page by when they are to start."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from eventstore.pool import Pool, connection
from service.readmodels import cursor

GET = "SELECT document FROM rm.maintenances WHERE key = $1 AND document IS NOT NULL"
LIST = """
SELECT key, document, starts_at FROM rm.maintenances
WHERE page_id = $1 AND document IS NOT NULL AND ($2::text IS NULL OR status = $2)
    AND ($3::timestamptz IS NULL OR (starts_at, key) < ($3, $4))
ORDER BY starts_at DESC, key DESC LIMIT $5
"""
Json = dict[str, Any]


class Maintenances:
    """Raises StoreUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def get(self, maintenance_id: UUID) -> Json | None:
        async with connection(self._pool) as conn:
            document: Json | None = await conn.fetchval(GET, str(maintenance_id))
        return document

    async def list(
        self, page_id: UUID, status: str | None, limit: int, after: str | None
    ) -> tuple[Sequence[Json], str | None]:
        """The latest start first, and the cursor of the next part. `status` None: all.

        Raises cursor.BadCursor.
        """
        starts_at, key = _position(after)
        async with connection(self._pool) as conn:
            rows = await conn.fetch(LIST, page_id, status, starts_at, key, limit + 1)
        documents = [row["document"] for row in rows[:limit]]
        if len(rows) <= limit:
            return documents, None
        last = rows[limit - 1]
        return documents, cursor.encode(last["starts_at"].isoformat(), last["key"])


def _position(after: str | None) -> tuple[datetime | None, str]:
    if after is None:
        return None, ""
    starts_at, key = cursor.decode(after, 2)
    return cursor.moment(starts_at), key
