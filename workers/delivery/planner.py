"""Makes deliveries of plans, in parts that are each one transaction; any number of planners share the work.

The plan touched longest ago comes next, so that a page with ten subscribers does not wait for one with
a hundred thousand. Whatever dies in between leaves whole parts, and a cursor that says which.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from eventstore.pool import Connection, Pool, connection
from eventstore.store import StoreUnavailable
from service.notices import CHOSE
from workers.delivery.gathering import DUE_AT, GATHERED

PART = 5000
POLL = 1.0
NEXT = """
SELECT * FROM notify.plans WHERE done_at IS NULL ORDER BY touched_at LIMIT 1 FOR UPDATE SKIP LOCKED
"""
# A delivery's id follows from its event and its reader, and with it the mail's Message-ID. Rows that a
# deliverer has in hand are skipped rather than waited for: it asks by itself what is newer. The older ones
# are asked for reader by reader: as a join it was planned, while the table was small, to read it for each.
DELIVER = f"""
WITH part AS MATERIALIZED (
    SELECT s.subscription_id, s.channel_type, coalesce(c.host, '') AS host
    FROM notify.subscribers s LEFT JOIN vault.contacts c USING (subscription_id)
    WHERE s.page_id = $3::uuid AND s.subscription_id > $10 AND s.verified_position < $2::bigint
        AND (s.ended_position IS NULL OR s.ended_position > $2)
        AND {CHOSE.format(incident_id="$6::uuid", component_ids="$7::uuid[]")}
    ORDER BY s.subscription_id LIMIT $11
), older AS (
    SELECT mine.delivery_id FROM part CROSS JOIN LATERAL (
        SELECT d.delivery_id FROM notify.deliveries d
        WHERE d.subscription_id = part.subscription_id AND d.thing_id = $4 AND d.position < $2
            AND d.state = 'pending'
        FOR UPDATE SKIP LOCKED
    ) mine
), superseded AS (
    UPDATE notify.deliveries SET state = 'superseded', reason = 'newer', finished_at = clock_timestamp()
    WHERE delivery_id = ANY(ARRAY(SELECT delivery_id FROM older))
), planned AS (
    INSERT INTO notify.deliveries (delivery_id, event_id, subscription_id, page_id, channel_type, host, kind,
        position, thing_id, created_at, expires_at, next_attempt_at, gathered)
    SELECT encode(substr(sha256(uuid_send($1::uuid) || uuid_send(subscription_id)), 1, 16), 'hex')::uuid,
        $1, subscription_id, $3, channel_type, host, $5::text, $2, $4::uuid, $8::timestamptz,
        $9::timestamptz, {DUE_AT.format(thing_id="$4::uuid")},
        {GATHERED.format(thing_id="$4::uuid", position="$2")}
    FROM part
    ON CONFLICT DO NOTHING
)
SELECT count(*) AS count, (SELECT subscription_id FROM part ORDER BY subscription_id DESC LIMIT 1) AS last
FROM part
"""
MOVE = """
UPDATE notify.plans SET cursor = coalesce($2, cursor), touched_at = clock_timestamp(),
    done_at = CASE WHEN $3 THEN clock_timestamp() END
WHERE event_id = $1
"""
SIGNAL = "SELECT pg_notify('deliveries_due', '')"
log = structlog.get_logger()
Bell = Callable[[float], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Planner:
    """`bell(timeout)` returns when there may be something to plan. `part`: deliveries in one transaction."""

    pool: Pool
    bell: Bell
    part: int = PART

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set; the part in hand is finished."""
        while not stop.is_set():
            if not await self._turn():
                await self.bell(POLL)

    async def plan(self) -> bool:
        """One part of one plan; whether there was one. Raises StoreUnavailable."""
        async with connection(self.pool) as conn, conn.transaction():
            plans = await conn.fetch(NEXT)
            for plan in plans:
                await self._deliver(conn, dict(plan))
            return bool(plans)

    async def _turn(self) -> bool:
        try:
            return await self.plan()
        except StoreUnavailable as error:
            log.warning("store out of reach", worker="planner", error=str(error))
            return False

    async def _deliver(self, conn: Connection, plan: Mapping[str, Any]) -> None:
        names = "event_id position page_id thing_id kind incident_id component_ids happened_at expires_at"
        about = [plan[name] for name in names.split()]
        [made] = await conn.fetch(DELIVER, *about, plan["cursor"], self.part)
        await conn.execute(MOVE, plan["event_id"], made["last"], made["count"] < self.part)
        await conn.execute(SIGNAL)
