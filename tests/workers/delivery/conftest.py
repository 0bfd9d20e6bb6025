from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from tests.environment.scripted_smtp import ScriptedSmtp, scripted_smtp
from tests.workers.subscribers import Subscribers


@pytest.fixture
async def smtp() -> AsyncIterator[ScriptedSmtp]:
    async with scripted_smtp() as smtp:
        yield smtp


@pytest.fixture
async def page_id(subscribers: Subscribers) -> UUID:
    """Of a page whose deliveries are the only ones that are not finished."""
    await subscribers.pool.execute("DELETE FROM notify.deliveries")
    return await subscribers.page()
