"""What a module's tests share: a deployment, or one that sends mails."""

from collections.abc import AsyncIterator

import pytest

from service.config import Settings
from tests.service.deployment import Deployment, deploy
from tests.service.mailing import Mailing, mailing


@pytest.fixture(scope="module")
async def deployment(database: str) -> AsyncIterator[Deployment]:
    settings = Settings.model_validate({"DATABASE_URL": database})
    async with deploy(settings.model_copy(update={"amqp_url": None})) as deployed:
        yield deployed


@pytest.fixture(scope="module")
async def post(database: str) -> AsyncIterator[Mailing]:
    async with mailing(database) as running:
        yield running
