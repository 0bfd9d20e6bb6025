"""What tells subscribers something gets a plan; who they are is kept beside it, as of the same position.

A plan is one row, however many there are to be told: `workers.delivery.planner` makes their deliveries.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

from eventstore.codec import Codec
from eventstore.events import RecordedEvent
from eventstore.pool import Connection, Pool, connection
from eventstore.store import EventStore
from service.commands.handler import CommandHandler, Origin
from service.commands.letterheads import FindWriter
from service.domain.errors import NotFound
from service.notices import TELLING, Told, tells, told
from workers.policies import subscribers
from workers.policies.bookmark import Bookmark

NAME = "policy:notifications"
REACTS_TO = TELLING | subscribers.REACTS_TO
LIFETIME = timedelta(hours=24)
"""How long after it happened something is still told: an alarm of yesterday alarms for nothing."""
PLAN = """
INSERT INTO notify.plans
    (event_id, position, page_id, thing_id, kind, incident_id, component_ids, happened_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (event_id) DO NOTHING
"""
SIGNAL = "SELECT pg_notify('plans_due', '')"


class NotificationPolicy:
    """A consumer: plans in the transaction that moves its checkpoint."""

    name = NAME
    reacts_to = REACTS_TO

    def __init__(
        self, pool: Pool, bookmark: Bookmark, store: EventStore, codec: Codec, commands: CommandHandler
    ) -> None:
        self._pool = pool
        self._bookmark = bookmark
        self._store = store
        self._codec = codec
        self._commands = commands

    async def position(self) -> int:
        return await self._bookmark.position()

    async def apply(self, events: Sequence[RecordedEvent], epoch: int) -> int:
        heard = [event for event in events if event.type in REACTS_TO]
        if not heard:
            return await self._bookmark.pass_by(events, epoch)
        telling = {event.event_id: await self._told(event) for event in heard if event.type in TELLING}
        async with connection(self._pool) as conn:
            async with conn.transaction():
                for event in heard:
                    await self._note(conn, event, telling.get(event.event_id))
                position = await self._bookmark.move(conn, events, epoch)
            await conn.execute(SIGNAL)
        return position

    async def report(self, error: str | None) -> None:
        """The log line of the consume loop says it."""

    async def _told(self, event: RecordedEvent) -> Told | None:
        """None: nobody is to be told."""
        stream = await self._store.read_stream(event.stream)
        telling = told([self._codec.decode(each) for each in stream], event.version)
        if telling is None or not telling.notify:
            return None
        looking = Origin(uuid4(), NAME)
        try:
            done = await self._commands.run(looking, str(uuid4()), FindWriter(telling.page_id))
        except NotFound:
            return None
        return telling if done.result is not None and tells(done.result[0]) else None

    async def _note(self, conn: Connection, event: RecordedEvent, telling: Told | None) -> None:
        if event.type in subscribers.REACTS_TO:
            await subscribers.note(conn, self._codec.upcast(event))
        elif telling is not None:
            await conn.execute(
                PLAN,
                event.event_id,
                event.position,
                telling.page_id,
                telling.thing_id,
                telling.kind,
                telling.matter.incident_id,
                list(telling.matter.component_ids),
                event.recorded_at,
                event.recorded_at + LIFETIME,
            )
