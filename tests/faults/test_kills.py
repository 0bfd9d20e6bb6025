"""kill -9, again and again, with RabbitMQ between the log and its readers."""

from pathlib import Path

import pytest

from tests.faults import downstream
from tests.faults.broker import OwnBroker
from tests.faults.chance import seeded
from tests.faults.database import OwnDatabase
from tests.faults.nemesis import KILLS, kill_repeatedly, say
from tests.faults.product import running, under_load

pytestmark = pytest.mark.faults
RECOVERY_SECONDS = 10
FAILOVER_SECONDS = 25


async def test_killing_the_api_under_load_loses_and_repeats_nothing(
    own_database: OwnDatabase, own_broker: OwnBroker, tmp_path: Path
) -> None:
    async with running(tmp_path, own_database.dsn, own_broker.url) as product:
        async with under_load(product, writers=12, pause=0) as writer:
            longest = await kill_repeatedly(product.api, KILLS, writer.caller.progress, seeded(1))
        length = await product.check()
    say(f"{product.history}; {length} events; at most {longest:.1f} s from kill to the next answer")
    assert longest < RECOVERY_SECONDS


async def test_killing_the_worker_and_the_relay_under_load_skips_and_repeats_nothing(
    own_database: OwnDatabase, own_broker: OwnBroker, tmp_path: Path
) -> None:
    await downstream.bind(own_broker.url)
    async with running(tmp_path, own_database.dsn, own_broker.url) as product:
        assert product.relay is not None
        async with under_load(product) as writer:
            longest = await kill_repeatedly(product.worker, KILLS, product.progress, seeded(2))
            await kill_repeatedly(product.relay, KILLS // 5, product.published, seeded(3))
            assert await writer.caller.progress() > 0
        length = await product.check()
        copies = await downstream.positions(own_broker.url)
    say(f"{product.history}; {length} events, {len(copies)} copies of them on the broker; ")
    say(f"at most {longest:.1f} s from kill to the next event in a read model")
    assert longest < RECOVERY_SECONDS
    assert downstream.in_order(copies)
    assert set(copies) == set(range(1, length + 1))


async def test_a_worker_without_a_name_is_replaced_when_its_leases_end(
    own_database: OwnDatabase, tmp_path: Path
) -> None:
    async with running(tmp_path, own_database.dsn, instance=None) as product:
        async with under_load(product):
            for number in range(max(1, KILLS // 50)):
                await kill_repeatedly(
                    product.worker, 1, product.progress, seeded(number), within=FAILOVER_SECONDS
                )
        await product.check()
