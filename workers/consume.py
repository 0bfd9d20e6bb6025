"""The consume loop: what every named reader of the log does, whatever feeds it.

A message is a hint that the log has grown; what is applied comes from the store. So a message that is lost,
repeated, reordered, forged, or left over from before a backup was restored, changes nothing.
"""

import asyncio
import time
from collections.abc import Collection, Sequence
from typing import Protocol

import structlog

from eventstore.bus.protocol import Bus, Inbox
from eventstore.checkpoints import CheckpointMoved
from eventstore.events import RecordedEvent
from eventstore.leases import Lease, Leases, holding
from eventstore.store import StoreUnavailable

BATCH = 500
POLL = 1.0
PAUSE = 5.0
RECHECK = 5.0
"""Seconds after which a position that did not move is read again: commits that do not wait for the disk
(see Projector) are taken back by a crash of the database, and this process would believe itself further."""
logger = structlog.get_logger()


class Log(Protocol):
    """What a consumer needs of the store."""

    async def read_log(self, after: int, limit: int) -> list[RecordedEvent]:
        """At most `limit` events with a position above `after`, in order. Raises StoreUnavailable."""


class Reaction(Protocol):
    """A consumer: it takes in events and moves its checkpoint in the same transaction."""

    name: str

    @property
    def reacts_to(self) -> Collection[str]:
        """Types of event; the others are passed by, and it need not hear of them at once."""

    async def position(self) -> int:
        """The last position it has finished."""

    async def apply(self, events: Sequence[RecordedEvent], epoch: int) -> int:
        """Take in events that follow the checkpoint without a gap; answers with the new position.

        Raises CheckpointMoved, StoreUnavailable; anything else pauses this consumer, visibly.
        """

    async def report(self, error: str | None) -> None:
        """Note for the operator why it stands still; None: it goes on."""


class Consumer:
    """Runs one reaction, in one process at a time by lease; if two do, the checkpoint decides."""

    def __init__(
        self, reaction: Reaction, log: Log, bus: Bus, leases: Leases, owner: str | None = None
    ) -> None:
        self._reaction = reaction
        self._log = log
        self._bus = bus
        self._leases = leases
        self._owner = owner
        self._position: int | None = None
        self._confirmed_at = 0.0
        self._reported = False

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set; the batch in hand is finished."""
        while not stop.is_set():
            async with holding(self._leases, self._reaction.name, stop, owner=self._owner) as lease:
                if lease is not None:
                    await self._work(lease, stop)

    async def _work(self, lease: Lease, stop: asyncio.Event) -> None:
        async with self._bus.inbox(self._reaction.name, self._reaction.reacts_to) as inbox:
            self._position = None
            while not (stop.is_set() or lease.lost.is_set()):
                await self._turn(inbox, lease.epoch, stop)

    async def _turn(self, inbox: Inbox, epoch: int, stop: asyncio.Event) -> None:
        try:
            await self._consume_once(inbox, epoch)
        except CheckpointMoved:
            self._position = None
        except StoreUnavailable as error:
            self._position = None
            logger.warning("store out of reach", consumer=self._reaction.name, error=str(error))
            await _pause(stop, POLL)
        except Exception as error:  # noqa: BLE001 - one consumer's fault must not stop the others
            await self._stand_still(error, stop)

    async def _consume_once(self, inbox: Inbox, epoch: int) -> None:
        if self._position is None or self._confirmed_at + RECHECK < time.monotonic():
            self._position = await self._reaction.position()
            self._confirmed_at = time.monotonic()
            await self._catch_up(epoch, inbox)
        copies = await inbox.receive(POLL)
        if copies and max(copy.position for copy in copies) <= self._position:
            await inbox.settle(self._position)  # the log itself was faster
        else:
            await self._catch_up(epoch, inbox)

    async def _catch_up(self, epoch: int, inbox: Inbox) -> None:
        position = self._position or 0
        batch = await self._log.read_log(position, BATCH)
        while batch:
            position = self._position = await self._reaction.apply(batch, epoch)
            self._confirmed_at = time.monotonic()
            batch = await self._log.read_log(position, BATCH) if len(batch) == BATCH else []
        await inbox.settle(position)
        await self._clear_report()

    async def _stand_still(self, error: Exception, stop: asyncio.Event) -> None:
        """Show it and try again after a while: a new release may have mended it."""
        self._position = None
        logger.error("consumer stands still", consumer=self._reaction.name, error=repr(error), exc_info=True)
        await self._reaction.report(repr(error))
        self._reported = True
        await _pause(stop, PAUSE)

    async def _clear_report(self) -> None:
        if self._reported:
            await self._reaction.report(None)
            self._reported = False


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
