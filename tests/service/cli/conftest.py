"""Commands as an operator runs them, on a database whose log has begun."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from subprocess import CompletedProcess

import pytest

from eventstore.pool import Pool, connect_pool
from eventstore.postgres import PostgresStore
from tests.workers.replay.stories import Story

Command = Callable[..., "CompletedProcess[str]"]


@pytest.fixture(scope="module")
async def pool(database: str) -> AsyncIterator[Pool]:
    async with await connect_pool(database) as pool:
        yield pool


@pytest.fixture(scope="module", autouse=True)
async def story(pool: Pool) -> Story:
    """3 pages with 2 components each and 20 changes: 32 events."""
    story = Story(PostgresStore(pool))
    await story.begins()
    await story.goes_on(20)
    return story


@pytest.fixture(scope="module")
def environment(database: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name != "AMQP_URL"}
    return inherited | {"DATABASE_URL": database}


@pytest.fixture(scope="module")
def statuspages(environment: dict[str, str]) -> Command:
    """Run `statuspages ARGUMENTS`."""

    def run(*arguments: str) -> "CompletedProcess[str]":
        command = (sys.executable, "-m", "service", *arguments)
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=60, check=False
        )

    return run
