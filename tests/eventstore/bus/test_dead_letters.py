"""What a consumer rejected, on a real broker."""

from collections.abc import AsyncIterator
from uuid import uuid4

import aio_pika
import pytest
from aio_pika.abc import AbstractChannel

from eventstore.bus import envelope, topology
from eventstore.bus.dead_letters import DeadLetters
from eventstore.bus.protocol import BusUnavailable
from tests.environment.waiting import eventually
from tests.eventstore.making import a_recorded_event

NONSENSE = b"no event"


@pytest.fixture
async def channel(amqp_url: str) -> AsyncIterator[AbstractChannel]:
    async with await aio_pika.connect(amqp_url) as connection:
        yield await connection.channel()


@pytest.fixture
async def prefix(channel: AbstractChannel) -> AsyncIterator[str]:
    name = f"test-{uuid4()}"
    yield name
    for queue in ("dead", "pages"):
        await channel.queue_delete(f"{name}.{queue}")
    for exchange in ("events", "dead"):
        await channel.exchange_delete(f"{name}.{exchange}")


@pytest.fixture
def letters(amqp_url: str, prefix: str) -> DeadLetters:
    return DeadLetters(amqp_url, prefix)


async def rejected(channel: AbstractChannel, prefix: str, *bodies: bytes) -> None:
    """Put into the queue of a consumer, who wants none of them."""
    queue = await topology.queue(channel, prefix, "pages", ())
    for body in bodies:
        message = aio_pika.Message(body, message_id="kept", headers={"mine": "too"})
        await channel.default_exchange.publish(message, queue.name)
        taken = await queue.get(timeout=5)
        assert taken is not None
        await taken.reject(requeue=False)
    await holds(channel, f"{prefix}.dead", len(bodies))


async def holds(channel: AbstractChannel, name: str, count: int) -> None:
    async def there() -> bool:
        queue = await channel.get_queue(name)
        return queue.declaration_result.message_count == count

    await eventually(there, 10, f"{count} messages in {name}")


async def test_each_has_its_reason_and_its_queue_and_stays(
    channel: AbstractChannel, prefix: str, letters: DeadLetters
) -> None:
    event = a_recorded_event(1)
    await rejected(channel, prefix, envelope.encode(event), NONSENSE)
    for _ in range(2):
        first, second = await letters.list(10)
        assert (first.reason, first.queue, first.count) == ("rejected", f"{prefix}.pages", 1)
        assert (first.event, second.event, second.size) == (event, None, len(NONSENSE))
        await holds(channel, f"{prefix}.dead", 2)
    assert len(await letters.list(1)) == 1


async def test_what_is_replayed_is_in_its_queue_as_it_was(
    channel: AbstractChannel, prefix: str, letters: DeadLetters
) -> None:
    await rejected(channel, prefix, NONSENSE, NONSENSE)
    assert await letters.replay() == (2, 0)
    await holds(channel, f"{prefix}.pages", 2)
    assert await letters.list(10) == []
    message = await (await channel.get_queue(f"{prefix}.pages")).get(timeout=5)
    assert message is not None
    assert (message.body, message.message_id, message.headers["mine"]) == (NONSENSE, "kept", "too")
    assert "x-death" not in message.headers


async def test_what_has_no_queue_any_more_stays(
    channel: AbstractChannel, prefix: str, letters: DeadLetters
) -> None:
    await rejected(channel, prefix, NONSENSE)
    await channel.queue_delete(f"{prefix}.pages")
    await channel.default_exchange.publish(aio_pika.Message(b"put there by hand"), f"{prefix}.dead")
    await holds(channel, f"{prefix}.dead", 2)
    assert await letters.replay() == (0, 2)
    assert {each.reason for each in await letters.list(10)} == {"rejected", None}


async def test_dropping_leaves_none(channel: AbstractChannel, prefix: str, letters: DeadLetters) -> None:
    assert await letters.drop() == 0
    await rejected(channel, prefix, NONSENSE, NONSENSE)
    assert await letters.drop() == 2
    assert await letters.list(10) == []


async def test_a_broker_that_is_away_is_told() -> None:
    with pytest.raises(BusUnavailable):
        await DeadLetters("amqp://guest:guest@127.0.0.1:1/").list(1)
