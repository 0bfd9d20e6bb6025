from collections.abc import AsyncIterator

import pytest

from eventstore.bus.postgres import PostgresBus
from eventstore.feed import Feed
from eventstore.postgres import PostgresStore
from tests.eventstore.bus.bus_contract import BusContract, Line, consumer

__all__ = ["consumer"]


@pytest.fixture
async def line(database: str, store: PostgresStore) -> AsyncIterator[Line]:
    async with Feed(database, store) as feed:
        yield Line(store, PostgresBus(feed))


class TestPostgresBus(BusContract):
    pass
