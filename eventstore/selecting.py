"""A tenant's part of the log in SQL, at a cost that other tenants' events have no part in.

Rows are compared as pairs on purpose. `tenant_id = $1 AND position > $2 ORDER BY position` means the same,
but then the planner may walk the primary key and throw away everybody else's events, which for a small tenant
is the whole log. The order of pairs is only in the index that begins with the tenant (or the subject).
"""

from typing import NamedTuple
from uuid import UUID

from eventstore.events import RecordedEvent, Selected, Selection
from eventstore.pool import Connection

COLUMNS = """position, stream, version, event_id, type, schema_version, data, recorded_at,
    actor, correlation_id, causation_id, tenant_id, subject_id"""
LOOKED_AT = 5_000
"""Events that one search goes through at most when it wants only some of them."""

HEAD = """
SELECT position FROM es.events WHERE (tenant_id, position) > ($1::uuid, 0)
    AND (tenant_id, position) <= ($1, 9223372036854775807)
ORDER BY tenant_id DESC, position DESC LIMIT 1
"""
OWNER = """
SELECT tenant_id FROM es.events WHERE (subject_id, position) > ($1::uuid, 0)
    AND (subject_id, position) <= ($1, 9223372036854775807)
ORDER BY subject_id, position LIMIT 1
"""
WINDOW = """
({column}, position) > ($1::uuid, $2::bigint) AND ({column}, position) <= ($1, $3)
    AND ($4::uuid IS NULL OR tenant_id = $4)
"""
READ = f"""
SELECT {COLUMNS} FROM es.events
WHERE {WINDOW} AND ($5::text[] IS NULL OR type = ANY($5))
ORDER BY {{column}}, position LIMIT $6
"""
END = f"""
SELECT max(position) FROM (
    SELECT position FROM es.events WHERE {WINDOW} ORDER BY {{column}}, position LIMIT {LOOKED_AT}
) AS looked_at HAVING count(*) = {LOOKED_AT}
"""


async def select(connection: Connection, selection: Selection, after: int, limit: int) -> Selected:
    """See EventStore.read_selected."""
    head = await connection.fetchval(HEAD, selection.tenant_id) or 0
    if head <= after:
        return Selected([], after, head)
    place, types = _place(selection), selection.types
    end = head
    if types is not None or selection.subject_id is not None:
        end = await connection.fetchval(END.format(column=place.column), place.key, after, head, place.owner)
    rows = await connection.fetch(
        READ.format(column=place.column),
        place.key,
        after,
        end or head,
        place.owner,
        None if types is None else list(types),
        limit,
    )
    events = [RecordedEvent(*row) for row in rows]
    full = len(events) == limit  # then there may be more before the end
    return Selected(events, events[-1].position if full else end or head, head)


class _Place(NamedTuple):
    """The index that is walked, the key in it, and whose events they must be if the index does not say."""

    column: str
    key: UUID
    owner: UUID | None


def _place(selection: Selection) -> _Place:
    if selection.subject_id is None:
        return _Place("tenant_id", selection.tenant_id, None)
    return _Place("subject_id", selection.subject_id, selection.tenant_id)


async def owner(connection: Connection, subject_id: UUID) -> UUID | None:
    """See EventStore.owner."""
    found: UUID | None = await connection.fetchval(OWNER, subject_id)
    return found
