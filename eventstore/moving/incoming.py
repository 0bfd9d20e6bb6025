"""An export read into an empty database: all of it in one transaction, or nothing.

The tables are made by the migrations that the export names, so that its rows meet the columns they come from.
Later migrations then find them as in an upgrade.
"""

from collections.abc import Mapping
from pathlib import Path

import asyncpg

from eventstore.migrate import MIGRATIONS, checksums
from eventstore.moving.errors import MoveRefused
from eventstore.moving.header import Header, Part
from eventstore.moving.progress import Progress
from eventstore.moving.seals import SealedReader
from eventstore.moving.selection import CHECKPOINTS, LOG, Selection, columns_sql, tables
from eventstore.moving.sequence import Sequence
from eventstore.pool import Connection, Pool, connection

BATCH = 2000
# However slowly the file comes; and nobody appends meanwhile.
PREPARE = """
SET LOCAL idle_in_transaction_session_timeout = 0;
SELECT pg_advisory_xact_lock(7305, 1)
"""
# Leases start again from the first epoch, and a checkpoint refuses older ones than its own.
FORGET_EPOCHS = "UPDATE es.checkpoints SET epoch = 0 WHERE {condition}"
APPLIED = "SELECT name, checksum FROM es_migrations"
WORKING = "SELECT name, owner FROM es.leases WHERE expires_at > clock_timestamp() ORDER BY name LIMIT 1"
READ_BEFORE = "SELECT EXISTS (SELECT FROM es.checkpoints WHERE position > 0)"
SEQUENCES = """
SELECT attname AS name, pg_get_serial_sequence($1::text, attname) AS sequence FROM pg_attribute
WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped
    AND pg_get_serial_sequence($1::text, attname) IS NOT NULL
"""
NOT_EMPTY = "There is something in this database already: import into an empty one."


def check_release(header: Header, directory: Path = MIGRATIONS) -> None:
    """Raises MoveRefused for an export of tables that this release does not know."""
    known = checksums(directory)
    if any(known.get(name) != checksum for name, checksum in header.migrations.items()):
        raise MoveRefused("A newer release, or another one, made this export: import it with that one.")


async def load(
    pool: Pool, header: Header, lines: SealedReader, selection: Selection, progress: Progress
) -> str:
    """The digest of what was read. `lines`: what follows the header, in a database with its migrations.

    Raises MoveRefused and StoreUnavailable; in either case the database is as it was.
    """
    try:
        async with connection(pool) as conn, conn.transaction():
            await conn.execute(PREPARE)
            await _check_database(conn, header, selection)
            await conn.execute(f"DELETE FROM {CHECKPOINTS} WHERE {selection.condition(CHECKPOINTS)}")
            sequence = Sequence()
            for part in header.parts_with_rows:
                await _fill(conn, part, lines, sequence, progress)
            await conn.execute(FORGET_EPOCHS.format(condition=selection.condition(CHECKPOINTS)))
            return _finish(header, lines, sequence)
    except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError, UnicodeDecodeError) as error:
        raise MoveRefused(f"The export is damaged before line {lines.number + 1}: {error}") from error


def _finish(header: Header, lines: SealedReader, sequence: Sequence) -> str:
    if sequence.position != header.head:
        raise MoveRefused(f"The log should end at {header.head}, and ends at {sequence.position}.")
    return lines.finish()


async def _check_database(conn: Connection, header: Header, selection: Selection) -> None:
    applied = {row["name"]: row["checksum"] for row in await conn.fetch(APPLIED)}
    if applied != header.migrations:
        raise MoveRefused("This database is ahead of the export: create another, without any tables.")
    if worker := await conn.fetchrow(WORKING):
        raise MoveRefused(f"{worker['owner']} works on this database ({worker['name']}): stop it first.")
    own = {table.name: set(table.columns) for table in await tables(conn, selection)}
    _check_parts(header, own)
    if await conn.fetchval(READ_BEFORE):
        raise MoveRefused(NOT_EMPTY)
    for name in own.keys() - {CHECKPOINTS}:
        if await conn.fetchval(f"SELECT EXISTS (SELECT FROM {name})"):
            raise MoveRefused(NOT_EMPTY)


def _check_parts(header: Header, own: Mapping[str, set[str]]) -> None:
    """From here on the names are the database's own."""
    names = [part.table for part in header.parts]
    if LOG not in names or len(set(names)) < len(names):
        raise MoveRefused("The export is damaged: its header names no log, or a table twice.")
    for part in header.parts:
        if part.table not in own or own[part.table] != set(part.columns):
            raise MoveRefused(f"The export has a table that this release does not have: {part.table}.")


async def _fill(
    conn: Connection, part: Part, lines: SealedReader, sequence: Sequence, progress: Progress
) -> None:
    progress.begins(part.table)
    insert = await conn.prepare(_insert(part))
    left = part.rows
    while left > 0:
        batch = _read(min(left, BATCH), lines, sequence if part.table == LOG else None)
        await insert.fetch(batch)
        left -= len(batch)
        if part.table == LOG:
            progress.folded(part.rows - left, part.rows)
    for row in await conn.fetch(SEQUENCES, part.table):
        await conn.execute(
            f'SELECT setval($1::text::regclass, max("{row["name"]}")) FROM {part.table}', row["sequence"]
        )


def _read(count: int, lines: SealedReader, sequence: Sequence | None) -> list[str]:
    read = []
    for _ in range(count):
        line = lines.read()
        if sequence is not None:
            sequence.follows(line, lines.number)
        read.append(line.decode())
    return read


def _insert(part: Part) -> str:
    return f"""
    INSERT INTO {part.table} ({columns_sql(part.columns)}) OVERRIDING SYSTEM VALUE
    SELECT {columns_sql(part.columns)}
    FROM unnest($1::text[]) AS line,
        LATERAL json_populate_record(NULL::{part.table}, line::json) AS moved
    """
