"""PostgreSQL servers to test against, and databases on them."""

import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg

from eventstore.embedded import EmbeddedPostgres
from eventstore.embedded.binaries import Binaries

MACHINE = "postgresql://postgres@127.0.0.1:5432/postgres"


@asynccontextmanager
async def throwaway_server(binaries: Binaries | None = None) -> AsyncIterator[str]:
    """A server of one's own that forgets everything; yields the DSN of its maintenance database."""
    with tempfile.TemporaryDirectory(prefix="postgres-test-") as folder:
        async with EmbeddedPostgres(Path(folder), durable=False, binaries=binaries) as postgres:
            yield postgres.dsn


async def machine_server() -> str | None:
    """The DSN that TEST_DATABASE_URL or the standard port names, if a server answers there.

    Raises OSError or asyncpg.PostgresError when TEST_DATABASE_URL names one that doesn't.
    """
    named = os.environ.get("TEST_DATABASE_URL")
    try:
        connection = await asyncpg.connect(named or MACHINE, timeout=3)
    except (OSError, TimeoutError, asyncpg.PostgresError):
        if named:
            raise
        return None
    await connection.close()
    return named or MACHINE


@asynccontextmanager
async def fresh_database(server: str, template: str | None = None) -> AsyncIterator[str]:
    """A new database on `server`, a copy of the one `template` (a DSN) names; dropped in the end."""
    name = f"test_{uuid4().hex}"
    source = urlsplit(template).path.removeprefix("/") if template else "template1"
    await _execute(server, f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        await _execute(server, f'DROP DATABASE "{name}" WITH (FORCE)')


async def _execute(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
