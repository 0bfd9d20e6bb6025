"""Connections that end when nobody looks."""

import asyncpg
import pytest

from eventstore.pool import connect_pool


async def test_a_stale_connection_whose_server_is_gone_is_closed_without_complaint(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise BrokenPipeError

    pool = await connect_pool(database, min_size=0)
    acquired = await pool.acquire()
    with monkeypatch.context() as patched:
        patched.setattr(asyncpg.Connection, "close", broken)
        await acquired.close()
    assert pool.get_size() == 0
    assert await pool.fetchval("SELECT 1") == 1
    await pool.close()
