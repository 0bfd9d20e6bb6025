"""Whoever asks for a subscription is asked to confirm it: one delivery for each request.

What the page's owner vouches for is confirmed by the very next event, and nobody is asked.
"""

from collections.abc import Sequence
from uuid import UUID, uuid5

from eventstore.codec import Codec
from eventstore.events import RecordedEvent
from eventstore.pool import Connection, Pool, connection
from eventstore.store import EventStore
from service.domain.subscription import SubscriptionRequested, SubscriptionVerified
from workers.policies.bookmark import Bookmark

NAME = "policy:confirmations"
KIND = "confirmation"
REQUESTED, VERIFIED = SubscriptionRequested.__name__, SubscriptionVerified.__name__
REACTS_TO = frozenset({REQUESTED})
# As old as its event, so that what is cancelled refuses the deliveries asked for before, and no later ones.
PLAN = """
INSERT INTO notify.deliveries
    (delivery_id, event_id, subscription_id, page_id, channel_type, kind, created_at, host)
VALUES ($1, $2, $3, $4, $5, $6, $7,
    coalesce((SELECT host FROM vault.contacts WHERE subscription_id = $3), ''))
ON CONFLICT ON CONSTRAINT deliveries_once DO NOTHING
"""
SIGNAL = "SELECT pg_notify('deliveries_due', '')"


class ConfirmationPolicy:
    """A consumer: plans deliveries in the transaction that moves its checkpoint."""

    name = NAME
    reacts_to = REACTS_TO

    def __init__(self, pool: Pool, bookmark: Bookmark, store: EventStore, codec: Codec) -> None:
        self._pool = pool
        self._bookmark = bookmark
        self._store = store
        self._codec = codec

    async def position(self) -> int:
        return await self._bookmark.position()

    async def apply(self, events: Sequence[RecordedEvent], epoch: int) -> int:
        requests = await self._requests(events)
        if not requests:
            return await self._bookmark.pass_by(events, epoch)
        async with connection(self._pool) as conn:
            async with conn.transaction():
                for event in requests:
                    await self._plan(conn, event)
                position = await self._bookmark.move(conn, events, epoch)
            await conn.execute(SIGNAL)
        return position

    async def report(self, error: str | None) -> None:
        """The log line of the consume loop says it."""

    async def _requests(self, events: Sequence[RecordedEvent]) -> list[RecordedEvent]:
        """Those that are not confirmed by the event after them, which may lie beyond the last."""
        last = events[-1]
        beyond = await self._store.read_stream(last.stream) if last.type == REQUESTED else []
        confirmed = {(each.stream, each.version) for each in (*events, *beyond) if each.type == VERIFIED}
        asked = (event for event in events if event.type == REQUESTED)
        return [event for event in asked if (event.stream, event.version + 1) not in confirmed]

    async def _plan(self, conn: Connection, event: RecordedEvent) -> None:
        asked: SubscriptionRequested = self._codec.decode(event)
        await conn.execute(
            PLAN,
            delivery_id(event.event_id, asked.subscription_id),
            event.event_id,
            asked.subscription_id,
            asked.page_id,
            asked.channel_type,
            KIND,
            event.recorded_at,
        )


def delivery_id(event_id: UUID, subscription_id: UUID) -> UUID:
    """The same however often it is planned, and with it the mail's Message-ID and links."""
    return uuid5(event_id, str(subscription_id))
