"""A component's present and the changes behind its statistics."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from eventstore.pool import Pool, connection
from service.domain.uptime import Change
from service.domain.values import ComponentStatus
from service.timestamps import parsed

PRESENT = "SELECT document FROM rm.statistics WHERE key = $1 AND document IS NOT NULL"
CHANGES = """
(SELECT document, day FROM rm.statistics WHERE component_id = $1 AND day < $2 ORDER BY day DESC LIMIT 1)
UNION ALL
SELECT document, day FROM rm.statistics WHERE component_id = $1 AND day BETWEEN $2 AND $3
ORDER BY day
"""
CHANGES_OF = """
SELECT wanted.id, days.document
FROM unnest($1::uuid[]) AS wanted(id) CROSS JOIN LATERAL (
    (SELECT document, day FROM rm.statistics WHERE component_id = wanted.id AND day < $2
     ORDER BY day DESC LIMIT 1)
    UNION ALL
    SELECT document, day FROM rm.statistics WHERE component_id = wanted.id AND day BETWEEN $2 AND $3
) AS days
ORDER BY wanted.id, days.day
"""


@dataclass(frozen=True, slots=True)
class Present:
    """The component's status now; its known history begins at `started_at`."""

    component_id: UUID
    page_id: UUID
    organisation_id: UUID
    status: ComponentStatus
    status_since: datetime
    started_at: datetime


class ComponentHistory:
    """Raises StoreUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def present(self, component_id: UUID) -> Present | None:
        """None: no such component, or removed."""
        async with connection(self._pool) as conn:
            document = await conn.fetchval(PRESENT, str(component_id))
        return None if document is None else _present(component_id, document)

    async def changes(self, component_id: UUID, start: datetime, end: datetime) -> list[Change]:
        """In order of time: every change from the UTC day of `start` to that of `end`, and the one before."""
        first, last = start.astimezone(UTC).date(), end.astimezone(UTC).date()
        async with connection(self._pool) as conn:
            rows = await conn.fetch(CHANGES, component_id, first, last)
        return [_change(entry) for row in rows for entry in row["document"]["changes"]]

    async def changes_of(
        self, component_ids: Sequence[UUID], start: datetime, end: datetime
    ) -> dict[UUID, list[Change]]:
        """The same of many components in one query; one without changes is left out."""
        first, last = start.astimezone(UTC).date(), end.astimezone(UTC).date()
        async with connection(self._pool) as conn:
            rows = await conn.fetch(CHANGES_OF, component_ids, first, last)
        changes: dict[UUID, list[Change]] = {}
        for row in rows:
            changes.setdefault(row["id"], []).extend(_change(entry) for entry in row["document"]["changes"])
        return changes


def _present(component_id: UUID, document: dict[str, Any]) -> Present:
    return Present(
        component_id,
        UUID(document["page_id"]),
        UUID(document["organisation_id"]),
        ComponentStatus(document["status"]),
        parsed(document["status_since"]),
        parsed(document["started_at"]),
    )


def _change(entry: list[Any]) -> Change:
    return Change(parsed(entry[0]), ComponentStatus(entry[2]))
