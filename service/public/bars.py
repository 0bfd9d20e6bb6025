"""A component's last 90 days as a row of bars, one a calendar day, and as words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import floor
from zoneinfo import ZoneInfo

from service.domain.uptime import DEFAULT_WEIGHTS, Course, Day, Weights, uptime
from service.domain.values import ComponentStatus

DAYS = 90
WINDOW = timedelta(days=DAYS)
STEP, HEIGHT, UNKNOWN_TOP = 4, 28, 22
WIDTH = STEP * DAYS
UNKNOWN = "unknown"
WORDS = {
    ComponentStatus.OPERATIONAL: "Operational",
    ComponentStatus.UNDER_MAINTENANCE: "Under maintenance",
    ComponentStatus.DEGRADED_PERFORMANCE: "Degraded performance",
    ComponentStatus.PARTIAL_OUTAGE: "Partial outage",
    ComponentStatus.MAJOR_OUTAGE: "Major outage",
}


@dataclass(frozen=True, slots=True)
class Stroke:
    """Days drawn as one SVG path in the colour of `kind`, a status or "unknown"."""

    kind: str
    path: str
    title: str


@dataclass(frozen=True, slots=True)
class Bars:
    """`percentage` is None where nothing is known. `label` says in words what the strokes show."""

    percentage: str | None
    label: str
    strokes: Sequence[Stroke]


def draw(course: Course, zone: ZoneInfo, now: datetime, weights: Weights = DEFAULT_WEIGHTS) -> Bars:
    """The range and the percentage are those of the API's statistics; its first part of a day has no bar."""
    figures = uptime(course, (now - WINDOW, now), zone, now, weights)
    percentage = _percent(figures.uptime_percentage)
    days = figures.days[-DAYS:]
    trouble = [_trouble(day) for day in days if not _is_calm(day)]
    known = [f"{percentage} uptime"] if percentage else ["uptime unknown"]
    return Bars(percentage, f"Last {DAYS} days: {'; '.join(known + trouble)}", _strokes(days))


def _percent(percentage: float | None) -> str | None:
    """Two decimals, cut and not rounded: only what was never down is 100 %."""
    if percentage is None:
        return None
    return "100 %" if percentage == 100 else f"{floor(percentage * 100) / 100:.2f} %"


def _is_calm(day: Day) -> bool:
    return day.worst_status in (None, ComponentStatus.OPERATIONAL)


def _trouble(day: Day) -> str:
    words = WORDS[day.worst_status].lower() if day.worst_status else UNKNOWN
    percentage = _percent(day.uptime_percentage)
    return f"{_date(day.date)}: {words}" + (f", {percentage} uptime" if percentage else "")


def _date(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _strokes(days: Sequence[Day]) -> list[Stroke]:
    """Quiet days share a path, which keeps pages small; a day of trouble has its own, with its own words."""
    first = DAYS - len(days)
    placed = list(enumerate(days, start=first))
    unknown = [*range(first), *(i for i, day in placed if day.worst_status is None)]
    up = [i for i, day in placed if day.worst_status is ComponentStatus.OPERATIONAL]
    quiet = [
        Stroke(UNKNOWN, _path(unknown, UNKNOWN_TOP), "No data"),
        Stroke(ComponentStatus.OPERATIONAL, _path(up), "Operational"),
    ]
    trouble = [
        Stroke(day.worst_status or UNKNOWN, _path([i]), _trouble(day))
        for i, day in placed
        if not _is_calm(day)
    ]
    return [stroke for stroke in quiet if stroke.path] + trouble


def _path(places: Sequence[int], top: int = 0) -> str:
    return "".join(f"M{STEP * place + STEP // 2} {top}V{HEIGHT}" for place in places)


NO_BARS = Bars(
    None, f"Last {DAYS} days: uptime unknown", (Stroke(UNKNOWN, _path(range(DAYS), UNKNOWN_TOP), "No data"),)
)
