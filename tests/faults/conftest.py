"""Servers of a test's own: these are stopped, killed and frozen."""

from collections.abc import AsyncIterator
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
    folder = tmp_path / "rabbitmq"
    folder.mkdir()
    try:
        async with OwnBroker(folder) as broker:
            yield broker
    except NoBroker as missing:
        pytest.exit(str(missing), returncode=1)
