"""The bus without a broker: the log itself is the transport, and its feed wakes the consumers."""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from eventstore.bus.protocol import Inbox, Waits
from eventstore.events import RecordedEvent


class PostgresBus:
    def __init__(self, feed: Waits) -> None:
        self._feed = feed

    async def publish(self, events: Sequence[RecordedEvent]) -> None:
        """Nothing to do: whoever waits for the log has heard of them."""

    def inbox(self, consumer: str, types: Collection[str] = ()) -> AbstractAsyncContextManager[Inbox]:
        """All consumers share the feed; `consumer` makes no difference here."""
        return self._opened()

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[Inbox]:
        yield _FeedInbox(self._feed)


class _FeedInbox:
    def __init__(self, feed: Waits) -> None:
        self._feed = feed
        self._seen = 0

    async def receive(self, timeout: float) -> list[RecordedEvent]:  # noqa: ASYNC109 - it ends in a value
        """Wakes once for each time the log was seen to grow; the store has the events."""
        self._seen = await self._feed.wait_beyond(self._seen, timeout)
        return []

    async def settle(self, position: int) -> None:
        """No copies were handed out."""
