"""Do two generations hold the same, and if not, what differs? All in one snapshot of the database."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from eventstore.pool import Connection
from workers.projections.tables import Generation

SHOWN = 20
# Independent of order: the sum over the rows of two hashes of each.
FINGERPRINT = """
SELECT count(*), sum(hashtextextended(line, 0)::numeric), sum(hashtextextended(line, 1)::numeric)
FROM (SELECT t::text AS line FROM {table} t OFFSET 0) lines
"""
DIFFERENCES = """
SELECT key, to_jsonb(live) AS live, to_jsonb(built) AS built, count(*) OVER () AS total
FROM {live} live FULL JOIN {built} built USING (key)
WHERE live::text IS DISTINCT FROM built::text
ORDER BY key LIMIT $1
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """One document. `fields`: dotted path, the live value, the built value; None where there is none."""

    key: str
    fields: list[tuple[str, Any, Any]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Of two generations at one position. `total` documents differ; the first of them are `shown`."""

    position: int
    documents: int
    total: int
    shown: list[Difference]


async def compare(conn: Connection, live: Generation, built: Generation, position: int) -> Comparison:
    """Needs a transaction with one snapshot (REPEATABLE READ) in which both stand at `position`."""
    one, other = await _fingerprint(conn, live), await _fingerprint(conn, built)
    if one == other:
        return Comparison(position, other[0], 0, [])
    rows = await conn.fetch(DIFFERENCES.format(live=live.table, built=built.table), SHOWN)
    shown = [Difference(row["key"], list(_fields("", row["live"], row["built"]))) for row in rows]
    return Comparison(position, other[0], rows[0]["total"] if rows else 0, shown)


async def _fingerprint(conn: Connection, generation: Generation) -> tuple[Any, ...]:
    return tuple(await conn.fetchrow(FINGERPRINT.format(table=generation.table)) or ())


def _fields(path: str, live: Any, built: Any) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(live, dict) and isinstance(built, dict):
        for name in sorted(live.keys() | built.keys()):
            yield from _fields(f"{path}.{name}" if path else name, live.get(name), built.get(name))
    elif live != built:
        yield path, live, built
