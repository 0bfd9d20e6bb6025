"""Response times as they are shown, and the quarters of an hour that a range touches."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from service.domain.histogram import Histogram, bucket
from service.domain.response_times import QUARTER, Figures, figures, midnights, together, whole_quarters
from tests.service.domain.facts import INSTANT, MINUTE, NOON


def of(*microseconds: int) -> Histogram:
    counts = {bucket(value): 1 for value in microseconds}
    return Histogram(sum(microseconds), min(microseconds), max(microseconds), counts)


def test_figures_are_in_milliseconds_with_three_decimals() -> None:
    assert figures(of(1, 100_000, 2)) == Figures(33.334, 0.002, 100, 100, 3)


def test_nothing_measured_has_no_figures() -> None:
    assert figures(Histogram()) == Figures(None, None, None, None, 0)


def test_days_together_are_one_and_stay_as_they_are() -> None:
    days = [of(1, 2), of(300_000), Histogram()]
    assert together(days) == of(1, 2, 300_000)
    assert days == [of(1, 2), of(300_000), Histogram()]


@pytest.mark.parametrize("into", [timedelta(), INSTANT, MINUTE, QUARTER - INSTANT])
def test_a_range_begins_with_the_quarter_of_an_hour_in_which_it_begins(into: timedelta) -> None:
    assert whole_quarters((NOON + into, NOON + QUARTER)) == (NOON, NOON + QUARTER)


def test_a_day_begins_with_its_zones_midnight_even_when_there_is_none() -> None:
    window = (datetime(2026, 9, 5, 12, tzinfo=UTC), datetime(2026, 9, 7, 12, tzinfo=UTC))
    dates, begins = midnights(window, ZoneInfo("America/Santiago"))
    assert [day.day for day in dates] == [5, 6, 7]
    assert [(begin.day, begin.hour) for begin in begins] == [(5, 4), (6, 4), (7, 3)]


def test_a_zone_of_the_caller_moves_no_quarter() -> None:
    odd = timezone(timedelta(hours=5, minutes=43))
    window = ((NOON + MINUTE).astimezone(odd), (NOON + QUARTER).astimezone(odd))
    assert whole_quarters(window) == (NOON, NOON + QUARTER)
