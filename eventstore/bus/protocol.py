"""The port: how consumers learn that the log has grown.

A message is a hint and a copy; the store is the truth. A lost, repeated or reordered message is therefore
harmless: the consumer compares positions and reads the store when they do not follow on.
"""

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from eventstore.events import RecordedEvent


class BusUnavailable(Exception):
    """The broker could not be reached or did not confirm in time; what was published may arrive or not."""


class Waits(Protocol):
    """What a bus needs of the log's feed."""

    async def wait_beyond(self, position: int, timeout: float) -> int:  # noqa: ASYNC109 - it ends in a value
        """The head as soon as it lies beyond `position`, or as last seen after `timeout` seconds."""


class Inbox(Protocol):
    """One consumer's end of the bus."""

    async def receive(self, timeout: float) -> list[RecordedEvent]:  # noqa: ASYNC109 - it ends in a value
        """Wait until something may have happened, at most `timeout` seconds.

        Returns copies of events as they came (perhaps repeated or out of order), or an empty list: then
        only the store knows what is new. Never raises for a broker that is away: it returns empty.
        """

    async def settle(self, position: int) -> None:
        """Everything at or below `position` is done: acknowledge the copies received so far up to there."""


class Bus(Protocol):
    """Every adapter passes tests/eventstore/bus/bus_contract.py."""

    async def publish(self, events: Sequence[RecordedEvent]) -> None:
        """Hand over in order and wait until all are safe. Raises BusUnavailable."""

    def inbox(self, consumer: str, types: Collection[str] = ()) -> AbstractAsyncContextManager[Inbox]:
        """Open the named consumer's inbox; what was published since it first opened is kept for it.

        Copies may be of events of these `types` only; without any they are of all.
        """
