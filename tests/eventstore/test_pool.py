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
    async with pool.acquire() as connection:
        monkeypatch.setattr(asyncpg.Connection, "close", broken)
        await connection.close()
        assert connection.is_closed()
    monkeypatch.undo()
    await pool.close()
