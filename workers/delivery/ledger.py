"""The deliveries table as a queue: claim what is due, note what became of it.

A claim is committed before anything is sent. It ends after LEASE, so that another deliverer goes on where one
died; `attempts` is its number, and only the newest claim can note an outcome.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, assert_never
from uuid import UUID

from eventstore.pool import Pool, connection
from service.domain.subscription import (
    VERIFICATION_PERIOD,
    SubscriptionCancelled,
    SubscriptionQuarantined,
    SubscriptionReactivated,
    SubscriptionRequested,
    SubscriptionVerified,
)
from service.domain.values import ChannelType
from workers.delivery.choice import Choice, Kind, chosen, given, given_values, values
from workers.delivery.delivery import Delivery
from workers.delivery.outcomes import (
    Expired,
    Gone,
    Later,
    Outcome,
    Refused,
    Sent,
    Superseded,
    Untried,
    retry_after,
)

LEASE = timedelta(seconds=60)
TURNS = ", ".join(
    f"'{each.__name__}'"
    for each in (
        SubscriptionRequested,
        SubscriptionVerified,
        SubscriptionReactivated,
        SubscriptionQuarantined,
        SubscriptionCancelled,
    )
)
OURS = f"clock_timestamp() + interval '{LEASE.total_seconds()} s'"
# Nothing that is in an index is changed, which is why `next_attempt_at` stays. What belongs to a row is asked
# for row by row: a join is now and then planned as if the table had few rows, and reads them all. Whether the
# subscription is verified is asked of the log itself: read models may be behind.
CLAIM = f"""
WITH {{chosen}}, claimed AS (
    UPDATE notify.deliveries d SET state = 'sending', attempts = d.attempts + 1, lease_until = {OURS}
    WHERE d.delivery_id = ANY(ARRAY(SELECT delivery_id FROM chosen))
    RETURNING d.*
)
SELECT d.delivery_id, d.event_id, d.subscription_id, d.page_id, d.channel_type, d.host, d.kind, d.position,
    d.thing_id, d.attempts, d.created_at, d.gathered,
    coalesce(d.expires_at, d.created_at + interval '{VERIFICATION_PERIOD.total_seconds()} s')
        <= clock_timestamp() AS late,
    EXISTS (
        SELECT FROM notify.deliveries newer
        WHERE newer.subscription_id = d.subscription_id AND newer.thing_id = d.thing_id
            AND newer.position > d.position
    ) AS superseded,
    (SELECT address FROM vault.contacts c WHERE c.subscription_id = d.subscription_id) AS address,
    (SELECT type IN ('SubscriptionVerified', 'SubscriptionReactivated') FROM es.events
        WHERE stream = 'subscription-' || d.subscription_id AND type IN ({TURNS})
        ORDER BY version DESC LIMIT 1) AS verified
FROM claimed d
"""
DISPATCH = f"""
WITH {{chosen}}
UPDATE notify.deliveries d SET dispatched_at = clock_timestamp(), next_attempt_at = {OURS}
WHERE d.delivery_id = ANY(ARRAY(SELECT delivery_id FROM chosen))
RETURNING d.delivery_id, d.page_id
"""
DISPATCHED = """
SELECT host, count(*) FROM notify.deliveries
WHERE dispatched_at IS NOT NULL AND phase = 'waiting' AND {kind}
    AND greatest(next_attempt_at, lease_until) > now()
GROUP BY host
"""
GIVE_BACK = """
UPDATE notify.deliveries
SET dispatched_at = NULL, next_attempt_at = clock_timestamp() + interval '1 second'
WHERE delivery_id = ANY($1) AND dispatched_at IS NOT NULL AND state = 'pending'
"""
SETTLE = """
UPDATE notify.deliveries d
SET state = told.state, lease_until = NULL, dispatched_at = NULL, attempts = d.attempts - told.uncounted,
    reason = CASE WHEN told.uncounted > 0 THEN coalesce(told.reason, d.reason) ELSE told.reason END,
    next_attempt_at = coalesce(clock_timestamp() + told.wait, d.next_attempt_at),
    finished_at = CASE WHEN told.wait IS NULL THEN clock_timestamp() END
FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::interval[], $6::int[])
    AS told (delivery_id, attempts, state, reason, wait, uncounted)
WHERE d.delivery_id = told.delivery_id AND d.attempts = told.attempts AND d.state = 'sending'
"""


@dataclass(frozen=True, slots=True)
class Settled:
    """What the row becomes. `wait`: until the next attempt; None: there is none."""

    state: str
    reason: str | None
    wait: timedelta | None = None
    uncounted: int = 0


class Ledger:
    """Raises StoreUnavailable. `jitter`: between 0 and 1, which part of a wait is waited."""

    def __init__(self, pool: Pool, jitter: Callable[[], float] = random.random) -> None:
        self._pool = pool
        self._jitter = jitter

    async def claim(self, kind: Kind, choice: Choice) -> list[Delivery]:
        """What is due and chosen, ours for LEASE."""
        rows = await self._fetch(CLAIM.format(chosen=chosen(kind)), *values(choice))
        return [_delivery(row) for row in rows]

    async def claim_given(self, kind: Kind, choice: Choice, ids: Sequence[UUID]) -> list[Delivery]:
        """Of these those that are dispatched and nobody's, as far as there is room."""
        rows = await self._fetch(CLAIM.format(chosen=given(kind)), *given_values(choice, ids))
        return [_delivery(row) for row in rows]

    async def dispatch(self, kind: Kind, choice: Choice) -> dict[UUID, UUID]:
        """What is due and chosen, by its id, and the page of each; it is due again after LEASE."""
        rows = await self._fetch(DISPATCH.format(chosen=chosen(kind)), *values(choice))
        return {row["delivery_id"]: row["page_id"] for row in rows}

    async def dispatched(self, kind: Kind) -> dict[str, int]:
        """How many of each host are in the queue or in hand."""
        return {row["host"]: row["count"] for row in await self._fetch(DISPATCHED.format(kind=kind))}

    async def give_back(self, ids: Sequence[UUID]) -> None:
        """They were dispatched and not claimed; they are due again in a moment."""
        await self._fetch(GIVE_BACK, list(ids))

    async def settle(self, outcomes: Sequence[tuple[Delivery, Outcome]]) -> None:
        """Note them all in one step; those that are another's by now are left alone."""
        rows = [
            (each.delivery_id, each.attempts, told.state, told.reason, told.wait, told.uncounted)
            for each, told in ((each, self._settled(each, outcome)) for each, outcome in outcomes)
        ]
        async with connection(self._pool) as conn:
            await conn.execute(SETTLE, *(list(column) for column in zip(*rows, strict=True)))

    async def _fetch(self, statement: str, *parameters: object) -> list[Any]:
        async with connection(self._pool) as conn:
            return await conn.fetch(statement, *parameters)

    def _settled(self, delivery: Delivery, outcome: Outcome) -> Settled:
        match outcome:
            case Sent():
                return Settled("sent", None)
            case Expired():
                return Settled("expired", "too_late")
            case Superseded():
                return Settled("superseded", "newer")
            case Refused(reason) | Gone(reason):
                return Settled("refused", reason)
            case Untried(reason):
                return Settled("pending", reason, timedelta(0), uncounted=1)
            case Later(reason, not_before):
                return self._postponed(delivery, reason, not_before or timedelta(0))
            case _:
                assert_never(outcome)

    def _postponed(self, delivery: Delivery, reason: str, not_before: timedelta) -> Settled:
        """Full jitter: what failed together does not come back together."""
        after = retry_after(delivery.attempts)
        if after is None:
            return Settled("parked", reason)
        return Settled("pending", reason, max(after * self._jitter(), not_before))


def _delivery(row: Any) -> Delivery:
    return Delivery(**(dict(row) | {"channel_type": ChannelType(row["channel_type"])}))
