"""A page's subscriptions, with the addresses that the vault still has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from eventstore.pool import Pool, connection
from service.readmodels import cursor

LIST = """
SELECT s.key, s.document, s.created_at, c.address
FROM rm.subscriptions s LEFT JOIN vault.contacts c ON c.subscription_id = s.key::uuid
WHERE s.page_id = $1 AND (s.created_at, s.key) > ($2, $3)
    AND s.status = coalesce($5, s.status)
    AND s.document->>'channel_type' = coalesce($6, s.document->>'channel_type')
ORDER BY s.created_at, s.key LIMIT $4
"""
COUNTS = "SELECT status, count(*) AS count FROM rm.subscriptions WHERE page_id = $1 GROUP BY status"
UNVERIFIED = """
SELECT key::uuid AS subscription_id FROM rm.subscriptions
WHERE status = 'pending' AND created_at < $1 AND key > $2::text
ORDER BY key LIMIT $3
"""
ORPHANS = """
SELECT c.subscription_id FROM vault.contacts c LEFT JOIN rm.subscriptions s ON s.key = c.subscription_id::text
WHERE c.created_at < $1 AND c.subscription_id > $2 AND (s.status IS NULL OR s.status = 'cancelled')
ORDER BY c.subscription_id LIMIT $3
"""
# Nobody is cut off while something is on its way to them.
OF_OVER_INCIDENTS = """
SELECT c.subscription_id FROM vault.contacts c LEFT JOIN rm.incidents i ON i.key = c.incident_id::text
WHERE c.incident_id IS NOT NULL AND c.subscription_id > $2
    AND (i.document IS NULL OR NOT i.open AND (i.document->>'updated_at')::timestamptz < $1)
    AND NOT EXISTS (
        SELECT FROM notify.deliveries d
        WHERE d.subscription_id = c.subscription_id AND d.phase = 'waiting'
    )
ORDER BY c.subscription_id LIMIT $3
"""
STATUSES = ("pending", "verified", "quarantined", "cancelled")
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Listed:
    """`document` as the projection has it; `address` None: erased."""

    document: Mapping[str, Any]
    address: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """None: any."""

    status: str | None = None
    channel_type: str | None = None


EVERY = Wanted()


class SubscriptionList:
    """Raises StoreUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def list(
        self, page_id: UUID, limit: int, after: str | None, wanted: Wanted = EVERY
    ) -> tuple[Sequence[Listed], str | None]:
        """The oldest first, and the cursor of the next part. Raises cursor.BadCursor."""
        created_at, key = _position(after)
        async with connection(self._pool) as conn:
            rows = await conn.fetch(
                LIST, page_id, created_at, key, limit + 1, wanted.status, wanted.channel_type
            )
        listed = [Listed(row["document"], row["address"]) for row in rows[:limit]]
        if len(rows) <= limit:
            return listed, None
        last = rows[limit - 1]
        return listed, cursor.encode(last["created_at"].isoformat(), last["key"])

    async def counts(self, page_id: UUID) -> dict[str, int]:
        """How many there are of each status."""
        async with connection(self._pool) as conn:
            rows = await conn.fetch(COUNTS, page_id)
        return dict.fromkeys(STATUSES, 0) | {row["status"]: row["count"] for row in rows}

    async def unverified(self, asked_before: datetime, after: UUID, limit: int) -> Sequence[UUID]:
        """Subscriptions still unconfirmed, by id, beyond `after`. Somebody may have asked again since."""
        return await self._ids(UNVERIFIED, asked_before, str(after), limit)

    async def orphans(self, asked_before: datetime, after: UUID, limit: int) -> Sequence[UUID]:
        """Contacts whose subscription has ended, or never began, as far as this read model knows."""
        return await self._ids(ORPHANS, asked_before, after, limit)

    async def of_over_incidents(self, silent_since: datetime, after: UUID, limit: int) -> Sequence[UUID]:
        """Subscriptions to one incident that was retracted, or is over and unchanged since then."""
        return await self._ids(OF_OVER_INCIDENTS, silent_since, after, limit)

    async def _ids(self, query: str, *values: Any) -> Sequence[UUID]:
        async with connection(self._pool) as conn:
            return [row["subscription_id"] for row in await conn.fetch(query, *values)]


def _position(after: str | None) -> tuple[datetime, str]:
    if after is None:
        return BEGINNING, ""
    created_at, key = cursor.decode(after, 2)
    return cursor.moment(created_at), key
