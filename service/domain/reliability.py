"""How often something broke, how long that took, and how long it held in between."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Failure:
    """`ended_at` None: it goes on."""

    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reliability:
    """Means in seconds: of the time to repair, and of the gap from one's end to the next's start."""

    count: int
    mttr_seconds: float | None
    mtbf_seconds: float | None


def reliability(failures: Sequence[Failure], window: tuple[datetime, datetime]) -> Reliability:
    """Of those that started in the window; overlapping ones have no gap between them."""
    counted = sorted(
        (failure for failure in failures if window[0] <= failure.started_at < window[1]),
        key=_first_and_longest,
    )
    repairs = [failure.ended_at - failure.started_at for failure in counted if failure.ended_at is not None]
    return Reliability(len(counted), _mean(repairs), _mean(_gaps(counted)))


def _first_and_longest(failure: Failure) -> tuple[datetime, bool, timedelta]:
    """Of those that start together the longest comes first: there is no gap between them."""
    ended_at = failure.ended_at or failure.started_at
    return failure.started_at, failure.ended_at is not None, failure.started_at - ended_at


def _gaps(failures: Sequence[Failure]) -> list[timedelta]:
    gaps, over_at = [], None
    for failure in failures:
        if over_at is not None and failure.started_at >= over_at:
            gaps.append(failure.started_at - over_at)
        if failure.ended_at is None:
            break  # what goes on has no end from which to count
        over_at = failure.ended_at if over_at is None else max(over_at, failure.ended_at)
    return gaps


def _mean(spans: Sequence[timedelta]) -> float | None:
    return sum(spans, timedelta()).total_seconds() / len(spans) if spans else None


def touches(day: date, zone: ZoneInfo, since: datetime, until: datetime | None) -> bool:
    """Whether a span of time, without its end, has a part in that calendar day."""
    start = datetime.combine(day, time.min, zone)
    end = datetime.combine(day + timedelta(days=1), time.min, zone)
    return meets((start, end), since, until)


def meets(window: tuple[datetime, datetime], since: datetime, until: datetime | None) -> bool:
    """Whether a span of time, without its end, has a part in the window, which has no end either."""
    start, end = window
    return since < end and (until is None or until > start or since >= start)
