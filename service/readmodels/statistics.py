"""A component's present, and what was said about it: the changes behind its statistics and its history."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from eventstore.pool import Connection, Pool, connection
from service.domain.marks import Marks
from service.domain.timeline import Overlay, Statement, timeline
from service.domain.uptime import Course
from service.domain.values import ComponentStatus
from service.readmodels.course import Days, cuts_of
from service.timestamps import parsed

PRESENT = "SELECT document FROM rm.statistics WHERE key = $1 AND document IS NOT NULL"
# Of a day without marks nothing may be left, so those before it are asked too, until one has marks.
DAYS_OF = """
SELECT wanted.id, days.course_of, days.course
FROM unnest($1::uuid[]) AS wanted(id) JOIN rm.statistics days ON days.component_id = wanted.id
    AND days.course_of <= $3 AND days.course_of >= coalesce((
        SELECT course_of FROM rm.statistics
        WHERE component_id = wanted.id AND course_of < $2 AND course IS NOT NULL
        ORDER BY course_of DESC LIMIT 1
    ), '-infinity')
ORDER BY wanted.id, days.course_of
"""
WORDS_OF = """
SELECT wanted.id, said.document
FROM unnest($1::uuid[], $2::date[], $3::timestamptz[], $4::timestamptz[]) AS wanted(id, day, start, until)
JOIN rm.statistics said ON said.component_id = wanted.id AND said.day = wanted.day
    AND said.last_at >= wanted.start AND said.first_at < wanted.until
"""
BETWEEN = "SELECT document FROM rm.statistics WHERE component_id = $1 AND day BETWEEN $2 AND $3"
# Of several words at one moment those of a minute and those of a run of reports lie in different parts.
BEFORE = """
SELECT document FROM rm.statistics WHERE component_id = $1 AND day < $2
ORDER BY day DESC, last_at DESC LIMIT 4
"""
OVERLAYS_OF = """
SELECT component_id, incident_id, document FROM rm.holds
WHERE component_id = ANY($1::uuid[]) AND since <= $3 AND (until IS NULL OR until >= $2)
"""
NEWEST_DAYS = """
SELECT course_of AS day FROM rm.statistics WHERE component_id = $1 AND course_of <= $2
ORDER BY course_of DESC LIMIT $3
"""
BENEATH = 0
"""The position of where known history begins because an incident spoke of it: it is nobody's word."""
Components = Sequence[UUID]
Window = tuple[datetime, datetime]
Words = Mapping[UUID, Sequence[Statement]]
Record = Any


@dataclass(frozen=True, slots=True)
class Present:
    """The component's status now, and since when, as it was told; `told_late`: something else of its past was
    told too, and history knows better."""

    component_id: UUID
    page_id: UUID
    organisation_id: UUID
    status: ComponentStatus
    status_since: datetime
    told_late: bool


class ComponentHistory:
    """Raises StoreUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def present(self, component_id: UUID) -> Present | None:
        """None: no such component, or removed."""
        async with connection(self._pool) as conn:
            document = await conn.fetchval(PRESENT, str(component_id))
        return None if document is None else present_of(component_id, document)

    async def course(self, component_id: UUID, window: Window, zone: ZoneInfo, now: datetime) -> Course:
        """In order of time, from the last change before the window on; its stretches end at the window's
        ends, now, and where days begin in that zone."""
        return (await self.courses_of([component_id], window, zone, now)).get(component_id, [])

    async def courses_of(
        self, components: Components, window: Window, zone: ZoneInfo, now: datetime
    ) -> dict[UUID, Course]:
        """The same of many components at once; one without changes is left out."""
        cuts = cuts_of(window, zone, now)
        first, last = (at.astimezone(UTC).date() for at in window)
        async with connection(self._pool) as conn:
            rows = await conn.fetch(DAYS_OF, components, first, last)
            overlays = _by_component(await conn.fetch(OVERLAYS_OF, components, *window))
            days = {
                component_id: Days(_marks(found), overlays.get(component_id, ()), cuts)
                for component_id, found in groupby(rows, key=itemgetter("id"))
            }
            words = await _words(conn, [(each, *span) for each in days for span in days[each].wanted()])
        return {each: found.course(words.get(each, ())) for each, found in days.items()}

    async def statements(self, component_id: UUID, start: datetime, end: datetime) -> list[Statement]:
        """What held from the UTC day of `start` to that of `end`, and before, with what was said later of the
        past laid over it."""
        first, last = start.astimezone(UTC).date(), end.astimezone(UTC).date()
        async with connection(self._pool) as conn:
            before = await conn.fetch(BEFORE, component_id, first)
            said = await conn.fetch(BETWEEN, component_id, first, last)
            overlaid = await conn.fetch(OVERLAYS_OF, [component_id], start, end)
        found = [*_in_order(before)[-1:], *_in_order(said)]
        return timeline(found, _by_component(overlaid).get(component_id, ()))

    async def days_before(self, component_id: UUID, moment: datetime, count: int) -> list[datetime]:
        """When the newest UTC days began, up to `moment`, on which something was said; the newest first."""
        async with connection(self._pool) as conn:
            rows = await conn.fetch(NEWEST_DAYS, component_id, moment.astimezone(UTC).date(), count)
        return [datetime.combine(row["day"], time.min, UTC) for row in rows]


def _marks(rows: Iterable[Record]) -> dict[date, Marks | None]:
    return {row["course_of"]: None if row["course"] is None else Marks(row["course"]) for row in rows}


async def _words(conn: Connection, spans: Sequence[tuple[UUID, date, datetime, datetime]]) -> Words:
    if not spans:
        return {}
    rows = await conn.fetch(WORDS_OF, *map(list, zip(*spans, strict=True)))
    found: dict[UUID, list[Record]] = {}
    for row in rows:
        found.setdefault(row["id"], []).append(row)
    return {each: _in_order(parts) for each, parts in found.items()}


def _in_order(parts: Iterable[Record]) -> list[Statement]:
    return statements_of(part["document"] for part in parts)


def statements_of(parts: Iterable[dict[str, Any]]) -> list[Statement]:
    """From the parts of a component's changes that the projection keeps; of a part that comes twice each word
    counts once."""
    changes = {(change[0], change[1]): change for part in parts for change in part["changes"]}
    return [_statement(change) for change in sorted(changes.values(), key=itemgetter(0, 1))]


def present_of(component_id: UUID, document: dict[str, Any]) -> Present:
    """From the document that the projection keeps of the component."""
    return Present(
        component_id,
        UUID(document["page_id"]),
        UUID(document["organisation_id"]),
        ComponentStatus(document["status"]),
        parsed(document["status_since"]),
        document.get("told_until", "") is not None,
    )


def _statement(entry: list[Any]) -> Statement:
    at, position, status, reason, corrected, incident_id, _ = entry
    incident = None if incident_id is None or position == BENEATH else UUID(incident_id)
    return Statement(parsed(at), position, ComponentStatus(status), reason, corrected, incident)


def _by_component(rows: Iterable[Record]) -> dict[UUID, list[Overlay]]:
    found: dict[UUID, list[Overlay]] = {}
    for row in rows:
        found.setdefault(row["component_id"], []).extend(overlays_of(row["document"], row["incident_id"]))
    return found


def overlays_of(document: dict[str, Any], incident_id: UUID) -> list[Overlay]:
    """What the incident said later of the component's past, from the document of its hold."""
    return [
        Overlay(parsed(start), parsed(end), position, ComponentStatus(status), incident_id)
        for start, end, status, position, *_ in document["overlays"]
    ]
