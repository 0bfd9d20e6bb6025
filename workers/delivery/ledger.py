"""The deliveries table as a queue: claim what is due, note what became of it.

A claim is committed before anything is sent. It ends after LEASE, so that another deliverer goes on where one
died; `attempts` is its number, and only the newest claim can note an outcome. What is newer about a thing
waits for what is being sent about it, so that nobody reads of the end before the beginning.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, assert_never
from uuid import UUID

from eventstore.pool import Pool, connection
from service.domain.subscription import VERIFICATION_PERIOD
from service.domain.values import ChannelType
from workers.delivery.outcomes import Expired, Gone, Later, Outcome, Refused, Sent, Superseded, retry_after

LEASE = timedelta(seconds=60)
CLAIM = """
UPDATE notify.deliveries d
SET state = 'sending', attempts = d.attempts + 1,
    lease_until = clock_timestamp() + $2::interval, next_attempt_at = clock_timestamp() + $2::interval
FROM (
    SELECT delivery_id FROM notify.deliveries due
    WHERE state IN ('pending', 'sending') AND next_attempt_at <= clock_timestamp()
    AND ($4::text[] IS NULL OR channel_type = ANY($4)) AND NOT EXISTS (
        SELECT FROM notify.deliveries older
        WHERE older.subscription_id = due.subscription_id AND older.thing_id = due.thing_id
            AND older.position < due.position AND older.state = 'sending'
            AND older.lease_until > clock_timestamp()
    )
    ORDER BY next_attempt_at LIMIT $1 FOR UPDATE SKIP LOCKED
) due
WHERE d.delivery_id = due.delivery_id
RETURNING d.delivery_id, d.event_id, d.subscription_id, d.page_id, d.kind, d.position, d.thing_id,
    d.attempts, d.created_at, d.gathered,
    coalesce(d.expires_at, d.created_at + $3::interval) <= clock_timestamp() AS late,
    EXISTS (
        SELECT FROM notify.deliveries newer
        WHERE newer.subscription_id = d.subscription_id AND newer.thing_id = d.thing_id
            AND newer.position > d.position
    ) AS superseded
"""
FINISH = """
UPDATE notify.deliveries
SET state = $3, reason = $4, lease_until = NULL, finished_at = clock_timestamp()
WHERE delivery_id = $1 AND attempts = $2 AND state = 'sending'
"""
POSTPONE = """
UPDATE notify.deliveries
SET state = 'pending', reason = $3, lease_until = NULL, next_attempt_at = clock_timestamp() + $4::interval
WHERE delivery_id = $1 AND attempts = $2 AND state = 'sending'
"""
HAND_BACK = """
UPDATE notify.deliveries d
SET state = 'pending', attempts = d.attempts - 1, lease_until = NULL, next_attempt_at = clock_timestamp()
FROM unnest($1::uuid[], $2::int[]) AS claimed (delivery_id, attempts)
WHERE d.delivery_id = claimed.delivery_id AND d.attempts = claimed.attempts AND d.state = 'sending'
"""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A claimed row. `position`, `thing_id`: of a notice, its event and what that is about; else None.

    `created_at`: when it happened. `gathered`: how many others it stands for. `superseded`: something newer
    about the same is told to the same reader.
    """

    delivery_id: UUID
    event_id: UUID
    subscription_id: UUID
    page_id: UUID
    kind: str
    position: int | None
    thing_id: UUID | None
    attempts: int
    created_at: datetime
    gathered: int
    late: bool
    superseded: bool


class Ledger:
    """Raises StoreUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def claim(self, limit: int, channels: Iterable[ChannelType] | None = None) -> list[Delivery]:
        """At most `limit` deliveries that are due, by these channels or any, ours for LEASE."""
        names = None if channels is None else list(channels)
        async with connection(self._pool) as conn:
            rows = await conn.fetch(CLAIM, limit, LEASE, VERIFICATION_PERIOD, names)
        return [Delivery(**row) for row in rows]

    async def settle(self, delivery: Delivery, outcome: Outcome) -> None:
        match outcome:
            case Sent():
                await self._finish(delivery, "sent", None)
            case Expired():
                await self._finish(delivery, "expired", "too_late")
            case Superseded():
                await self._finish(delivery, "superseded", "newer")
            case Refused(reason) | Gone(reason):
                await self._finish(delivery, "refused", reason)
            case Later(reason, not_before):
                await self._postpone(delivery, reason, not_before)
            case _:
                assert_never(outcome)

    async def hand_back(self, deliveries: Sequence[Delivery]) -> None:
        """They were claimed and not tried; anybody may have them now."""
        delivery_ids = [delivery.delivery_id for delivery in deliveries]
        await self._execute(HAND_BACK, delivery_ids, [delivery.attempts for delivery in deliveries])

    async def _postpone(self, delivery: Delivery, reason: str, not_before: timedelta | None) -> None:
        after = retry_after(delivery.attempts)
        if after is None:
            await self._finish(delivery, "parked", reason)
        else:
            wait = max(after, not_before or after)
            await self._execute(POSTPONE, delivery.delivery_id, delivery.attempts, reason, wait)

    async def _finish(self, delivery: Delivery, state: str, reason: str | None) -> None:
        await self._execute(FINISH, delivery.delivery_id, delivery.attempts, state, reason)

    async def _execute(self, statement: str, *values: Any) -> None:
        async with connection(self._pool) as conn:
            await conn.execute(statement, *values)
