"""Is the log sound: every position once, every stream's versions in a row, every type known?"""

from collections.abc import Collection

from eventstore.pool import Connection
from workers.doctor.finding import Finding

RESTORE = "the log is damaged: stop writing and restore it from a backup"
POSITIONS = """
SELECT count(*) AS count, coalesce(min(position), 1) AS first, coalesce(max(position), 0) AS head
FROM es.events
"""
GAP = """
SELECT previous + 1 FROM (
    SELECT position, lag(position, 1, 0::bigint) OVER (ORDER BY position) AS previous FROM es.events
) AS pairs
WHERE position <> previous + 1 ORDER BY position LIMIT 1
"""
STREAMS = """
SELECT count(*) OVER () AS total, stream FROM es.events
GROUP BY stream HAVING min(version) <> 1 OR max(version) <> count(*) ORDER BY stream LIMIT 1
"""
UNKNOWN = "SELECT type, count(*) FROM es.events WHERE type <> ALL($1::text[]) GROUP BY type ORDER BY type"


async def positions(conn: Connection) -> Finding:
    row = await conn.fetchrow(POSITIONS)
    count, first, head = row or (0, 1, 0)
    if first == 1 and count == head:
        return Finding("positions", f"{count:,} events, without a gap")
    missing = await conn.fetchval(GAP)
    return Finding("positions", f"{count:,} events up to {head:,}: {missing:,} is missing", RESTORE)


async def versions(conn: Connection) -> Finding:
    row = await conn.fetchrow(STREAMS)
    if row is None:
        return Finding("streams", "every stream's versions are in a row")
    return Finding("streams", f"{row['total']:,} have a gap, {row['stream']} among them", RESTORE)


async def types(conn: Connection, known: Collection[str]) -> Finding:
    rows = await conn.fetch(UNKNOWN, list(known))
    if not rows:
        return Finding("event types", "all are known")
    text = ", ".join(f"{type_} ({count:,})" for type_, count in rows)
    return Finding("event types", f"unknown: {text}", "a newer release wrote them: run that one")
