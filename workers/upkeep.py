"""The scheduler's jobs: what has had its time ends, what nobody needs any more is forgotten."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from service.clock import Clock
from service.commands.handler import CommandHandler, Origin
from service.commands.subscriptions import Cancel, EndWithIncident, Look
from service.deliveries.retention import Retention
from service.deliveries.tally import Tally
from service.domain.errors import NotFound
from service.domain.subscription import SUBSCRIPTION, VERIFICATION_PERIOD, CancelReason, Status
from service.readmodels.subscriptions import SubscriptionList
from service.vault.confirmations import Confirmations
from service.vault.contacts import Contacts
from service.vault.links import Links
from workers.scheduler import Job

AT_ONCE = 500
ORPHANED_AFTER = timedelta(days=1)
SILENT_AFTER = timedelta(days=14)
"""After the last word about an incident that is over: until then a postmortem may come."""
MINUTE, HOUR = 60.0, 3600.0
Find = Callable[[datetime, UUID, int], Awaitable[Sequence[UUID]]]


@dataclass(frozen=True, slots=True)
class Upkeep:
    """`purge_keys` forgets idempotency keys that are over."""

    commands: CommandHandler
    subscriptions: SubscriptionList
    contacts: Contacts
    confirmations: Confirmations
    links: Links
    purge_keys: Callable[[], Awaitable[None]]
    tally: Tally
    retention: Retention
    clock: Clock

    def jobs(self) -> list[Job]:
        return [
            Job("expire subscriptions", 10 * MINUTE, self.expire),
            Job("end subscriptions to incidents", HOUR, self.end_with_incidents),
            Job("erase orphaned contacts", HOUR, self.erase_orphans),
            Job("purge confirmations", HOUR, self.confirmations.purge),
            Job("purge links", HOUR, self.links.purge),
            Job("purge idempotency keys", HOUR, self.purge_keys),
            Job("add up deliveries", MINUTE, self.tally.add_up),
            Job("purge deliveries", HOUR, self.retention.purge),
        ]

    async def expire(self) -> None:
        """End the requests that nobody confirmed in time; their addresses are erased with them."""
        now = self.clock()
        found = _all(self.subscriptions.unverified, now - VERIFICATION_PERIOD)
        async for subscription_id in found:
            command = Cancel(subscription_id, CancelReason.EXPIRED, now)
            await self.commands.run(_origin(), SUBSCRIPTION.stream(subscription_id), command)

    async def end_with_incidents(self) -> None:
        """End what was to one incident, once that is over for good; the addresses are erased with it."""
        now = self.clock()
        async for subscription_id in _all(self.subscriptions.of_over_incidents, now - SILENT_AFTER):
            command = EndWithIncident(subscription_id, now)
            await self.commands.run(_origin(), SUBSCRIPTION.stream(subscription_id), command)

    async def erase_orphans(self) -> None:
        """Erase what a crash left behind between the vault and the log; the log has the last word."""
        before = self.clock() - ORPHANED_AFTER
        async for subscription_id in _all(self.subscriptions.orphans, before):
            if not await self._lives(subscription_id):
                await self.contacts.erase(subscription_id, asked_before=before)

    async def _lives(self, subscription_id: UUID) -> bool:
        with suppress(NotFound):
            done = await self.commands.run(_origin(), str(uuid4()), Look(subscription_id))
            return done.result is not None and done.result[0].status is not Status.CANCELLED
        return False


def _origin() -> Origin:
    return Origin(uuid4(), "scheduler")


async def _all(find: Find, before: datetime) -> AsyncIterator[UUID]:
    after = UUID(int=0)
    while found := await find(before, after, AT_ONCE):
        for subscription_id in found:
            yield subscription_id
        after = found[-1]
