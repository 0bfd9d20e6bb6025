"""How fast a component answered, over a range of time and on each of its calendar days.

Times are counted in whole microseconds, by quarters of an hour: every zone's midnight is the start of one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from service.domain.histogram import Histogram

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
Window = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Figures:
    """In milliseconds with three decimals, None where nothing was measured. The average is exact, percentiles
    go by nearest rank and are within histogram.RELATIVE_ERROR of it."""

    avg: float | None
    p50: float | None
    p95: float | None
    p99: float | None
    count: int


def figures(histogram: Histogram) -> Figures:
    found = (histogram.mean(), *histogram.percentiles(50, 95, 99))
    avg, p50, p95, p99 = map(_milliseconds, found)
    return Figures(avg, p50, p95, p99, histogram.count)


def together(days: Iterable[Histogram]) -> Histogram:
    whole = Histogram()
    for day in days:
        whole.add(day)
    return whole


def whole_quarters(window: Window) -> Window:
    """The range without its end, begun with the quarter of an hour in which it begins."""
    start, end = window
    return start - (start - EPOCH) % QUARTER, end


def midnights(window: Window, zone: ZoneInfo) -> tuple[list[date], list[datetime]]:
    """The calendar days that the range touches, and when each begins."""
    first, last = (at.astimezone(zone).date() for at in window)
    dates = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    return dates, [datetime.combine(day, time.min, zone).astimezone(UTC) for day in dates]


def _milliseconds(microseconds: float | None) -> float | None:
    return None if microseconds is None else round(microseconds / 1000, 3)
