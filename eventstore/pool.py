"""Connections to PostgreSQL with bounds: whatever hangs, nobody waits longer than two timeouts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import asyncpg
import orjson
from asyncpg.pool import PoolConnectionProxy

from eventstore.errors import TableGone, is_stale, is_unavailable, store_unavailable

ACQUIRE_SECONDS = 2.0
CONNECT_SECONDS = 3.0
Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]"

SERVER_SETTINGS = {
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "10s",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}


class QuietConnection(asyncpg.Connection):
    """Says goodbye to a server that is gone without complaint: the pool closes stale ones unattended."""

    __slots__ = ()

    async def close(self, *, timeout: float | None = None) -> None:  # noqa: ASYNC109 - the driver's signature
        try:
            await super().close(timeout=timeout)
        except OSError:
            self.terminate()


async def connect_pool(
    dsn: str,
    *,
    min_size: int = 1,
    max_size: int = 20,
    command_timeout: float = 3,
    application_name: str = "eventstore",
) -> Pool:
    """A pool whose statements take at most `command_timeout` seconds (workers may want 30).

    Session state outlives a release here (a reset would cost every use a second round trip), so nobody may
    use SET without LOCAL, LISTEN or session locks on its connections. Raises StoreUnavailable.
    """
    settings = SERVER_SETTINGS | {
        "application_name": application_name,
        "statement_timeout": f"{int(max(5.0, command_timeout) * 1000)}ms",
    }
    try:
        return await asyncpg.create_pool(
            dsn,
            min_size=min_size,
            max_size=max_size,
            timeout=CONNECT_SECONDS,
            command_timeout=command_timeout,
            max_inactive_connection_lifetime=60,
            connection_class=QuietConnection,
            init=init_connection,
            reset=_keep_session,
            server_settings=settings,
        )
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
        if not is_unavailable(error):
            raise
        raise store_unavailable(error) from error


async def init_connection(connection: Connection) -> None:
    """jsonb columns are Python values; the binary format also serves arrays."""
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=_encode_jsonb, decoder=_decode_jsonb, format="binary"
    )


@asynccontextmanager
async def connection(pool: Pool) -> AsyncIterator[Connection]:
    """A connection of the pool. Raises StoreUnavailable for every failure of the database; TableGone."""
    try:
        async with pool.acquire(timeout=ACQUIRE_SECONDS) as acquired:
            yield acquired
    except asyncpg.UndefinedTableError as error:
        raise TableGone(str(error)) from error
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
        if is_stale(error):
            await pool.expire_connections()
        if not is_unavailable(error):
            raise
        raise store_unavailable(error) from error


async def _keep_session(_: Any) -> None:
    """An open transaction is rolled back by the driver before this is called."""


def _encode_jsonb(value: Any) -> bytes:
    return b"\x01" + orjson.dumps(value)


def _decode_jsonb(value: bytes) -> Any:
    return orjson.loads(memoryview(value)[1:])
