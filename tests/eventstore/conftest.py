from collections.abc import AsyncIterator

import pytest

from eventstore.pool import Pool, connect_pool
from eventstore.postgres import PostgresStore
from tests.proxy import Proxy, target_of, through


@pytest.fixture(scope="module")
async def pool(database: str) -> AsyncIterator[Pool]:
    async with await connect_pool(database) as pool:
        yield pool


@pytest.fixture(scope="module")
def store(pool: Pool) -> PostgresStore:
    return PostgresStore(pool)


@pytest.fixture
async def proxy(database: str) -> AsyncIterator[Proxy]:
    """Before the test module's database."""
    async with Proxy(target_of(database, 5432)) as proxy:
        yield proxy


@pytest.fixture
async def proxied_pool(database: str, proxy: Proxy) -> AsyncIterator[Pool]:
    pool = await connect_pool(through(database, proxy))
    yield pool
    proxy.heal()
    await pool.close()
