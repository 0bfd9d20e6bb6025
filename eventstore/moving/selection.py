"""Which tables move. Whatever the database has, but for what a deployment makes anew by itself.

A table that a later release adds moves along without being named anywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from eventstore.pool import Connection

LOG = "es.events"
CHECKPOINTS = "es.checkpoints"
TABLES = """
SELECT n.nspname || '.' || c.relname AS name, n.nspname AS schema,
    array_agg(a.attname::text ORDER BY a.attnum) AS columns
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
GROUP BY n.nspname, c.relname
ORDER BY n.nspname || '.' || c.relname <> 'es.events', n.nspname, c.relname
"""


@dataclass(frozen=True, slots=True)
class Selection:
    """What stays behind: whole schemas, tables, and by table the rows for which a condition in SQL holds."""

    schemas: frozenset[str] = frozenset()
    tables: frozenset[str] = frozenset()
    rows: Mapping[str, str] = field(default_factory=dict)

    def moves(self, table: str) -> bool:
        return table not in self.tables and table.partition(".")[0] not in self.schemas

    def condition(self, table: str) -> str:
        """Of the rows that move."""
        return f"NOT ({self.rows[table]})" if table in self.rows else "true"

    def without(self, *, schemas: frozenset[str], tables: frozenset[str]) -> "Selection":
        """The same with more left behind."""
        return Selection(self.schemas | schemas, self.tables | tables, self.rows)


@dataclass(frozen=True, slots=True)
class Table:
    """`name` with its schema; both it and `columns` are the database's own words."""

    name: str
    columns: tuple[str, ...]


async def tables(conn: Connection, selection: Selection) -> list[Table]:
    """Those that move, the log first."""
    found = [Table(row["name"], tuple(row["columns"])) for row in await conn.fetch(TABLES)]
    return [table for table in found if selection.moves(table.name)]


def columns_sql(columns: tuple[str, ...]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
