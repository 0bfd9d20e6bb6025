"""What is dispatched, and that a broker which is away keeps nothing from being claimed."""

import asyncio
from uuid import UUID, uuid4

import pytest

from eventstore.bus.protocol import BusUnavailable
from eventstore.bus.work import WorkQueue
from eventstore.leases import Leases
from tests.environment.rabbitmq import free_ports
from tests.workers.delivery.delivering import claim
from tests.workers.delivery.test_bulkheads import asked
from tests.workers.subscribers import Subscribers
from workers.delivery.choice import Choice, Kind
from workers.delivery.dispatcher import Dispatcher
from workers.delivery.ledger import Ledger
from workers.delivery.outcomes import Sent

HOST = "one.example.org"


def dispatcher_to(subscribers: Subscribers, url: str) -> Dispatcher:
    queue = WorkQueue(url, "statuspages-tests", uuid4().hex, prefetch=1)
    return Dispatcher(Kind.MAILS, Ledger(subscribers.pool), queue, 2, Leases(subscribers.pool), asyncio.sleep)


async def test_without_a_broker_everything_stays_due(subscribers: Subscribers, page_id: UUID) -> None:
    await asked(subscribers, page_id, HOST)
    [port] = free_ports(1)
    with pytest.raises(BusUnavailable):
        await dispatcher_to(subscribers, f"amqp://127.0.0.1:{port}/").dispatch()
    assert len(await claim(subscribers)) == 1


async def test_what_is_dispatched_counts_against_its_host_until_it_is_settled(
    subscribers: Subscribers, page_id: UUID
) -> None:
    await asked(subscribers, page_id, *[HOST] * 3)
    ledger, choice = Ledger(subscribers.pool), Choice(limit=10, per_host=2)
    ids = list(await ledger.dispatch(Kind.MAILS, choice))
    assert await ledger.dispatched(Kind.MAILS) == {HOST: 2}
    claimed = await ledger.claim_given(Kind.MAILS, choice, ids)
    assert await ledger.dispatched(Kind.MAILS) == {HOST: 2}
    await ledger.settle([(each, Sent()) for each in claimed])
    assert await ledger.dispatched(Kind.MAILS) == {}


async def test_an_id_is_claimed_once_however_often_it_comes(subscribers: Subscribers, page_id: UUID) -> None:
    await asked(subscribers, page_id, HOST)
    ledger, choice = Ledger(subscribers.pool), Choice(limit=10, per_host=2)
    ids = list(await ledger.dispatch(Kind.MAILS, choice))
    copies = await asyncio.gather(*(ledger.claim_given(Kind.MAILS, choice, ids) for _ in range(5)))
    assert sorted(map(len, copies)) == [0, 0, 0, 0, 1]


async def test_what_is_given_back_is_no_longer_dispatched(subscribers: Subscribers, page_id: UUID) -> None:
    await asked(subscribers, page_id, HOST)
    ledger, choice = Ledger(subscribers.pool), Choice(limit=10, per_host=2)
    ids = list(await ledger.dispatch(Kind.MAILS, choice))
    await ledger.give_back(ids)
    assert await ledger.claim_given(Kind.MAILS, choice, ids) == []
    assert await ledger.dispatched(Kind.MAILS) == {}
