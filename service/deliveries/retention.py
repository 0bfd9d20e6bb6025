"""What is over long enough is forgotten, a bounded part at a time."""

from dataclasses import dataclass
from datetime import timedelta

from eventstore.pool import Pool, connection

RETENTION = timedelta(days=90)
"""How long after its end a delivery, or the plan of an event's deliveries, can still be looked at."""
PART = 5000
DELIVERIES = """
DELETE FROM notify.deliveries WHERE delivery_id IN (
    SELECT delivery_id FROM notify.deliveries WHERE finished_at < clock_timestamp() - $1::interval
    ORDER BY finished_at LIMIT $2 FOR UPDATE SKIP LOCKED
) RETURNING 1
"""
PLANS = """
DELETE FROM notify.plans WHERE event_id IN (
    SELECT event_id FROM notify.plans WHERE done_at < clock_timestamp() - $1::interval
    ORDER BY done_at LIMIT $2 FOR UPDATE SKIP LOCKED
) RETURNING 1
"""


@dataclass(frozen=True, slots=True)
class Retention:
    """`part`: rows in one transaction. Raises StoreUnavailable."""

    pool: Pool
    part: int = PART

    async def purge(self) -> None:
        """What is still to be sent, or to be planned, stays however old it is."""
        for statement in (DELIVERIES, PLANS):
            while await self._forget(statement) == self.part:
                pass

    async def _forget(self, statement: str) -> int:
        async with connection(self.pool) as conn:
            return len(await conn.fetch(statement, RETENTION, self.part))
