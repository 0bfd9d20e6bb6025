"""Sends what is due, one delivery after the other; any number of deliverers share the work."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from eventstore.store import StoreUnavailable
from service.commands.handler import TooManyConflicts
from service.domain.errors import Rejected
from service.domain.values import ChannelType
from service.vault.contacts import Contacts
from workers.delivery.channel import Channel
from workers.delivery.compose import Composer
from workers.delivery.ledger import LEASE, Delivery, Ledger
from workers.delivery.outcomes import Expired, Gone, Later, Outcome, Refused, Superseded
from workers.delivery.resting import Resting

BATCH = 20
PATIENCE = LEASE - timedelta(seconds=35)
"""How long after a claim the last of its deliveries may begin: a message takes at most 30 s."""
POLL = 1.0
SETTLE_SECONDS, STOP_SECONDS = 30.0, 5.0
"""How long to try to note what became of a message while the database is away, also while stopping."""
log = structlog.get_logger()
Bell = Callable[[float], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Deliverer:
    """Sends by `channels` alone; `batch`: how many deliveries it takes at a time.

    `bell(timeout)` returns when there may be something to do.
    """

    ledger: Ledger
    contacts: Contacts
    composer: Composer
    channels: Mapping[ChannelType, Channel]
    resting: Resting
    bell: Bell
    batch: int = BATCH

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set; the message in hand is finished."""
        try:
            while not stop.is_set():
                if not await self._turn(stop):
                    await self.bell(POLL)
        finally:
            for channel in self.channels.values():
                await channel.close()

    async def _turn(self, stop: asyncio.Event) -> bool:
        """Whether there was anything to do."""
        try:
            claimed = await self.ledger.claim(self.batch, self.channels)
            await self._work(claimed, stop)
        except StoreUnavailable as error:
            log.warning("store out of reach", worker="deliverer", error=str(error))
            return False
        return bool(claimed)

    async def _work(self, claimed: Sequence[Delivery], stop: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + PATIENCE.total_seconds()
        for index, delivery in enumerate(claimed):
            if stop.is_set() or loop.time() > until:
                await self.ledger.hand_back(claimed[index:])
                return
            await self._settle(delivery, await self._deliver(delivery), stop)

    async def _deliver(self, delivery: Delivery) -> Outcome:
        if delivery.superseded:
            return Superseded()
        if delivery.late:
            return Expired()
        try:
            return await self._send(delivery)
        except Rejected as error:
            return Refused(str(error))
        except TooManyConflicts:
            return Later("too_many_conflicts")
        except ValueError as error:  # one recipient's mail cannot be made; the others' can
            log.error("message cannot be composed", delivery_id=str(delivery.delivery_id), exc_info=True)
            return Refused(f"cannot_be_composed: {type(error).__name__}")

    async def _send(self, delivery: Delivery) -> Outcome:
        contact = await self.contacts.get(delivery.subscription_id)
        if contact is None:
            return Refused("erased")
        channel = self.channels[contact.channel_type]
        outcome = await channel.send(await self.composer.compose(delivery), contact)
        if isinstance(outcome, Gone):
            await self.resting.begin(delivery, contact.channel_type)
        return outcome

    async def _settle(self, delivery: Delivery, outcome: Outcome, stop: asyncio.Event) -> None:
        """Note it, even if the database is away for a moment: a mail that is not marked is sent again."""
        log.info("delivery", delivery_id=str(delivery.delivery_id), outcome=repr(outcome))
        loop = asyncio.get_running_loop()
        started = loop.time()
        while True:
            try:
                return await self.ledger.settle(delivery, outcome)
            except StoreUnavailable:
                patience = STOP_SECONDS if stop.is_set() else SETTLE_SECONDS
                if loop.time() - started > patience:
                    raise
                await asyncio.sleep(0.2)
