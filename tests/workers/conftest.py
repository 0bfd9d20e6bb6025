from collections.abc import AsyncIterator

import pytest

from eventstore.pool import connect_pool
from tests.workers.subscribers import Subscribers


@pytest.fixture(scope="module")
async def subscribers(database: str) -> AsyncIterator[Subscribers]:
    async with await connect_pool(database) as pool:
        yield Subscribers(pool)
