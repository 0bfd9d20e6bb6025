"""How long a component has been in which status, over a range of time and on each of its calendar days.

Times are counted in whole milliseconds, the resolution the product speaks in, and stay exact up to the end.
What lies before the component's start or after now is unknown: it counts for nothing, neither up nor down.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from service.domain.values import SEVERITY, ComponentStatus

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Change:
    """From `at` on the component has `status`, until the next change."""

    at: datetime
    status: ComponentStatus


class Stretch(NamedTuple):
    """Many changes in one, within one calendar day of the range: from `start` to `end`, in milliseconds since
    1970, the time was `spent` in each status, in milliseconds and in the order of ComponentStatus; from `end`
    on the component has `status`, until the next change."""

    start: int
    end: int
    spent: Sequence[int]
    status: ComponentStatus


Course = Sequence[Change | Stretch]


@dataclass(frozen=True, slots=True)
class Weights:
    """How much of its time a status takes from the uptime: from 0, nothing, to 1, all of it."""

    major_outage: Decimal = Decimal("1")
    partial_outage: Decimal = Decimal("0.3")
    degraded_performance: Decimal = Decimal("0")


DEFAULT_WEIGHTS = Weights()


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day, or what the range holds of it. Without data it has no uptime and no worst status."""

    date: date
    seconds: Mapping[ComponentStatus, float]
    uptime_percentage: float | None
    worst_status: ComponentStatus | None


@dataclass(frozen=True, slots=True)
class Uptime:
    """`seconds` of each status and `unknown_seconds` add up to the range.

    `uptime_percentage` is from 0 to 100 with four decimals, and 100 only if there was no downtime; it is None
    where nothing but maintenance is known.
    """

    seconds: Mapping[ComponentStatus, float]
    unknown_seconds: float
    uptime_percentage: float | None
    days: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class _Span:
    """In milliseconds since the epoch, without its end."""

    start: int
    end: int

    def overlap(self, other: "_Span") -> int:
        return max(0, min(self.end, other.end) - max(self.start, other.start))


_Spells = list[tuple[_Span, ComponentStatus]]
_Tally = dict[ComponentStatus, int]


def uptime(
    course: Course,
    window: tuple[datetime, datetime],
    zone: ZoneInfo,
    now: datetime,
    weights: Weights = DEFAULT_WEIGHTS,
) -> Uptime:
    """`course` is in order of time; its first is the component's start. All times carry their zone.

    Of several changes at one instant the last counts. The cost grows with the course plus the days.
    """
    span = _Span(_milliseconds(window[0]), _milliseconds(window[1]))
    days = _days(window, zone, span)
    spans = [day for _, day in days]
    tallies = _tally_by_day(_spells(course, _milliseconds(now)), spans)
    _add_stretches(tallies, spans, course, _milliseconds(now))
    total = _sum(tallies)
    return Uptime(
        _seconds(total),
        _in_seconds(max(0, span.end - span.start) - sum(total.values())),
        _percentage(total, weights),
        tuple(_day(day, tally, weights) for (day, _), tally in zip(days, tallies, strict=True)),
    )


def _milliseconds(at: datetime) -> int:
    return (at - EPOCH) // MILLISECOND


def _spells(course: Course, now: int) -> _Spells:
    """Between two of the course the status of the first goes on."""
    ends = [each if isinstance(each, Stretch) else _instant(each) for each in course]
    begins = [*(each.start for each in ends[1:]), now]
    return [
        (_Span(each.end, min(begin, now)), each.status)
        for each, begin in zip(ends, begins, strict=False)
        if each.end < begin and each.end < now
    ]


def _instant(change: Change) -> Stretch:
    at = _milliseconds(change.at)
    return Stretch(at, at, (), change.status)


def _add_stretches(tallies: Sequence[_Tally], days: Sequence[_Span], course: Course, now: int) -> None:
    starts = [day.start for day in days]
    for stretch in course:
        if not isinstance(stretch, Stretch) or stretch.start >= now:
            continue
        place = bisect_right(starts, stretch.start) - 1
        if place >= 0 and stretch.start < days[place].end:
            for status, milliseconds in zip(ComponentStatus, stretch.spent, strict=True):
                tallies[place][status] += milliseconds


def _days(window: tuple[datetime, datetime], zone: ZoneInfo, span: _Span) -> list[tuple[date, _Span]]:
    """Every calendar day that the range touches, cut to the range."""
    first, last = (at.astimezone(zone).date() for at in window)
    dates = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    midnights = [_milliseconds(datetime.combine(day, time.min, zone)) for day in dates[1:]]
    edges = [span.start, *(min(max(midnight, span.start), span.end) for midnight in midnights), span.end]
    days = [(day, _Span(*ends)) for day, ends in zip(dates, pairwise(edges), strict=False)]
    # A zone that crosses the date line has left out a whole day; that day never was.
    return [(day, span) for day, span in days if span.start < span.end]


def _tally_by_day(spells: _Spells, days: Sequence[_Span]) -> list[_Tally]:
    tallies: list[_Tally] = []
    first = 0
    for day in days:
        tally = dict.fromkeys(ComponentStatus, 0)
        index = first
        while index < len(spells) and spells[index][0].start < day.end:
            span, status = spells[index]
            tally[status] += span.overlap(day)
            index += 1
        first = max(first, index - 1)
        tallies.append(tally)
    return tallies


def _sum(tallies: Sequence[_Tally]) -> _Tally:
    return {status: sum(tally[status] for tally in tallies) for status in ComponentStatus}


def _percentage(tally: _Tally, weights: Weights) -> float | None:
    counted = sum(tally.values()) - tally[ComponentStatus.UNDER_MAINTENANCE]
    if counted == 0:
        return None
    major = tally[ComponentStatus.MAJOR_OUTAGE] * Fraction(weights.major_outage)
    partial = tally[ComponentStatus.PARTIAL_OUTAGE] * Fraction(weights.partial_outage)
    degraded = tally[ComponentStatus.DEGRADED_PERFORMANCE] * Fraction(weights.degraded_performance)
    down = (major + partial + degraded) / counted
    rounded = round(100 * (1 - down), 4)
    # Whoever was down for a moment was not up all the time, whatever rounding says.
    return float(min(rounded, Fraction("99.9999")) if down else rounded)


def _day(day: date, tally: _Tally, weights: Weights) -> Day:
    seen = [status for status, milliseconds in tally.items() if milliseconds]
    worst = max(seen, key=SEVERITY.__getitem__, default=None)
    return Day(day, _seconds(tally), _percentage(tally, weights), worst)


def _seconds(tally: _Tally) -> dict[ComponentStatus, float]:
    return {status: _in_seconds(milliseconds) for status, milliseconds in tally.items()}


def _in_seconds(milliseconds: int) -> float:
    return milliseconds / 1000
