"""What the tests run against, each started at most once a session and only when a test asks for it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from eventstore.embedded.binaries import wheel_binaries
from service.wiring.schema import prepare_database
from tests.environment import postgres, rabbitmq
from tests.environment.smtp import SmtpSink, smtp_server


@pytest.fixture(scope="session")
async def postgres_dsn() -> AsyncIterator[str]:
    """The maintenance database of an embedded server."""
    async with postgres.throwaway_server() as dsn:
        yield dsn


@pytest.fixture(scope="session")
async def every_postgres(postgres_dsn: str) -> AsyncIterator[list[tuple[str, str]]]:
    """(label, DSN of the maintenance database): the embedded one, the wheel's older, the machine's."""
    async with AsyncExitStack() as servers:
        found = [("embedded", postgres_dsn)]
        for binaries in wheel_binaries()[1:]:
            older = await servers.enter_async_context(postgres.throwaway_server(binaries))
            found.append((f"embedded {binaries.version}", older))
        if machine := await postgres.machine_server():
            found.append(("machine", machine))
        yield found


@pytest.fixture(scope="session")
async def migrated_template(postgres_dsn: str) -> AsyncIterator[str]:
    async with postgres.fresh_database(postgres_dsn) as dsn:
        await prepare_database(dsn)
        yield dsn


@pytest.fixture(scope="module")
async def database(postgres_dsn: str, migrated_template: str) -> AsyncIterator[str]:
    """The DSN of a fresh migrated database, the test module's own."""
    async with postgres.fresh_database(postgres_dsn, template=migrated_template) as dsn:
        yield dsn


@pytest.fixture(scope="session")
async def amqp_url() -> AsyncIterator[str]:
    try:
        async with rabbitmq.broker() as url:
            yield url
    except rabbitmq.NoBroker as missing:
        pytest.exit(str(missing), returncode=1)


@pytest.fixture
async def smtp_sink() -> AsyncIterator[SmtpSink]:
    async with smtp_server() as sink:
        yield sink
