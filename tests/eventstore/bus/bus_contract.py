"""What every bus must do. The test modules of the adapters inherit these tests.

A bus may hand out copies of events or just wake its consumers; what counts is that they know when to look.
"""

import asyncio
import time
from dataclasses import dataclass
from uuid import uuid4

import pytest

from eventstore.bus.protocol import Bus, Inbox
from eventstore.events import RecordedEvent
from eventstore.store import EventStore
from tests.eventstore.making import a_stream, an_append, appended

PROMPT = 2.0
LONG = 20.0


@dataclass
class Line:
    """A bus with the log it serves."""

    store: EventStore
    bus: Bus

    async def record(self, count: int) -> list[RecordedEvent]:
        """Append and publish, as the relay does."""
        verdict = appended(await self.store.append(an_append(a_stream(), count=count)))
        events = await self.store.read_log(verdict.first_position - 1, count)
        await self.bus.publish(events)
        return events

    async def consume(self, inbox: Inbox, until: int) -> list[RecordedEvent]:
        """Receive until a copy of position `until` came or, from a bus without copies, the log has it."""
        copies: list[RecordedEvent] = []
        async with asyncio.timeout(LONG):
            while not (copies and copies[-1].position >= until):
                received = await inbox.receive(PROMPT)
                copies += received
                if not received and not copies and await self.store.head() >= until:
                    return []
        return copies


@pytest.fixture
def consumer() -> str:
    return f"consumer-{uuid4()}"


async def quiet(inbox: Inbox) -> None:
    """Receive until nothing comes any more."""
    while True:
        began = time.monotonic()
        received = await inbox.receive(0.2)
        if received:
            await inbox.settle(received[-1].position)
        elif time.monotonic() - began >= 0.2:
            return


class BusContract:
    async def test_an_inbox_wakes_when_something_is_published(self, line: Line, consumer: str) -> None:
        async with line.bus.inbox(consumer) as inbox:
            await quiet(inbox)
            waiting = asyncio.create_task(inbox.receive(LONG))
            events = await line.record(1)
            copies = await asyncio.wait_for(waiting, PROMPT)
            assert copies in ([], events)

    async def test_copies_come_whole_and_in_the_order_they_were_published(
        self, line: Line, consumer: str
    ) -> None:
        async with line.bus.inbox(consumer) as inbox:
            await quiet(inbox)
            events = await line.record(250) + await line.record(1) + await line.record(3)
            assert await self._settling(line, inbox, events) in ([], events)

    async def _settling(self, line: Line, inbox: Inbox, events: list[RecordedEvent]) -> list[RecordedEvent]:
        copies: list[RecordedEvent] = []
        async with asyncio.timeout(LONG):
            while len(copies) < len(events):
                received = await inbox.receive(PROMPT)
                if not received and await line.store.head() >= events[-1].position and not copies:
                    return []
                copies += received
                if received:
                    await inbox.settle(received[-1].position)
        return copies

    async def test_an_inbox_with_nothing_new_returns_empty_at_its_timeout(
        self, line: Line, consumer: str
    ) -> None:
        async with line.bus.inbox(consumer) as inbox:
            await quiet(inbox)
            began = time.monotonic()
            assert await inbox.receive(0.2) == []
            assert time.monotonic() - began >= 0.19

    async def test_what_was_not_settled_wakes_the_consumer_that_comes_back(
        self, line: Line, consumer: str
    ) -> None:
        async with line.bus.inbox(consumer) as inbox:
            await quiet(inbox)
            events = await line.record(3)
            await line.consume(inbox, events[-1].position)
            await inbox.settle(events[0].position)
        async with line.bus.inbox(consumer) as inbox:
            assert await line.consume(inbox, events[-1].position) in ([], events[1:])

    async def test_what_was_published_while_the_consumer_was_away_wakes_it_when_it_comes_back(
        self, line: Line, consumer: str
    ) -> None:
        async with line.bus.inbox(consumer) as inbox:
            await quiet(inbox)
        events = await line.record(3)
        async with line.bus.inbox(consumer) as inbox:
            began = time.monotonic()
            copies = await inbox.receive(LONG)
            assert time.monotonic() - began < PROMPT
            assert copies == events[: len(copies)]

    async def test_every_consumer_is_told(self, line: Line, consumer: str) -> None:
        async with line.bus.inbox(consumer) as one, line.bus.inbox(f"{consumer}-other") as other:
            await quiet(one)
            await quiet(other)
            events = await line.record(2)
            for inbox in (one, other):
                assert await line.consume(inbox, events[-1].position) in ([], events)

    async def test_publishing_nothing_is_no_error(self, line: Line) -> None:
        await line.bus.publish([])
