"""The deployment that a module's tests share."""

from collections.abc import AsyncIterator

import pytest

from service.config import Settings
from tests.service.deployment import Deployment, deploy


@pytest.fixture(scope="module")
async def deployment(database: str) -> AsyncIterator[Deployment]:
    settings = Settings.model_validate({"DATABASE_URL": database})
    async with deploy(settings.model_copy(update={"amqp_url": None})) as deployed:
        yield deployed
