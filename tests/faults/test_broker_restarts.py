"""RabbitMQ goes and comes back: nobody waits for it, and nothing is missing afterwards."""

from pathlib import Path
from statistics import median

import pytest

from tests.faults import downstream
from tests.faults.broker import OwnBroker
from tests.faults.database import OwnDatabase
from tests.faults.nemesis import grows, say
from tests.faults.product import running, under_load

pytestmark = pytest.mark.faults
ROUNDS = 5
FRESH_SECONDS = 5
LAG_SECONDS = 30
WRITES = 15
WRITE_SECONDS = 0.5
"""Writers wait for the read models: a second, if those only looked at the store now and then."""


async def test_rabbitmq_stopped_and_started_under_load_delays_nothing_and_loses_nothing(
    own_database: OwnDatabase, own_broker: OwnBroker, tmp_path: Path
) -> None:
    await downstream.bind(own_broker.url)
    async with running(tmp_path, own_database.dsn, own_broker.url) as product:
        async with under_load(product) as writer:
            for number in range(1, ROUNDS + 1):
                own_broker.stop()
                await grows(product.progress, "read models without the broker", FRESH_SECONDS)
                typical = median([await writer.first_write() for _ in range(WRITES)])
                await own_broker.start()
                await grows(product.published, "events on the broker again", LAG_SECONDS)
                say(f"RabbitMQ: restarted {number} times; a write without it {typical * 1000:.0f} ms")
                assert typical < WRITE_SECONDS
        length = await product.check()
        copies = await downstream.positions(own_broker.url)
    say(f"{product.history}; {length} events, {len(copies)} copies of them on the broker")
    assert product.history.count().keys() == {"OK"}
    assert downstream.in_order(copies)
    assert set(copies) == set(range(1, length + 1))


async def test_a_broker_that_is_away_at_the_start_is_not_missed_and_gets_everything_later(
    own_database: OwnDatabase, own_broker: OwnBroker, tmp_path: Path
) -> None:
    await downstream.bind(own_broker.url)
    own_broker.stop()
    async with running(tmp_path, own_database.dsn, own_broker.url) as product:
        async with under_load(product, writers=2) as writer:
            await grows(writer.caller.progress, "writes without the broker", FRESH_SECONDS)
            await grows(product.progress, "read models without the broker", FRESH_SECONDS)
            await own_broker.start()
            await grows(product.published, "events on the broker", LAG_SECONDS)
        length = await product.check()
        copies = await downstream.positions(own_broker.url)
    assert set(copies) == set(range(1, length + 1))
