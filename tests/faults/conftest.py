"""Servers of a test's own: these are stopped, killed and frozen."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.environment.rabbitmq import NoBroker
from tests.faults.broker import OwnBroker
from tests.faults.database import OwnDatabase


@pytest.fixture
async def own_database(tmp_path: Path) -> AsyncIterator[OwnDatabase]:
    async with OwnDatabase(tmp_path) as database:
        yield database


@pytest.fixture
async def own_broker(tmp_path: Path) -> AsyncIterator[OwnBroker]:
    async with _broker(tmp_path) as broker:
        yield broker


@pytest.fixture(params=[False, True], ids=["without a broker", "over RabbitMQ"])
async def amqp_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str | None]:
    """For what must hold with and without."""
    if not request.param:
        yield None
        return
    async with _broker(tmp_path) as broker:
        yield broker.url


@asynccontextmanager
async def _broker(folder: Path) -> AsyncIterator[OwnBroker]:
    place = folder / "rabbitmq"
    place.mkdir()
    try:
        async with OwnBroker(place) as broker:
            yield broker
    except NoBroker as missing:
        pytest.exit(str(missing), returncode=1)
