import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from eventstore.memory import MemoryStore
from tests.environment.waiting import eventually
from tests.eventstore.making import a_stream, an_append
from tests.eventstore.store_contract import StoreContract
from tests.eventstore.store_machine import run_random_histories


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


class TestMemoryStore(StoreContract):
    async def test_waiting_ends_when_the_log_grows(self, store: MemoryStore) -> None:
        waiting = asyncio.create_task(store.wait_beyond(0, 5))
        await store.append(an_append(a_stream()))
        await eventually(waiting.done)
        assert waiting.result() == 1

    async def test_waiting_ends_at_its_timeout(self, store: MemoryStore) -> None:
        assert await store.wait_beyond(0, 0.01) == 0


@asynccontextmanager
async def opened() -> AsyncIterator[MemoryStore]:
    yield MemoryStore()


def test_random_histories_equal_the_model() -> None:
    run_random_histories(opened)
