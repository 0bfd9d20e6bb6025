"""Schema migrations: plain SQL files, applied once each in the order of their names, never changed later."""

import hashlib
from collections.abc import Collection
from pathlib import Path

import asyncpg

from eventstore.pool import CONNECT_SECONDS, Connection

MIGRATIONS = Path(__file__).parent.parent / "migrations"

CREATE_LEDGER = """
CREATE TABLE IF NOT EXISTS es_migrations (
    name text PRIMARY KEY,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
)
"""
WAIT_FOR_TURN = "SELECT pg_advisory_xact_lock(7305, 2)"
LIMIT_WAITING = "SET lock_timeout = '30s'"
READ_CHECKSUM = "SELECT checksum FROM es_migrations WHERE name = $1"
RECORD = "INSERT INTO es_migrations (name, checksum) VALUES ($1, $2)"


class MigrationChanged(Exception):
    """A file differs from what was applied under its name; the message says what to do."""


async def migrate(dsn: str, directory: Path = MIGRATIONS, only: Collection[str] | None = None) -> list[str]:
    """Apply what is missing, each file in its own transaction; the names of the files applied now.

    `only`: no others than these. Several processes may do this at once: they take turns. Raises
    MigrationChanged, OSError (no server) and asyncpg.PostgresError (a statement failed: nothing of its file
    was kept).
    """
    files = [(name, sql) for name, sql in _read(directory) if only is None or name in only]
    connection = await asyncpg.connect(dsn, timeout=CONNECT_SECONDS)
    try:
        await connection.execute(LIMIT_WAITING)
        async with connection.transaction():
            await connection.execute(WAIT_FOR_TURN)
            await connection.execute(CREATE_LEDGER)
        return [name for name, sql in files if await _apply(connection, name, sql)]
    finally:
        await connection.close(timeout=CONNECT_SECONDS)


def checksums(directory: Path = MIGRATIONS) -> dict[str, str]:
    """Of the files that there are, by name."""
    return {name: _checksum(sql) for name, sql in _read(directory)}


def _checksum(sql: str) -> str:
    return hashlib.sha256(sql.encode()).hexdigest()


def _read(directory: Path) -> list[tuple[str, str]]:
    return [(file.name, file.read_text(encoding="utf-8")) for file in sorted(directory.glob("*.sql"))]


async def _apply(connection: Connection, name: str, sql: str) -> bool:
    checksum = _checksum(sql)
    async with connection.transaction():
        await connection.execute(WAIT_FOR_TURN)
        applied = await connection.fetchval(READ_CHECKSUM, name)
        if applied is None:
            await connection.execute(sql)
            await connection.execute(RECORD, name, checksum)
    if applied not in (None, checksum):
        raise MigrationChanged(
            f"{name} was changed after it had been applied: restore it, and put the change into a new file."
        )
    return applied is None
