"""A maintenance's plan sets timers: to remind of it, to start it, to end it.

Another plan sets others; what the earlier ones ask for is refused by the rules when their time comes.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from eventstore.codec import Codec
from eventstore.events import RecordedEvent
from eventstore.pool import Connection, Pool, connection
from service.domain.maintenance import (
    Event,
    MaintenanceCancelled,
    MaintenanceCompleted,
    MaintenanceEdited,
    MaintenanceReminded,
    MaintenanceScheduled,
    MaintenanceStarted,
    MaintenanceUpdated,
    Plan,
)
from workers.policies.bookmark import Bookmark

NAME = "policy:timers"
REMIND, START, COMPLETE = "maintenance.remind", "maintenance.start", "maintenance.complete"
REACTS_TO = frozenset(
    {MaintenanceScheduled.__name__, MaintenanceEdited.__name__, MaintenanceStarted.__name__}
)
SET = """
INSERT INTO notify.timers (timer_id, kind, target_id, due_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (timer_id) DO NOTHING
"""


class TimerPolicy:
    """A consumer: sets timers in the transaction that moves its checkpoint."""

    name = NAME
    reacts_to = REACTS_TO

    def __init__(self, pool: Pool, bookmark: Bookmark, codec: Codec) -> None:
        self._pool = pool
        self._bookmark = bookmark
        self._codec = codec

    async def position(self) -> int:
        return await self._bookmark.position()

    async def apply(self, events: Sequence[RecordedEvent], epoch: int) -> int:
        plans = [event for event in events if event.type in REACTS_TO]
        if not plans:
            return await self._bookmark.pass_by(events, epoch)
        async with connection(self._pool) as conn, conn.transaction():
            for event in plans:
                await self._set(conn, event)
            return await self._bookmark.move(conn, events, epoch)

    async def report(self, error: str | None) -> None:
        """The log line of the consume loop says it."""

    async def _set(self, conn: Connection, event: RecordedEvent) -> None:
        happened: Event = self._codec.decode(event)
        for kind, due_at in timers_of(happened):
            await conn.execute(SET, timer_id(event.event_id, kind), kind, happened.maintenance_id, due_at)


def timer_id(event_id: UUID, kind: str) -> UUID:
    """The same however often it is set, and with it the command that it leads to."""
    return uuid5(event_id, kind)


def timers_of(event: Event) -> Iterator[tuple[str, datetime]]:
    """The end is set with the start: until then there is nothing to end."""
    match event:
        case MaintenanceScheduled(plan=plan, at=at):
            yield from _before(plan, at)
        case MaintenanceEdited(plan=plan, at=at):
            yield from _before(plan, at)
            yield COMPLETE, plan.ends_at
        case MaintenanceStarted(ends_at=ends_at):
            yield COMPLETE, ends_at
        case MaintenanceUpdated() | MaintenanceCompleted() | MaintenanceCancelled() | MaintenanceReminded():
            return


def _before(plan: Plan, now: datetime) -> Iterator[tuple[str, datetime]]:
    """Whoever plans it less ahead than the reminder would come has told of it just now."""
    yield START, plan.starts_at
    if plan.remind_at is not None and plan.remind_at > now:
        yield REMIND, plan.remind_at
