import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import aio_pika
import pytest
from aio_pika.abc import AbstractChannel

from eventstore.bus import envelope
from eventstore.bus.protocol import Bus, BusUnavailable, Inbox
from eventstore.bus.rabbit import RabbitBus
from eventstore.memory import MemoryStore
from tests.environment.waiting import eventually
from tests.eventstore.bus.bus_contract import LONG, BusContract, Line, consumer, quiet
from tests.eventstore.making import a_recorded_event
from tests.proxy import Proxy, target_of, through

__all__ = ["consumer"]


@pytest.fixture
async def channel(amqp_url: str) -> AsyncIterator[AbstractChannel]:
    """For a look at the broker from outside."""
    connection = await aio_pika.connect(amqp_url)
    async with connection:
        yield await connection.channel()


@pytest.fixture
async def prefix(channel: AbstractChannel, consumer: str) -> AsyncIterator[str]:
    """Names of this test's own; everything under them is deleted in the end."""
    name = f"test-{uuid4()}"
    yield name
    for queue in ("dead", consumer, f"{consumer}-other", "downstream"):
        await channel.queue_delete(f"{name}.{queue}")
    for exchange in ("events", "dead"):
        await channel.exchange_delete(f"{name}.{exchange}")


@pytest.fixture
async def bus(amqp_url: str, prefix: str) -> AsyncIterator[RabbitBus]:
    bus = RabbitBus(amqp_url, prefix)
    yield bus
    await bus.close()


@pytest.fixture
def line(bus: RabbitBus) -> Line:
    return Line(MemoryStore(), bus)


@pytest.fixture
async def proxy(amqp_url: str) -> AsyncIterator[Proxy]:
    async with Proxy(target_of(amqp_url, 5672)) as proxy:
        yield proxy


@pytest.fixture
async def proxied(amqp_url: str, prefix: str, proxy: Proxy) -> AsyncIterator[RabbitBus]:
    bus = RabbitBus(through(amqp_url, proxy), prefix)
    yield bus
    proxy.heal()
    await bus.close()


class TestRabbitBus(BusContract):
    async def test_an_inbox_for_some_types_gets_copies_of_no_others(self, line: Line, consumer: str) -> None:
        async with line.bus.inbox(consumer):
            pass  # an earlier release was bound to everything
        async with line.bus.inbox(consumer, ["Wanted", "WantedToo"]) as inbox:
            kinds = ["Happened", "Wanted", "Other", "WantedToo"]
            await line.bus.publish(
                [replace(a_recorded_event(number), type=kind) for number, kind in enumerate(kinds, 1)]
            )
            copies = await line.consume(inbox, 4)
            assert [copy.type for copy in copies] == ["Wanted", "WantedToo"]

    async def test_what_was_settled_does_not_come_again(self, line: Line, consumer: str) -> None:
        async with line.bus.inbox(consumer) as inbox:
            events = await line.record(3)
            await line.consume(inbox, events[-1].position)
            await inbox.settle(events[-1].position)
        async with line.bus.inbox(consumer) as inbox:
            assert await inbox.receive(0.3) == []

    async def test_events_that_nobody_asked_for_count_as_published(self, line: Line) -> None:
        await line.record(3)

    async def test_anyone_may_bind_a_queue_and_gets_cloudevents(
        self, line: Line, channel: AbstractChannel, prefix: str, bus: RabbitBus
    ) -> None:
        await bus.publish([])
        queue = await channel.declare_queue(f"{prefix}.downstream", durable=True)
        exchange = await channel.declare_exchange(f"{prefix}.events", "topic", durable=True)
        await queue.bind(exchange, "thing.Happened.*.*")
        [event] = await line.record(1)
        message = await queue.get(timeout=5)
        assert message.content_type == "application/cloudevents+json"
        assert message.message_id == str(event.event_id)
        assert message.delivery_mode == aio_pika.DeliveryMode.PERSISTENT
        assert message.routing_key == "thing.Happened._._"
        assert envelope.decode(message.body) == event
        await message.ack()

    async def test_what_is_no_event_goes_to_the_dead_letters_and_holds_up_nobody(
        self, line: Line, channel: AbstractChannel, prefix: str, consumer: str
    ) -> None:
        async with line.bus.inbox(consumer) as inbox:
            exchange = await channel.get_exchange(f"{prefix}.events")
            for body in (b"", b"{}", b"[1]", b"\xff", b'{"position": "1"}'):
                await exchange.publish(aio_pika.Message(body), "thing.Nonsense._._")
            events = await line.record(1)
            assert await line.consume(inbox, events[-1].position) == events
            dead = await channel.get_queue(f"{prefix}.dead")
            await eventually(lambda: count(channel, dead.name, 5))

    async def test_a_queue_that_was_deleted_is_made_again(
        self, line: Line, channel: AbstractChannel, prefix: str, consumer: str
    ) -> None:
        async with line.bus.inbox(consumer) as inbox:
            await channel.queue_delete(f"{prefix}.{consumer}")
            await eventually(lambda: hears(line.bus, inbox), LONG)

    async def test_a_binding_that_was_deleted_is_made_again(
        self,
        line: Line,
        channel: AbstractChannel,
        prefix: str,
        consumer: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr("eventstore.bus.rabbit.CHECK_SECONDS", 0.2)
        async with line.bus.inbox(consumer) as inbox:
            queue = await channel.get_queue(f"{prefix}.{consumer}")
            await queue.unbind(f"{prefix}.events", "#")
            await eventually(lambda: hears(line.bus, inbox), LONG)

    async def test_an_exchange_that_was_deleted_is_made_again(
        self, bus: RabbitBus, channel: AbstractChannel, prefix: str
    ) -> None:
        await bus.publish([a_recorded_event(1)])
        await channel.exchange_delete(f"{prefix}.events")
        with pytest.raises(BusUnavailable):
            await bus.publish([a_recorded_event(2)])
        await bus.publish([a_recorded_event(2)])


async def count(channel: AbstractChannel, queue: str, expected: int) -> bool:
    declared = await channel.declare_queue(queue, passive=True)
    return declared.declaration_result.message_count == expected


async def test_a_broker_away_at_the_start_holds_up_no_consumer_and_is_found_later(
    proxied: RabbitBus, proxy: Proxy, bus: RabbitBus, consumer: str
) -> None:
    proxy.cut()
    async with proxied.inbox(consumer) as inbox:
        began = time.monotonic()
        assert await inbox.receive(0.1) == []
        assert time.monotonic() - began < 1
        proxy.heal()
        await eventually(lambda: hears(bus, inbox), LONG)


async def hears(bus: Bus, inbox: Inbox) -> bool:
    await bus.publish([a_recorded_event(1)])
    return bool(await inbox.receive(0.2))


async def test_publishing_without_a_broker_is_unavailable_and_works_when_it_is_back(
    proxied: RabbitBus, proxy: Proxy
) -> None:
    proxy.cut()
    with pytest.raises(BusUnavailable):
        await proxied.publish([a_recorded_event(1)])
    proxy.heal()
    await proxied.publish([a_recorded_event(1)])
    proxy.cut()
    with pytest.raises(BusUnavailable):
        await proxied.publish([a_recorded_event(1)])
    proxy.heal()
    await proxied.publish([a_recorded_event(1)])


async def test_a_hung_broker_is_unavailable_within_four_seconds_and_works_again(
    proxied: RabbitBus, proxy: Proxy
) -> None:
    await proxied.publish([a_recorded_event(1)])
    proxy.hang()
    began = time.monotonic()
    with pytest.raises(BusUnavailable):
        await proxied.publish([a_recorded_event(1)])
    assert time.monotonic() - began < 4
    proxy.heal()
    await proxied.publish([a_recorded_event(1)])


async def test_a_consumer_whose_connection_was_cut_goes_on_and_loses_nothing(
    proxied: RabbitBus, proxy: Proxy, bus: RabbitBus, consumer: str
) -> None:
    line = Line(MemoryStore(), bus)
    async with proxied.inbox(consumer) as inbox:
        first = await line.record(2)
        assert await line.consume(inbox, 2) == first
        proxy.cut()
        second = await line.record(2)
        assert await inbox.receive(0.1) == []
        await inbox.settle(2)
        proxy.heal()
        assert (await line.consume(inbox, 4))[-2:] == second


async def test_closing_a_consumer_while_the_broker_hangs_takes_seconds_only(
    proxied: RabbitBus, proxy: Proxy, consumer: str
) -> None:
    async with proxied.inbox(consumer) as inbox:
        await quiet(inbox)
        proxy.hang()
        began = time.monotonic()
    assert time.monotonic() - began < 5


async def test_publishing_stops_when_its_caller_is_cancelled(proxied: RabbitBus, proxy: Proxy) -> None:
    await proxied.publish([a_recorded_event(1)])
    proxy.hang()
    publishing = asyncio.create_task(proxied.publish([a_recorded_event(1)]))
    await asyncio.wait({publishing}, timeout=0.1)
    publishing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await publishing


async def test_a_broker_that_hangs_for_long_loses_neither_consumer_nor_publisher(
    proxied: RabbitBus, proxy: Proxy, consumer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eventstore.bus.rabbit.HEARTBEAT_SECONDS", 1)
    monkeypatch.setattr("eventstore.bus.rabbit.PUBLISH_SECONDS", 30.0)
    async with proxied.inbox(consumer) as inbox:
        await proxied.publish([a_recorded_event(1)])
        await eventually(lambda: hears(proxied, inbox))
        proxy.hang()
        with pytest.raises(BusUnavailable):  # the driver gives the connection up: its heartbeats stay away
            await proxied.publish([a_recorded_event(2)])
        assert {copy.position for copy in await inbox.receive(0.1)} <= {1}  # what had arrived before, no more
        proxy.heal()
        await eventually(lambda: hears(proxied, inbox), LONG)
