import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from eventstore.leases import Leases, holding
from eventstore.pool import Pool
from tests.environment.waiting import eventually
from tests.proxy import Proxy

SHORT = timedelta(milliseconds=300)


@pytest.fixture
def leases(pool: Pool) -> Leases:
    return Leases(pool)


@pytest.fixture
def name() -> str:
    return f"work-{uuid4()}"


async def end(pool: Pool, name: str) -> None:
    """What time would do: the lease is over by the database's clock."""
    await pool.execute("UPDATE es.leases SET expires_at = clock_timestamp() WHERE name = $1", name)


async def test_a_lease_has_one_owner(leases: Leases, name: str) -> None:
    assert await leases.acquire(name, "one") == 1
    assert await leases.acquire(name, "two") is None
    assert await leases.acquire(name, "one") == 1


async def test_the_epoch_grows_with_each_change_of_owner(leases: Leases, pool: Pool, name: str) -> None:
    assert await leases.acquire(name, "one") == 1
    await end(pool, name)
    assert await leases.acquire(name, "two") == 2
    await end(pool, name)
    assert await leases.acquire(name, "one") == 3


async def test_a_lease_lives_as_long_as_it_is_renewed(leases: Leases, pool: Pool, name: str) -> None:
    epoch = await leases.acquire(name, "one") or 0
    assert await leases.renew(name, "one", epoch)
    await end(pool, name)
    assert not await leases.renew(name, "one", epoch)


async def test_only_its_owner_renews_or_releases_it(leases: Leases, pool: Pool, name: str) -> None:
    old = await leases.acquire(name, "one") or 0
    await end(pool, name)
    await leases.acquire(name, "two")
    assert not await leases.renew(name, "one", old)
    await leases.release(name, "one", old)
    assert await leases.acquire(name, "three") is None


async def test_a_released_lease_is_free_at_once(leases: Leases, name: str) -> None:
    epoch = await leases.acquire(name, "one") or 0
    await leases.release(name, "one", epoch)
    assert await leases.acquire(name, "two") == epoch + 1


async def test_of_two_who_ask_at_once_one_gets_it(leases: Leases, name: str) -> None:
    epochs = await asyncio.gather(*(leases.acquire(name, str(number)) for number in range(10)))
    assert sorted(epochs, key=str) == [1, *[None] * 9]


async def test_a_held_lease_outlives_its_time_and_is_free_after(leases: Leases, name: str) -> None:
    async with holding(leases, name, asyncio.Event(), SHORT) as lease:
        assert lease is not None
        async with asyncio.timeout(5):
            second = asyncio.create_task(takes(leases, name))
            await asyncio.wait({second}, timeout=2 * SHORT.total_seconds())
        assert not second.done()
        assert not lease.lost.is_set()
    assert await asyncio.wait_for(second, 5) == lease.epoch + 1


async def takes(leases: Leases, name: str) -> int:
    async with holding(leases, name, asyncio.Event(), SHORT) as lease:
        assert lease is not None
        return lease.epoch


async def test_a_lease_taken_by_another_is_lost(leases: Leases, pool: Pool, name: str) -> None:
    async with holding(leases, name, asyncio.Event(), SHORT) as lease:
        assert lease is not None
        await end(pool, name)
        await leases.acquire(name, "another")
        await asyncio.wait_for(lease.lost.wait(), 5)
    assert await leases.acquire(name, "a third") is None


async def test_a_lease_is_lost_when_the_database_stays_away(
    proxied_pool: Pool, proxy: Proxy, name: str
) -> None:
    async with holding(Leases(proxied_pool), name, asyncio.Event(), SHORT) as lease:
        assert lease is not None
        proxy.cut()
        await asyncio.wait_for(lease.lost.wait(), 5)


async def test_a_short_absence_of_the_database_loses_nothing(
    proxied_pool: Pool, proxy: Proxy, name: str
) -> None:
    async with holding(Leases(proxied_pool), name, asyncio.Event(), timedelta(seconds=2)) as lease:
        assert lease is not None
        proxy.cut()
        await asyncio.wait({asyncio.create_task(lease.lost.wait())}, timeout=0.6)
        proxy.heal()
        assert await Leases(proxied_pool).renew(name, lease.owner, lease.epoch)
        assert not lease.lost.is_set()


async def test_who_waits_for_a_lease_can_be_stopped(leases: Leases, name: str) -> None:
    await leases.acquire(name, "another")
    stop = asyncio.Event()
    waiting = asyncio.create_task(holds(leases, name, stop))
    await asyncio.sleep(0)
    stop.set()
    await eventually(waiting.done)
    assert waiting.result() is False


async def holds(leases: Leases, name: str, stop: asyncio.Event) -> bool:
    async with holding(leases, name, stop, SHORT) as lease:
        return lease is not None
