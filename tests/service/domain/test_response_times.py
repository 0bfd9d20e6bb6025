"""Response times as they are shown, and the quarters of an hour that a range touches."""

from datetime import timedelta, timezone

import pytest

from service.domain.histogram import Histogram, bucket
from service.domain.response_times import QUARTER, Figures, figures, together, whole_quarters
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


def test_a_zone_of_the_caller_moves_no_quarter() -> None:
    odd = timezone(timedelta(hours=5, minutes=43))
    window = ((NOON + MINUTE).astimezone(odd), (NOON + QUARTER).astimezone(odd))
    assert whole_quarters(window) == (NOON, NOON + QUARTER)
