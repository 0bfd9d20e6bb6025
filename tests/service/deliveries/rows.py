"""Rows of the ledger, put there by hand."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from eventstore.pool import Pool

PUT = """
INSERT INTO notify.deliveries (delivery_id, event_id, subscription_id, page_id, channel_type, kind, state,
    attempts, created_at, next_attempt_at, finished_at, reason)
SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), $1, $2, 'incident.opened', $3, 1,
    clock_timestamp() - $4::interval, clock_timestamp() - $4::interval,
    CASE WHEN $3 NOT IN ('pending', 'sending') THEN clock_timestamp() - $4::interval END, 'as_told'
FROM generate_series(1, $5)
RETURNING delivery_id
"""
TURN = """
UPDATE notify.deliveries SET state = $2,
    finished_at = CASE WHEN $2 NOT IN ('pending', 'sending') THEN clock_timestamp() END
WHERE delivery_id = ANY($1)
"""
PLAN = """
INSERT INTO notify.plans (event_id, position, page_id, thing_id, kind, component_ids, happened_at, expires_at,
    touched_at, done_at)
VALUES (gen_random_uuid(), 1, $1, gen_random_uuid(), 'incident.opened', '{}', clock_timestamp(),
    clock_timestamp(), clock_timestamp() - $2::interval,
    CASE WHEN $3 THEN clock_timestamp() - $2::interval END)
"""
STATES = """
SELECT coalesce(jsonb_object_agg(state, count), '{}')
FROM (SELECT state, count(*) FROM notify.deliveries WHERE page_id = $1 GROUP BY state) AS counted
"""
NOW = timedelta()


@dataclass(frozen=True)
class Rows:
    pool: Pool
    page_id: UUID = field(default_factory=uuid4)

    async def put(
        self, state: str, count: int = 1, *, age: timedelta = NOW, channel: str = "email"
    ) -> list[UUID]:
        rows = await self.pool.fetch(PUT, self.page_id, channel, state, age, count)
        return [row["delivery_id"] for row in rows]

    async def plan(self, *, age: timedelta = NOW, done: bool = False) -> None:
        """`age`: since somebody worked on it."""
        await self.pool.execute(PLAN, self.page_id, age, done)

    async def states(self) -> dict[str, int]:
        """How many there are of each, counted."""
        states: dict[str, Any] = await self.pool.fetchval(STATES, self.page_id)
        return states

    async def turn(self, delivery_ids: list[UUID], state: str) -> None:
        await self.pool.execute(TURN, delivery_ids, state)
