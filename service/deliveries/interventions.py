"""What somebody does to deliveries by hand: have them tried again, hold them back, give them up.

A delivery that is being sent is its deliverer's, and is left alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from eventstore.pool import Connection, Pool, connection
from service.deliveries.wanted import State, Wanted, conditions, phase_of

CAN_BE_RETRIED: tuple[State, ...] = ("parked", "refused", "expired")
CAN_BE_PARKED: tuple[State, ...] = ("pending",)
CAN_BE_DROPPED: tuple[State, ...] = ("pending", "parked")
PART = 1000
CHANGE = """
WITH chosen AS (
    SELECT d.delivery_id FROM notify.deliveries d
    WHERE d.phase = ANY($1::text[]) AND d.state = ANY($2::text[]) AND {conditions}
    LIMIT $3 FOR UPDATE SKIP LOCKED
)
UPDATE notify.deliveries d SET {change} FROM chosen WHERE d.delivery_id = chosen.delivery_id
RETURNING d.delivery_id
"""
# With all its attempts, and with time for them: somebody wants it told although it is late.
RETRY = """state = 'pending', attempts = 0, reason = NULL, finished_at = NULL,
    next_attempt_at = clock_timestamp(),
    expires_at = CASE WHEN d.expires_at IS NOT NULL
        THEN greatest(d.expires_at, clock_timestamp() + interval '24 hours') END"""
PARK = "state = 'parked', reason = 'parked_by_hand', finished_at = clock_timestamp()"
DROP = "state = 'refused', reason = 'dropped_by_hand', finished_at = clock_timestamp()"
SIGNAL = "SELECT pg_notify('deliveries_due', '')"
NOW = "SELECT clock_timestamp()"


@dataclass(frozen=True, slots=True)
class Interventions:
    """Each changes at most `PART` of those that are wanted and answers how many. Raises StoreUnavailable."""

    pool: Pool

    async def now(self) -> datetime:
        """By the clock that writes `finished_at`."""
        async with connection(self.pool) as conn:
            moment: datetime = await conn.fetchval(NOW)
        return moment

    async def retry(self, wanted: Wanted) -> int:
        async with connection(self.pool) as conn:
            changed = await _change(conn, RETRY, CAN_BE_RETRIED, wanted)
            await conn.execute(SIGNAL)
        return changed

    async def park(self, wanted: Wanted) -> int:
        async with connection(self.pool) as conn:
            return await _change(conn, PARK, CAN_BE_PARKED, wanted)

    async def drop(self, wanted: Wanted) -> int:
        async with connection(self.pool) as conn:
            return await _change(conn, DROP, CAN_BE_DROPPED, wanted)


async def _change(conn: Connection, change: str, states: Sequence[State], wanted: Wanted) -> int:
    text, values = conditions(wanted, first=4)
    statement = CHANGE.format(conditions=text, change=change)
    return len(await conn.fetch(statement, list(map(phase_of, states)), list(states), PART, *values))
