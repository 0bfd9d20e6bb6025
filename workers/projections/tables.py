"""A projection's tables: one a generation, `rm.<projection>_g<n>`, behind the view `rm.<projection>`.

A row is a document under its key, with the position of the last event that touched it. A document that is
gone leaves its row without one, so that a reader who looks for what changed sees that too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eventstore.pool import Connection
from workers.projections.projection import Document, Projection

LOAD = "SELECT key, document FROM {table} WHERE key = ANY($1::text[])"
END = """
UPDATE {table} AS t SET document = NULL, position = ended.position{cleared}
FROM unnest($1::{kind}[], $2::bigint[]) AS ended (family, position) WHERE t.{family} = ended.family
"""
SAME_COLUMNS = """
SELECT count(DISTINCT columns) = 1 AND count(*) = 2
FROM (
    SELECT array_agg(attname || ' ' || format_type(atttypid, atttypmod) ORDER BY attnum) AS columns
    FROM pg_attribute WHERE attrelid IN (to_regclass($1), to_regclass($2)) AND attnum > 0 GROUP BY attrelid
) AS shapes
"""
STORE = """
INSERT INTO {table} (key, document, position{columns})
SELECT * FROM unnest({arrays}) WHERE {condition}
ON CONFLICT (key) DO UPDATE SET document = excluded.document, position = excluded.position{updates}
"""

Row = tuple[Any, ...]
"""Key, document, position, look-up columns."""


@dataclass(frozen=True, slots=True)
class Generation:
    """One build of a projection: its number, and the names that follow from it."""

    projection: Projection
    number: int

    @property
    def name(self) -> str:
        return f"{self.projection.name}_g{self.number}"

    @property
    def table(self) -> str:
        return f"rm.{self.name}"

    @property
    def checkpoint(self) -> str:
        return f"{self.projection.name}@{self.number}"


async def create_table(conn: Connection, generation: Generation) -> None:
    declared = "".join(f", {name} {kind}" for name, kind in generation.projection.columns.items())
    await conn.execute(
        f"CREATE TABLE {generation.table}"
        f" (key text PRIMARY KEY, document jsonb, position bigint NOT NULL{declared})"
    )


async def create_indexes(conn: Connection, generation: Generation) -> None:
    """Those that are there already stay."""
    for columns in ("position", *generation.projection.indexes):
        name = f"{generation.name}_by_{columns.replace(', ', '_')}"
        await conn.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {generation.table} ({columns})")


async def drop_table(conn: Connection, generation: Generation) -> None:
    await conn.execute(f"DROP TABLE IF EXISTS {generation.table}")


async def same_columns(conn: Connection, one: str, other: str) -> bool:
    """Whether two tables or views exist and have the same columns."""
    return bool(await conn.fetchval(SAME_COLUMNS, one, other))


async def show(conn: Connection, generation: Generation) -> None:
    """Let the view that readers use show this generation."""
    view = f"rm.{generation.projection.name}"
    if not await same_columns(conn, view, generation.table):
        # It can only be replaced by one of the same columns.
        await conn.execute(f"DROP VIEW IF EXISTS {view}")
    columns = ", ".join(("key", "document", "position", *generation.projection.columns))
    await conn.execute(f"CREATE OR REPLACE VIEW {view} AS SELECT {columns} FROM {generation.table}")


async def load(conn: Connection, generation: Generation, keys: Iterable[str]) -> dict[str, Document | None]:
    rows = await conn.fetch(LOAD.format(table=generation.table), list(keys))
    return {row["key"]: row["document"] for row in rows}


async def end(conn: Connection, generation: Generation, families: Mapping[str, int]) -> None:
    """Take the documents of these families away, as of a position each. Rows are stored after that."""
    if families:
        await conn.execute(_end_statement(generation), list(families), list(families.values()))


def rows(
    projection: Projection, documents: Mapping[str, Document | None], positions: Mapping[str, int]
) -> list[Row]:
    """One for each key of `positions`."""
    return [
        (key, documents[key], at, *_columns(projection, key, documents[key])) for key, at in positions.items()
    ]


async def store(conn: Connection, generation: Generation, rows: Sequence[Row]) -> None:
    """Add or replace them."""
    if rows:
        await conn.execute(store_statement(generation), *columns_of(rows))


async def store_new(conn: Connection, generation: Generation, rows: Sequence[Row]) -> None:
    """Add what isn't there yet: in half the time."""
    columns = ("key", "document", "position", *generation.projection.columns)
    await conn.copy_records_to_table(generation.name, schema_name="rm", columns=columns, records=rows)


def _columns(projection: Projection, key: str, document: Document | None) -> Sequence[Any]:
    if document is None:
        return [None] * len(projection.columns)
    return projection.row(key, document)


def _end_statement(generation: Generation) -> str:
    projection = generation.projection
    return END.format(
        table=generation.table,
        family=projection.family,
        kind=projection.columns[projection.family],
        cleared="".join(f", {name} = NULL" for name in projection.columns),
    )


def store_statement(generation: Generation, first: int = 1, condition: str = "true") -> str:
    """Adds or replaces rows if `condition` holds; `columns_of` them are its parameters from `first` on."""
    columns = generation.projection.columns
    kinds = ("text", "jsonb", "bigint", *columns.values())
    return STORE.format(
        table=generation.table,
        columns="".join(f", {name}" for name in columns),
        arrays=", ".join(f"${number}::{kind}[]" for number, kind in enumerate(kinds, start=first)),
        condition=condition,
        updates="".join(f", {name} = excluded.{name}" for name in columns),
    )


def columns_of(rows: Sequence[Row]) -> list[list[Any]]:
    """At least one row, turned for `unnest`."""
    return [list(column) for column in zip(*rows, strict=True)]
