"""Figures of a component's statistics from what held when, in rational seconds, by no code of the product.

Uptime is 1 - (major + 0.3 x partial) / (known - maintenance). What is not known counts for nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cache
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from eventstore.events import RecordedEvent
from tests.service.api.oracle.retelling import MAINTENANCE, SEVERITY, Hold, Piece, Rules, at, retracted

WEIGHTS = {"major_outage": Fraction(1), "partial_outage": Fraction(3, 10)}
QUARTER = timedelta(minutes=15)
FIRST, LAST = datetime(2025, 12, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
Window = tuple[datetime, datetime]


@dataclass(frozen=True)
class Figures:
    seconds: dict[str, Fraction]

    @property
    def uptime(self) -> Fraction | None:
        counted = sum(self.seconds.values()) - self.seconds[MAINTENANCE]
        if not counted:
            return None
        down = sum((weight * self.seconds[status] for status, weight in WEIGHTS.items()), Fraction())
        return 100 * (1 - down / counted)

    @property
    def worst(self) -> str | None:
        return max((each for each in SEVERITY if self.seconds[each]), key=SEVERITY.index, default=None)


def exact(span: timedelta) -> Fraction:
    return Fraction(span // timedelta(microseconds=1), 1_000_000)


def figures(pieces: Iterable[Piece], window: Window) -> Figures:
    seconds = dict.fromkeys(SEVERITY, Fraction())
    for piece in pieces:
        start, end = max(piece.start, window[0]), min(piece.end, window[1])
        if start < end:
            seconds[piece.said.status] += exact(end - start)
    return Figures(seconds)


@cache
def local_days(zone: str) -> list[tuple[date, datetime, datetime]]:
    """Every quarter of an hour asked for its date: each zone's midnights fall on one."""
    local, found = ZoneInfo(zone), []
    quarters = (FIRST + QUARTER * i for i in range((LAST - FIRST) // QUARTER))
    for day, run in groupby(quarters, key=lambda moment: moment.astimezone(local).date()):
        inside = list(run)
        found.append((day, inside[0], inside[-1] + QUARTER))
    return found


def days_of(zone: str, window: Window) -> list[tuple[date, Window]]:
    return [
        (day, (max(start, window[0]), min(end, window[1])))
        for day, start, end in local_days(zone)
        if start < window[1] and end > window[0]
    ]


def held_during(holds: Sequence[Hold], window: Window, now: datetime) -> set[str]:
    return {
        hold.incident_id
        for hold in holds
        if hold.start < window[1] and ((hold.end or now) > window[0] or hold.start >= window[0])
    }


@dataclass(frozen=True)
class Failures:
    count: int
    mean_repair: Fraction | None
    mean_gap: Fraction | None


@dataclass(frozen=True)
class Trouble:
    started_at: datetime
    resolved_at: datetime | None


def troubles(log: Sequence[RecordedEvent], rules: Rules) -> dict[str, Trouble]:
    """Every incident that was not retracted."""
    found: dict[str, Trouble] = {}
    gone = retracted(log, rules)
    for event in log:
        incident_id = str(event.data.get("incident_id"))
        if incident_id in gone:
            continue
        if event.type == "IncidentOpened":
            found[incident_id] = Trouble(at(event.data["started_at"]), None)
        elif event.type == "IncidentBackfilled":
            found[incident_id] = Trouble(at(event.data["started_at"]), at(event.data["resolved_at"]))
        elif event.type == "IncidentUpdated" and event.data["status"] == "resolved":
            known = found[incident_id]
            found[incident_id] = Trouble(known.started_at, known.resolved_at or at(event.data["since"]))
    return found


def failures(held: Iterable[Trouble], window: Window) -> Failures:
    """Of those that started in the window. No gap follows one that goes on, nor lies inside another."""
    inside = [each for each in held if window[0] <= each.started_at < window[1]]
    longest = sorted(inside, key=lambda each: each.resolved_at or LAST, reverse=True)
    counted = sorted(longest, key=lambda each: each.started_at)
    repairs = [exact(each.resolved_at - each.started_at) for each in counted if each.resolved_at]
    gaps = []
    for i, each in enumerate(counted[1:], start=1):
        ends = [earlier.resolved_at for earlier in counted[:i]]
        closed = [end for end in ends if end is not None]
        if len(closed) == len(ends) and max(closed) <= each.started_at:
            gaps.append(exact(each.started_at - max(closed)))
    return Failures(len(counted), mean(repairs), mean(gaps))


def mean(values: Sequence[Fraction]) -> Fraction | None:
    return sum(values, Fraction()) / len(values) if values else None


def intervals(pieces: Sequence[Piece]) -> list[dict[str, Any]]:
    """Runs of one status, the newest first, each told by the first who said so."""
    runs = [list(run) for _, run in groupby(pieces, key=lambda piece: piece.said.status)]
    return [
        {
            "status": run[0].said.status,
            "from": run[0].start,
            "to": None if run is runs[-1] else run[-1].end,
            "reason": run[0].said.reason,
            "incident_id": run[0].said.incident_id,
            "corrected": run[0].said.corrected,
        }
        for run in reversed(runs)
    ]
