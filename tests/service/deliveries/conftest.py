"""A ledger of deliveries that nobody works on."""

from collections.abc import AsyncIterator

import pytest

from eventstore.pool import Pool, connect_pool
from tests.service.deliveries.rows import Rows


@pytest.fixture(scope="module")
async def pool(database: str) -> AsyncIterator[Pool]:
    async with await connect_pool(database) as pool:
        yield pool


@pytest.fixture
async def rows(pool: Pool) -> Rows:
    """Without any yet."""
    await pool.execute("DELETE FROM notify.deliveries")
    await pool.execute("DELETE FROM notify.plans")
    await pool.execute("TRUNCATE notify.tally")
    return Rows(pool)
