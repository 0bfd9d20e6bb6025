"""A component's present, and what was said about it: the changes behind its statistics and its history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from eventstore.pool import Pool, connection
from service.domain.timeline import Overlay, Statement, timeline
from service.domain.uptime import Change
from service.domain.values import ComponentStatus
from service.timestamps import parsed

PRESENT = "SELECT document FROM rm.statistics WHERE key = $1 AND document IS NOT NULL"
SAID_OF = """
SELECT wanted.id, days.document
FROM unnest($1::uuid[]) AS wanted(id) CROSS JOIN LATERAL (
    (SELECT document, day FROM rm.statistics WHERE component_id = wanted.id AND day < $2
     ORDER BY day DESC LIMIT 1)
    UNION ALL
    SELECT document, day FROM rm.statistics WHERE component_id = wanted.id AND day BETWEEN $2 AND $3
) AS days
ORDER BY wanted.id, days.day
"""
OVERLAYS_OF = """
SELECT component_id, incident_id, document FROM rm.holds
WHERE component_id = ANY($1::uuid[]) AND since <= $3 AND (until IS NULL OR until >= $2)
"""
NEWEST_DAYS = """
SELECT day FROM rm.statistics WHERE component_id = $1 AND day <= $2 ORDER BY day DESC LIMIT $3
"""
Components = Sequence[UUID]


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
        return None if document is None else present_of(component_id, document)

    async def changes(self, component_id: UUID, start: datetime, end: datetime) -> list[Change]:
        """In order of time: every change from the UTC day of `start` to that of `end`, and the one before."""
        return (await self.changes_of([component_id], start, end)).get(component_id, [])

    async def changes_of(
        self, components: Components, start: datetime, end: datetime
    ) -> dict[UUID, list[Change]]:
        """The same of many components at once; one without changes is left out."""
        held = await self.statements_of(components, start, end)
        return {
            component_id: [Change(statement.at, statement.status) for statement in statements]
            for component_id, statements in held.items()
        }

    async def statements_of(
        self, components: Components, start: datetime, end: datetime
    ) -> dict[UUID, list[Statement]]:
        """What held, with what was said later of the past laid over it."""
        first, last = start.astimezone(UTC).date(), end.astimezone(UTC).date()
        async with connection(self._pool) as conn:
            said = await conn.fetch(SAID_OF, components, first, last)
            overlaid = await conn.fetch(OVERLAYS_OF, components, start, end)
        statements: dict[UUID, list[Statement]] = {}
        for row in said:
            statements.setdefault(row["id"], []).extend(map(statement_of, row["document"]["changes"]))
        overlays: dict[UUID, list[Overlay]] = {}
        for row in overlaid:
            overlays.setdefault(row["component_id"], []).extend(
                overlays_of(row["document"], row["incident_id"])
            )
        return {each: timeline(found, overlays.get(each, ())) for each, found in statements.items()}

    async def days_before(self, component_id: UUID, moment: datetime, count: int) -> list[datetime]:
        """When the newest UTC days began, up to `moment`, on which something was said; the newest first."""
        async with connection(self._pool) as conn:
            rows = await conn.fetch(NEWEST_DAYS, component_id, moment.astimezone(UTC).date(), count)
        return [datetime.combine(row["day"], time.min, UTC) for row in rows]


def present_of(component_id: UUID, document: dict[str, Any]) -> Present:
    """From the document that the projection keeps of the component."""
    return Present(
        component_id,
        UUID(document["page_id"]),
        UUID(document["organisation_id"]),
        ComponentStatus(document["status"]),
        parsed(document["status_since"]),
        parsed(document["started_at"]),
    )


def statement_of(entry: list[Any]) -> Statement:
    """From one of the changes that the projection keeps of a day."""
    at, position, status, reason, corrected, incident_id, _ = entry
    incident = None if incident_id is None else UUID(incident_id)
    return Statement(parsed(at), position, ComponentStatus(status), reason, corrected, incident)


def overlays_of(document: dict[str, Any], incident_id: UUID) -> list[Overlay]:
    """What the incident said later of the component's past, from the document of its hold."""
    return [
        Overlay(parsed(start), parsed(end), position, ComponentStatus(status), incident_id)
        for start, end, status, position in document["overlays"]
    ]
