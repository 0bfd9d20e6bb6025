"""A component's response times by calendar day: read when they are asked for, never kept in memory."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
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


class ResponseTimes:
    """Raises StoreUnavailable."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def by_day(self, component_id: UUID, window: Window, zone: ZoneInfo) -> Days:
        """Of every quarter of an hour that the range touches, by the zone's calendar days that have any."""
        dates, begins = midnights(window, zone)
        days = [Histogram() for _ in dates]
        for part in _parts(*whole_quarters(window)):
            for quarter, histogram in _quarters(await self._hours(component_id, part), part):
                days[bisect_right(begins, quarter) - 1].add(histogram)
        return {day: found for day, found in zip(dates, days, strict=True) if found.counts}

    async def _hours(self, component_id: UUID, part: Window) -> Sequence[Any]:
        async with connection(self._pool) as conn:
            return await conn.fetch(FIND, component_id, part[0] - HOUR, part[1])


def _parts(start: datetime, end: datetime) -> Iterator[Window]:
    while start < end:
        yield start, min(start + AT_ONCE, end)
        start += AT_ONCE


def _quarters(hours: Sequence[Any], part: Window) -> Iterator[tuple[datetime, Histogram]]:
    for hour in hours:
        for minute, found in hour["document"].items():
            quarter = hour["hour"] + timedelta(minutes=int(minute))
            if part[0] <= quarter < part[1]:
                yield quarter, Histogram(**found)
