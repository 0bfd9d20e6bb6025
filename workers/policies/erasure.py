"""What ends takes its secrets along: a subscription its address, a page its passwords and subscriptions."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from eventstore.codec import Codec
from eventstore.events import RecordedEvent
from eventstore.pool import Pool, connection
from eventstore.store import EventStore
from service.commands.handler import CommandHandler, Origin
from service.commands.subscriptions import Cancel
from service.domain.errors import NotFound
from service.domain.statuspage import PageCreated, PageDeleted, PageSettingsChanged
from service.domain.subscription import SUBSCRIPTION, CancelReason, SubscriptionCancelled
from service.vault.contacts import Contacts
from service.vault.leavers import Leavers
from service.vault.passwords import Passwords
from workers.policies.bookmark import Bookmark

NAME = "policy:erasure"
REACTS_TO = frozenset({SubscriptionCancelled.__name__, PageSettingsChanged.__name__, PageDeleted.__name__})
AT_ONCE = 10
REFUSE = """
UPDATE notify.deliveries SET state = 'refused', reason = 'erased', finished_at = clock_timestamp()
WHERE subscription_id = $1 AND state = 'pending' AND created_at <= $2
"""


@dataclass(frozen=True, slots=True)
class Vault:
    """What can be erased."""

    contacts: Contacts
    passwords: Passwords
    leavers: Leavers


class ErasurePolicy:
    """A consumer. Its effects can be repeated without harm, and come before its checkpoint moves."""

    name = NAME
    reacts_to = REACTS_TO

    def __init__(
        self,
        pool: Pool,
        bookmark: Bookmark,
        store: EventStore,
        codec: Codec,
        commands: CommandHandler,
        vault: Vault,
    ) -> None:
        self._pool = pool
        self._bookmark = bookmark
        self._store = store
        self._codec = codec
        self._commands = commands
        self._contacts = vault.contacts
        self._passwords = vault.passwords
        self._leavers = vault.leavers

    async def position(self) -> int:
        return await self._bookmark.position()

    async def apply(self, events: Sequence[RecordedEvent], epoch: int) -> int:
        ends = [event for event in events if event.type in REACTS_TO]
        if not ends:
            return await self._bookmark.pass_by(events, epoch)
        for event in ends:
            await self._react(event)
        async with connection(self._pool) as conn:
            return await self._bookmark.move(conn, events, epoch)

    async def report(self, error: str | None) -> None:
        """The log line of the consume loop says it."""

    async def _react(self, event: RecordedEvent) -> None:
        match self._codec.decode(event):
            case SubscriptionCancelled(subscription_id=subscription_id, reason=reason):
                if reason is CancelReason.UNSUBSCRIBED:
                    await self._leavers.note(subscription_id, asked_before=event.recorded_at)
                await self._forget(subscription_id, event.recorded_at)
            case PageSettingsChanged(password_id=password_id):
                await self._passwords.erase(await self._passwords_before(event) - {password_id})
            case PageDeleted() as deleted:
                await self._passwords.erase_all(deleted.page_id)
                await self._leavers.erase_all(deleted.page_id)
                await self._close(event, deleted)

    async def _forget(self, subscription_id: UUID, moment: datetime) -> None:
        await self._contacts.erase(subscription_id, asked_before=moment)
        async with connection(self._pool) as conn:
            await conn.execute(REFUSE, subscription_id, moment)

    async def _passwords_before(self, event: RecordedEvent) -> set[UUID]:
        """The page's earlier passwords. One that is being set just now is in no event yet, and stays."""
        earlier = (await self._store.read_stream(event.stream))[: event.version]
        return {password_id for past in earlier for password_id in self._password_in(past)}

    def _password_in(self, event: RecordedEvent) -> Iterator[UUID]:
        if event.type in (PageCreated.__name__, PageSettingsChanged.__name__):
            settings: PageCreated | PageSettingsChanged = self._codec.decode(event)
            if settings.password_id is not None:
                yield settings.password_id

    async def _close(self, event: RecordedEvent, deleted: PageDeleted) -> None:
        """End the page's subscriptions; their own events then come by here."""
        subscription_ids = await self._contacts.of_page(deleted.page_id)
        for start in range(0, len(subscription_ids), AT_ONCE):
            batch = subscription_ids[start : start + AT_ONCE]
            await asyncio.gather(*(self._cancel(event, deleted, each) for each in batch))

    async def _cancel(self, event: RecordedEvent, deleted: PageDeleted, subscription_id: UUID) -> None:
        command_id = uuid5(event.event_id, str(subscription_id))
        origin = Origin(command_id, NAME, event.correlation_id, event.event_id, repeatable=True)
        command = Cancel(subscription_id, CancelReason.PAGE_DELETED, deleted.at)
        with suppress(NotFound):  # asked for, but the page was gone before it was recorded
            await self._commands.run(origin, SUBSCRIPTION.stream(subscription_id), command)
        await self._forget(subscription_id, event.recorded_at)
