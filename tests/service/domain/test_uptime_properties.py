"""Uptime against a naive recomputation that shares no code with it: rational seconds, cut at every edge."""

import sys
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from service.domain.uptime import Change, Weights, uptime
from service.domain.values import SEVERITY, ComponentStatus

FIRST = datetime(2025, 12, 1, tzinfo=UTC)
LENGTH = 400 * 86400 * 1000
ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Santiago",
    "America/Havana",
    "Africa/Cairo",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
]
Seconds = dict[ComponentStatus, Fraction]

moments = st.integers(0, LENGTH).map(lambda n: FIRST + timedelta(milliseconds=n))
round_moments = st.integers(0, 400 * 48).map(lambda n: FIRST + timedelta(minutes=30 * n))
times = moments | round_moments
histories = st.lists(st.builds(Change, times, st.sampled_from(ComponentStatus)), max_size=40).map(
    lambda changes: sorted(changes, key=lambda change: change.at)
)
windows = st.tuples(times, st.integers(0, 40 * 24 * 60)).map(
    lambda found: (found[0], found[0] + timedelta(minutes=found[1]))
)
parts = st.decimals(0, 1, places=2)
weights = st.builds(Weights, parts, parts, parts)
zones = st.sampled_from(ZONES).map(ZoneInfo)


def exact_seconds(delta: timedelta) -> Fraction:
    return Fraction(delta // timedelta(milliseconds=1), 1000)


def naive_pieces(
    changes: list[Change], window: tuple[datetime, datetime], zone: ZoneInfo, now: datetime
) -> list[tuple[date, ComponentStatus, Fraction]]:
    """The range cut wherever a status or a local date can change, each piece with what holds at its start.

    Every zone's offset is a multiple of fifteen minutes, and so is every instant of its midnights.
    """
    start, end = window
    quarter = timedelta(minutes=15)
    quarters = FIRST + quarter * ((start - FIRST) // quarter)
    edges = {start, end, now, *(change.at for change in changes)}
    while quarters < end:
        edges.add(quarters)
        quarters += quarter
    inside = sorted(edge for edge in edges if start <= edge <= end)
    pieces = []
    current = 0
    for left, right in pairwise(inside):
        while current < len(changes) and changes[current].at <= left:
            current += 1
        if current > 0 and left < now:
            status = changes[current - 1].status
            pieces.append((left.astimezone(zone).date(), status, exact_seconds(right - left)))
    return pieces


def naive_seconds(pieces: list[tuple[date, ComponentStatus, Fraction]], day: date | None = None) -> Seconds:
    seconds = dict.fromkeys(ComponentStatus, Fraction(0))
    for piece_day, status, length in pieces:
        if day in (None, piece_day):
            seconds[status] += length
    return seconds


def naive_uptime(seconds: Seconds, weights: Weights) -> Fraction | None:
    counted = sum(seconds.values()) - seconds[ComponentStatus.UNDER_MAINTENANCE]
    if counted == 0:
        return None
    down = seconds[ComponentStatus.MAJOR_OUTAGE] * Fraction(weights.major_outage)
    down += seconds[ComponentStatus.PARTIAL_OUTAGE] * Fraction(weights.partial_outage)
    down += seconds[ComponentStatus.DEGRADED_PERFORMANCE] * Fraction(weights.degraded_performance)
    return 100 - 100 * down / counted


def assert_percentage(found: float | None, expected: Fraction | None) -> None:
    if expected is None:
        assert found is None
        return
    assert found is not None
    assert 0 <= found <= 100
    assert abs(Fraction(str(found)) - expected) <= Fraction(1, 10_000)
    assert (found == 100) == (expected == 100)


def milliseconds(seconds: float | Fraction) -> int:
    return round(seconds * 1000)


def in_milliseconds(seconds: Seconds) -> dict[ComponentStatus, int]:
    return {status: milliseconds(length) for status, length in seconds.items()}


@given(histories, windows, zones, times, weights)
def test_it_is_what_a_naive_recomputation_finds(
    changes: list[Change],
    window: tuple[datetime, datetime],
    zone: ZoneInfo,
    now: datetime,
    weights: Weights,
) -> None:
    found = uptime(changes, window, zone, now, weights)
    pieces = naive_pieces(changes, window, zone, now)
    total = naive_seconds(pieces)
    assert {status: milliseconds(length) for status, length in found.seconds.items()} == in_milliseconds(
        total
    )
    assert_percentage(found.uptime_percentage, naive_uptime(total, weights))
    for day in found.days:
        seconds = naive_seconds(pieces, day.date)
        assert {status: milliseconds(n) for status, n in day.seconds.items()} == in_milliseconds(seconds)
        assert_percentage(day.uptime_percentage, naive_uptime(seconds, weights))
        seen = [status for status, length in seconds.items() if length]
        assert day.worst_status == max(seen, key=SEVERITY.__getitem__, default=None)


@given(histories, windows, zones, times)
def test_all_statuses_and_the_unknown_add_up_to_the_range(
    changes: list[Change], window: tuple[datetime, datetime], zone: ZoneInfo, now: datetime
) -> None:
    found = uptime(changes, window, zone, now)
    known = sum(milliseconds(length) for length in found.seconds.values())
    assert known + milliseconds(found.unknown_seconds) == (window[1] - window[0]) // timedelta(milliseconds=1)


@given(histories, windows, zones, times)
def test_the_days_are_those_the_range_touches_each_once_and_in_order(
    changes: list[Change], window: tuple[datetime, datetime], zone: ZoneInfo, now: datetime
) -> None:
    found = [day.date for day in uptime(changes, window, zone, now).days]
    start, end = (at.astimezone(zone).date() for at in (window[0], window[1] - timedelta(milliseconds=1)))
    expected = [start + timedelta(days=i) for i in range((end - start).days + 1)]
    assert found == (expected if window[0] < window[1] else [])


@given(histories, windows, zones, times)
def test_an_unsaid_repetition_of_a_status_changes_nothing(
    changes: list[Change], window: tuple[datetime, datetime], zone: ZoneInfo, now: datetime
) -> None:
    said_twice = [again for change in changes for again in (change, Change(change.at, change.status))]
    assert uptime(said_twice, window, zone, now) == uptime(changes, window, zone, now)


def test_its_cost_grows_with_changes_plus_days_not_with_their_product() -> None:
    """Counted in calls, not timed: four times as much of both makes four times as many."""
    assert calls_for(4) < 4.5 * calls_for(1)


def calls_for(size: int) -> int:
    statuses = list(ComponentStatus)
    changes = [Change(FIRST + timedelta(minutes=17 * i), statuses[i % 5]) for i in range(1000 * size)]
    window = (FIRST, FIRST + timedelta(days=12 * size))
    calls = 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        uptime(changes, window, ZoneInfo("Europe/Berlin"), window[1])
    finally:
        sys.setprofile(before)
    return calls
