"""The database written out, as it is at one moment, while others go on writing."""

from dataclasses import dataclass
from typing import Any

from eventstore.moving.header import Header, Part, encode
from eventstore.moving.progress import Progress
from eventstore.moving.seals import SealedWriter, Write
from eventstore.moving.selection import LOG, Selection, Table, columns_sql, tables
from eventstore.pool import Connection, Pool, connection

BATCH = 2000
# However slow the reader of the output is; times as UTC.
PREPARE = """
SET LOCAL idle_in_transaction_session_timeout = 0;
SET LOCAL TimeZone = 'UTC'
"""
STATE = """
SELECT (SELECT coalesce(max(position), 0) FROM es.events) AS head,
    to_char(now(), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS now
"""
MIGRATIONS = "SELECT name, checksum FROM es_migrations ORDER BY name"


@dataclass(frozen=True, slots=True)
class Source:
    """Who exports. `key`: see Header."""

    product: str
    key: str | None


@dataclass(frozen=True, slots=True)
class Exported:
    header: Header
    sha256: str


async def export(
    pool: Pool, write: Write, source: Source, selection: Selection, progress: Progress
) -> Exported:
    """Hands the file to `write` piece by piece. Raises StoreUnavailable, and what `write` raises."""
    snapshot: dict[str, Any] = {"isolation": "repeatable_read", "readonly": True}
    async with connection(pool) as conn, conn.transaction(**snapshot):
        await conn.execute(PREPARE)
        header = await _header(conn, source, selection)
        out = SealedWriter(write)
        out.write(encode(header))
        for part in header.parts_with_rows:
            await _write_rows(conn, part, selection, out, progress)
        return Exported(header, out.seal())


async def _header(conn: Connection, source: Source, selection: Selection) -> Header:
    row = await conn.fetchrow(STATE)
    head, now = row or (0, "")
    migrations = {row["name"]: row["checksum"] for row in await conn.fetch(MIGRATIONS)}
    parts = [await _part(conn, table, selection) for table in await tables(conn, selection)]
    return Header(source.product, now, head, source.key, migrations, tuple(parts))


async def _part(conn: Connection, table: Table, selection: Selection) -> Part:
    count = f"SELECT count(*) FROM {table.name} WHERE {selection.condition(table.name)}"
    return Part(table.name, table.columns, await conn.fetchval(count))


async def _write_rows(
    conn: Connection, part: Part, selection: Selection, out: SealedWriter, progress: Progress
) -> None:
    progress.begins(part.table)
    cursor = await conn.cursor(_rows(part, selection))
    written = 0
    while lines := await cursor.fetch(BATCH):
        out.write("".join(f"{line}\n" for (line,) in lines).encode())
        written += len(lines)
        if part.table == LOG:
            progress.folded(written, part.rows)


def _rows(part: Part, selection: Selection) -> str:
    """As the database itself writes values, so that none goes through another's hands."""
    order = "ORDER BY position" if part.table == LOG else ""
    return f"""
    SELECT row_to_json(moved)::text FROM (
        SELECT {columns_sql(part.columns)} FROM {part.table}
        WHERE {selection.condition(part.table)} {order}
    ) AS moved
    """
