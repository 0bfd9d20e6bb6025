"""The incidents that held a component."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from eventstore.pool import Pool, connection
from service.timestamps import parsed

FIND = """
SELECT h.document AS hold, i.document AS incident
FROM rm.holds h JOIN rm.incidents i ON i.key = h.incident_id::text
WHERE h.component_id = $1 AND i.document IS NOT NULL
    AND (h.until IS NULL OR (h.since < $3 AND h.until >= $2))
ORDER BY i.started_at, i.key
"""


@dataclass(frozen=True, slots=True)
class Holding:
    """An incident's document, and when it held the component. `until` None: it holds it still."""

    incident: dict[str, Any]
    since: datetime
    until: datetime | None


class ComponentIncidents:
    """Raises StoreUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def between(self, component_id: UUID, start: datetime, end: datetime) -> Sequence[Holding]:
        """Those that held it at some time between, and those that hold it now; by when they started."""
        async with connection(self._pool) as conn:
            rows = await conn.fetch(FIND, component_id, start, end)
        return [_holding(row["hold"], row["incident"]) for row in rows]


def _holding(hold: dict[str, Any], incident: dict[str, Any]) -> Holding:
    until = hold["until"]
    return Holding(incident, parsed(hold["since"]), None if until is None else parsed(until))
