"""The consume loop: what every named reader of the log does, whatever feeds it.

A message is a hint and a copy. Copies that follow on from the checkpoint are applied as they are; anything
else (a gap, a repetition, silence) is settled by reading the store.
"""

import asyncio
from collections.abc import Sequence
from typing import Protocol

import structlog

from eventstore.bus.protocol import Inbox
from eventstore.checkpoints import CheckpointMoved
from eventstore.events import RecordedEvent, gapless
from eventstore.leases import Lease
from eventstore.store import EventStore, StoreUnavailable

BATCH = 500
POLL = 1.0
PAUSE = 5.0
log = structlog.get_logger()


class Reaction(Protocol):
    """A consumer: it takes in events and moves its checkpoint in the same transaction."""

    name: str

    async def position(self) -> int:
        """The last position it has finished."""

    async def apply(self, events: Sequence[RecordedEvent], epoch: int) -> int:
        """Take in events that follow the checkpoint without a gap; answers with the new position.

        Raises CheckpointMoved, StoreUnavailable; anything else pauses this consumer, visibly.
        """

    async def report(self, error: str | None) -> None:
        """Note for the operator why it stands still; None: it goes on."""


class Consumer:
    """Runs one reaction, in one process at a time by lease; the checkpoint decides when two run all the same."""

    def __init__(self, reaction: Reaction, store: EventStore, inbox: Inbox, lease: Lease) -> None:
        self._reaction = reaction
        self._store = store
        self._inbox = inbox
        self._lease = lease
        self._position: int | None = None
        self._reported = False

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await self._turn(stop)

    async def _turn(self, stop: asyncio.Event) -> None:
        try:
            await self._consume_once()
        except CheckpointMoved:
            self._position = None
        except StoreUnavailable as error:
            log.warning("store out of reach", consumer=self._reaction.name, error=str(error))
            await _pause(stop, POLL)
        except Exception as error:  # noqa: BLE001 - one consumer's fault must not stop the others
            await self._stand_still(error, stop)

    async def _consume_once(self) -> None:
        copies = await self._inbox.receive(POLL)
        epoch = await self._lease.epoch()
        if epoch is None:
            self._position = None
            return
        if self._position is None:
            self._position = await self._reaction.position()
        await self._catch_up(copies, epoch)

    async def _catch_up(self, copies: Sequence[RecordedEvent], epoch: int) -> None:
        position = self._position or 0
        batch = following(copies, position) or await self._store.read_log(position, BATCH)
        while batch:
            position = self._position = await self._reaction.apply(batch, epoch)
            batch = await self._store.read_log(position, BATCH) if len(batch) == BATCH else []
        await self._inbox.settle(position)
        await self._clear_report()

    async def _stand_still(self, error: Exception, stop: asyncio.Event) -> None:
        """Show it and try again after a while: a new release may have mended it."""
        self._position = None
        log.error("consumer stands still", consumer=self._reaction.name, error=repr(error), exc_info=True)
        await self._reaction.report(repr(error))
        self._reported = True
        await _pause(stop, PAUSE)

    async def _clear_report(self) -> None:
        if self._reported:
            await self._reaction.report(None)
            self._reported = False


def following(copies: Sequence[RecordedEvent], position: int) -> list[RecordedEvent]:
    """The copies beyond `position` if they follow on without a gap, else nothing."""
    ahead = [copy for copy in copies if copy.position > position]
    return ahead if gapless(ahead, position) else []


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
