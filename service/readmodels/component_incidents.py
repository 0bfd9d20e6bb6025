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
    """An incident's document, and when it held the component, from and until; None: it holds it still."""

    incident: dict[str, Any]
    spells: Sequence[tuple[datetime, datetime | None]]

    @property
    def is_open(self) -> bool:
        return any(until is None for _, until in self.spells)


class ComponentIncidents:
    """Raises StoreUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def between(self, component_id: UUID, start: datetime, end: datetime) -> Sequence[Holding]:
        """Those that held it at some time between, and those that hold it now; by when they started."""
        async with connection(self._pool) as conn:
            rows = await conn.fetch(FIND, component_id, start, end)
        return [holding_of(row["hold"], row["incident"]) for row in rows]


def holding_of(hold: dict[str, Any], incident: dict[str, Any]) -> Holding:
    """From the document of a hold and that of its incident."""
    spans = [*hold["spells"], *(overlay[:2] for overlay in hold["overlays"])]
    spells = [(parsed(since), None if until is None else parsed(until)) for since, until in spans]
    return Holding(incident, spells)
