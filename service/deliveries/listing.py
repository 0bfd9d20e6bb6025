"""Deliveries with their recipients, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from eventstore.pool import Connection, Pool, connection
from service.deliveries.wanted import PHASES, State, Wanted, conditions, phase_of
from service.domain.incident import INCIDENT
from service.domain.maintenance import MAINTENANCE
from service.domain.values import ChannelType
from service.readmodels import cursor

FIELDS = """
SELECT d.delivery_id, d.page_id, d.event_id, d.kind, d.position, d.thing_id, d.subscription_id,
    d.channel_type, d.state, d.attempts, d.reason, d.created_at, d.next_attempt_at, d.finished_at, c.address
"""
ANY = f"""
{FIELDS} FROM (
    SELECT * FROM notify.deliveries d WHERE (d.created_at, d.delivery_id) < ($1, $2) AND {{conditions}}
    ORDER BY d.created_at DESC, d.delivery_id DESC LIMIT $3
) d LEFT JOIN vault.contacts c USING (subscription_id)
ORDER BY d.created_at DESC, d.delivery_id DESC
"""
# In the index each phase and channel of a page is in the order of time. So they are read side by side, each
# no further than one part of the list, however many deliveries there are.
OF_PAGE = f"""
{FIELDS} FROM (
    SELECT lane.* FROM unnest($5::text[]) AS of (phase) CROSS JOIN unnest($6::text[]) AS by (channel_type)
    CROSS JOIN LATERAL (
        SELECT * FROM notify.deliveries d
        WHERE d.phase = of.phase AND d.page_id = $4 AND d.channel_type = by.channel_type
            AND ($11::text IS NULL OR d.state = $11)
            AND (d.created_at, d.delivery_id) < ($1, $2) AND d.created_at BETWEEN $7 AND $8
            AND d.event_id = coalesce($9, d.event_id)
            AND ($10::uuid IS NULL OR d.thing_id = $10)
        ORDER BY d.created_at DESC, d.delivery_id DESC LIMIT $3
    ) lane
    ORDER BY lane.created_at DESC, lane.delivery_id DESC LIMIT $3
) d LEFT JOIN vault.contacts c USING (subscription_id)
ORDER BY d.created_at DESC, d.delivery_id DESC
"""
# A delivery is as old as its event.
MOMENTS = """
SELECT min(recorded_at) AS first, max(recorded_at) AS last FROM es.events
WHERE event_id = $1 OR stream = ANY($2::text[])
"""
Place = tuple[datetime, UUID]
EVER = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
END: Place = EVER[1], UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True)
class Listed:
    """`position`, `thing_id`: of a notice, its event's and what it is about. `address` None: erased."""

    delivery_id: UUID
    page_id: UUID
    event_id: UUID
    kind: str
    position: int | None
    thing_id: UUID | None
    subscription_id: UUID
    channel_type: str
    state: State
    attempts: int
    reason: str | None
    created_at: datetime
    next_attempt_at: datetime
    finished_at: datetime | None
    address: str | None


class DeliveryList:
    """Raises StoreUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def list(
        self, wanted: Wanted, limit: int, after: str | None = None
    ) -> tuple[Sequence[Listed], str | None]:
        """And the cursor of the next part. Raises cursor.BadCursor."""
        before = END if after is None else _place(after)
        read = _any if wanted.page_id is None or wanted.subscription_id is not None else _of_page
        async with connection(self._pool) as conn:
            rows = await read(conn, wanted, before, limit + 1)
        found = [Listed(**row) for row in rows[:limit]]
        if len(rows) <= limit:
            return found, None
        return found, cursor.encode(found[-1].created_at.isoformat(), str(found[-1].delivery_id))

    async def get(self, delivery_id: UUID) -> Listed | None:
        """None: there is none, or it is long over."""
        found, _ = await self.list(Wanted(delivery_ids=[delivery_id]), 1)
        return found[0] if found else None


async def _any(conn: Connection, wanted: Wanted, before: Place, limit: int) -> Sequence[Any]:
    text, values = conditions(wanted, first=4)
    return await conn.fetch(ANY.format(conditions=text), *before, limit, *values)


async def _of_page(conn: Connection, wanted: Wanted, before: Place, limit: int) -> Sequence[Any]:
    phases = list(PHASES) if wanted.state is None else [phase_of(wanted.state)]
    channels = list(map(str, ChannelType)) if wanted.channel_type is None else [wanted.channel_type]
    span = await _span(conn, wanted)
    told = wanted.event_id, wanted.subject_id, wanted.state
    return await conn.fetch(OF_PAGE, *before, limit, wanted.page_id, phases, channels, *span, *told)


async def _span(conn: Connection, wanted: Wanted) -> tuple[datetime, datetime]:
    """The first and the last moment of what is told."""
    if wanted.event_id is None and wanted.subject_id is None:
        return EVER
    streams = [INCIDENT.stream(wanted.subject_id), MAINTENANCE.stream(wanted.subject_id)]
    [row] = await conn.fetch(MOMENTS, wanted.event_id, streams)
    return row["first"] or EVER[1], row["last"] or EVER[0]


def _place(after: str) -> Place:
    created_at, delivery_id = cursor.decode(after, 2)
    return cursor.moment(created_at), cursor.uuid(delivery_id)
