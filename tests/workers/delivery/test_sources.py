"""What every source of deliveries must do, over the ledger itself and over the work queue on RabbitMQ."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import UUID, uuid4

import aio_pika
import pytest

from eventstore.bus.work import WorkQueue
from eventstore.leases import Leases
from tests.environment.scripted_smtp import ScriptedSmtp
from tests.environment.waiting import eventually
from tests.proxy import Proxy, target_of, through
from tests.workers.delivery.delivering import deliverer_from, email_by, running
from tests.workers.delivery.delivering import settled as all_settled
from tests.workers.delivery.test_bulkheads import asked
from tests.workers.subscribers import Subscribers
from workers.delivery import dispatcher
from workers.delivery.choice import Choice, Kind
from workers.delivery.delivery import Delivery
from workers.delivery.dispatcher import Dispatcher
from workers.delivery.from_ledger import FromLedger
from workers.delivery.from_queue import FromQueue
from workers.delivery.gate import MAILS, Gate
from workers.delivery.ledger import Ledger
from workers.delivery.outcomes import Later, Sent
from workers.delivery.source import Source

Open = Callable[[], Awaitable[Source]]
HOSTS = [f"{number}.example.org" for number in range(12)]
CHOICE = Choice(limit=10, per_host=2)


async def bell(timeout: float) -> None:  # noqa: ASYNC109 - of the bell
    await asyncio.sleep(0.02)


@asynccontextmanager
async def queued(subscribers: Subscribers, url: str, name: str) -> AsyncIterator[FromQueue]:
    """A source and a dispatcher of the queue; of several dispatchers one works."""
    ledger, stop = Ledger(subscribers.pool), asyncio.Event()
    queue = WorkQueue(url, "statuspages-tests", name, prefetch=20)
    dispatching = Dispatcher(Kind.MAILS, ledger, queue, 2, Leases(subscribers.pool), bell)
    async with queue.consuming(), asyncio.TaskGroup() as group:
        group.create_task(dispatching.run(stop))
        yield FromQueue(queue, FromLedger(Kind.MAILS, ledger, bell))
        stop.set()


@pytest.fixture
async def name(amqp_url: str) -> AsyncIterator[str]:
    """Of a work queue that is gone afterwards."""
    name = uuid4().hex[:12]
    yield name
    async with await aio_pika.connect(amqp_url) as connection, connection.channel() as channel:
        await channel.queue_delete(f"statuspages-tests.work.{name}")


@pytest.fixture(params=["ledger", "queue"])
async def opened(
    request: pytest.FixtureRequest, subscribers: Subscribers, amqp_url: str, name: str
) -> AsyncIterator[Open]:
    async with AsyncExitStack() as stack:

        async def open_one() -> Source:
            if request.param == "ledger":
                return FromLedger(Kind.MAILS, Ledger(subscribers.pool), bell)
            return await stack.enter_async_context(queued(subscribers, amqp_url, name))

        yield open_one


async def claimed(source: Source, count: int, choice: Choice = CHOICE) -> list[Delivery]:
    """So many, as they come."""
    found: list[Delivery] = []
    async with asyncio.timeout(15):
        while len(found) < count:
            found += await source.claim(choice) or []
            await source.news(0.1)
    return found


async def worked(subscribers: Subscribers, count: int, *sources: Source) -> list[Delivery]:
    """So many, each settled at once, by all these sources in turn."""
    found: list[Delivery] = []
    async with asyncio.timeout(20):
        while len(found) < count:
            for source in sources:
                claims = await source.claim(CHOICE)
                await settled(subscribers, source, claims)
                found += claims
                await source.news(0.1)
    return found


async def settled(subscribers: Subscribers, source: Source, deliveries: list[Delivery]) -> None:
    for each in deliveries:
        await Ledger(subscribers.pool).settle([(each, Sent())])
        await source.settled(each)


async def test_what_is_due_comes_once(subscribers: Subscribers, page_id: UUID, opened: Open) -> None:
    await asked(subscribers, page_id, *HOSTS)
    found = await worked(subscribers, len(HOSTS), await opened(), await opened())
    assert len({each.delivery_id for each in found}) == len(found) == len(HOSTS)


async def test_a_host_without_room_gets_nothing_and_others_do(
    subscribers: Subscribers, page_id: UUID, opened: Open
) -> None:
    await asked(subscribers, page_id, *["full.example.org"] * 5, *HOSTS)
    narrow = Choice(limit=10, per_host=2, narrow={"full.example.org": 0})
    found = await claimed(await opened(), len(HOSTS), narrow)
    assert "full.example.org" not in {each.host for each in found}


async def test_no_host_gets_more_than_its_share(
    subscribers: Subscribers, page_id: UUID, opened: Open
) -> None:
    await asked(subscribers, page_id, *["one.example.org"] * 8)
    source = await opened()
    assert len(await claimed(source, 2, Choice(limit=2, per_host=2))) == 2


async def test_a_small_page_comes_before_a_large_one_is_through(
    subscribers: Subscribers, page_id: UUID, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher, "AT_ONCE", 10)
    small = await subscribers.page()
    await asked(subscribers, page_id, *[f"{number}.example.org" for number in range(40)])
    await asked(subscribers, small, "small.example.org")
    found = await worked(subscribers, 41, await opened())
    assert [each.page_id for each in found].index(small) < 30


class TestQueue:
    async def test_what_is_postponed_does_not_come_back_with_a_copy(
        self, subscribers: Subscribers, page_id: UUID, amqp_url: str, name: str
    ) -> None:
        await asked(subscribers, page_id, HOSTS[0])
        async with queued(subscribers, amqp_url, name) as source:
            [delivery] = await claimed(source, 1)
            await source.queue.publish([delivery.delivery_id])
            ledger = Ledger(subscribers.pool, jitter=lambda: 1.0)
            await ledger.settle([(delivery, Later("rcpt: 450"))])
            await source.settled(delivery)
            assert await source.direct.ledger.claim_given(Kind.MAILS, CHOICE, [delivery.delivery_id]) == []

    async def test_what_was_lost_on_the_way_comes_up_again(
        self, subscribers: Subscribers, page_id: UUID, amqp_url: str, name: str
    ) -> None:
        await asked(subscribers, page_id, *HOSTS)
        lost = await Ledger(subscribers.pool).dispatch(Kind.MAILS, Choice(20, 2))
        assert len(lost) == len(HOSTS)
        await subscribers.pool.execute("UPDATE notify.deliveries SET next_attempt_at = clock_timestamp()")
        async with queued(subscribers, amqp_url, name) as source:
            assert {each.delivery_id for each in await claimed(source, len(HOSTS))} == set(lost)

    async def test_while_the_broker_is_away_the_ledger_is_asked(
        self, subscribers: Subscribers, page_id: UUID, amqp_url: str, name: str
    ) -> None:
        async with (
            Proxy(target_of(amqp_url, 5672)) as proxy,
            queued(subscribers, through(amqp_url, proxy), name) as source,
        ):
            await eventually(lambda: source.queue.connected, 10, "the broker there")
            proxy.cut()
            await eventually(lambda: not source.queue.connected, 10, "the broker away")
            await asked(subscribers, page_id, *HOSTS)
            await claimed(source, len(HOSTS))
            proxy.heal()
            await eventually(lambda: source.queue.connected, 15, "the broker back")

    async def test_a_deliverer_sends_by_it_and_leaves_nothing_behind(
        self, subscribers: Subscribers, page_id: UUID, amqp_url: str, name: str, smtp: ScriptedSmtp
    ) -> None:
        await asked(subscribers, page_id, *HOSTS)
        async with queued(subscribers, amqp_url, name) as source:
            await eventually(lambda: source.queue.connected, 10, "the broker there")
            async with running(deliverer_from(subscribers, source, email_by(smtp), Gate(MAILS))):
                await eventually(lambda: len(smtp.messages) == len(HOSTS), 10, "everybody told")
                await eventually(lambda: not source.queue.holds, 10, "every id done")
                rows = await all_settled(subscribers, page_id)
        assert {row["state"] for row in rows} == {"sent"}
