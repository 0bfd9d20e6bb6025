"""A component's response times by calendar day: read when they are asked for, never kept in memory."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from eventstore.pool import Pool, connection
from service.domain.histogram import Histogram
from service.domain.response_times import Window, midnights, whole_quarters

FIND = """
SELECT hour, document FROM rm.response_times WHERE component_id = $1 AND hour > $2 AND hour < $3
"""
HOUR = timedelta(hours=1)
AT_ONCE = timedelta(days=16)
"""A long range is read in parts, so that it neither fills the memory nor keeps others waiting."""

Days = dict[date, Histogram]
Hour = tuple[datetime, dict[str, Any]]
"""When it begins, and its document in the projection."""


class ResponseTimes:
    """Raises StoreUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def by_day(self, component_id: UUID, window: Window, zone: ZoneInfo) -> Days:
        """Of every quarter of an hour that the range touches, by the zone's calendar days that have any."""
        counting = Counting(window, zone)
        for part in _parts(*whole_quarters(window)):
            counting.add(await self._hours(component_id, part), part)
        return counting.days()

    async def _hours(self, component_id: UUID, part: Window) -> Iterable[Hour]:
        async with connection(self._pool) as conn:
            rows = await conn.fetch(FIND, component_id, part[0] - HOUR, part[1])
        return ((row["hour"], row["document"]) for row in rows)


class Counting:
    """Adds up what was measured on the calendar days that a range touches."""

    def __init__(self, window: Window, zone: ZoneInfo) -> None:
        self._dates, self._begins = midnights(window, zone)
        self._days = [Histogram() for _ in self._dates]

    def add(self, hours: Iterable[Hour], part: Window) -> None:
        """The quarters of an hour of `hours` that begin within `part`."""
        for quarter, histogram in _quarters(hours, part):
            self._days[bisect_right(self._begins, quarter) - 1].add(histogram)

    def days(self) -> Days:
        """Those on which anything was measured."""
        return {day: found for day, found in zip(self._dates, self._days, strict=True) if found.counts}


def _parts(start: datetime, end: datetime) -> Iterator[Window]:
    while start < end:
        yield start, min(start + AT_ONCE, end)
        start += AT_ONCE


def _quarters(hours: Iterable[Hour], part: Window) -> Iterator[tuple[datetime, Histogram]]:
    for hour, document in hours:
        for minute, found in document.items():
            quarter = hour + timedelta(minutes=int(minute))
            if part[0] <= quarter < part[1]:
                yield quarter, Histogram(**found)
