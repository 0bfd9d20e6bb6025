"""How often, how long, how far apart."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from service.domain.reliability import Failure, Reliability, meets, reliability, touches
from tests.service.domain.facts import DAY, HOUR, INSTANT, NOON

WINDOW = (NOON, NOON + DAY)


def failure(start: float, end: float | None) -> Failure:
    return Failure(NOON + start * HOUR, None if end is None else NOON + end * HOUR)


def test_without_failures_there_are_no_means() -> None:
    assert reliability([], WINDOW) == Reliability(0, None, None)


def test_the_means_are_of_repairs_and_of_the_gaps_between_them() -> None:
    found = reliability([failure(10, 13), failure(1, 2), failure(6, 8)], WINDOW)
    assert found == Reliability(3, 2 * 3600, 3 * 3600)


def test_what_goes_on_counts_and_has_no_repair() -> None:
    assert reliability([failure(1, 3), failure(5, None)], WINDOW) == Reliability(2, 2 * 3600, 2 * 3600)
    assert reliability([failure(1, None), failure(5, 6)], WINDOW) == Reliability(2, 3600, None)


def test_overlapping_failures_have_no_gap() -> None:
    assert reliability([failure(1, 5), failure(2, 3), failure(6, 7)], WINDOW).mtbf_seconds == 3600


def test_those_that_start_together_have_no_gap_in_whatever_order_they_come() -> None:
    found = [failure(1, 1), failure(1, 2), failure(4, 5)]
    assert reliability(found, WINDOW) == reliability(found[::-1], WINDOW)
    assert reliability(found, WINDOW).mtbf_seconds == 2 * 3600


def test_only_those_count_that_started_in_the_window() -> None:
    outside = [Failure(NOON - INSTANT, NOON + HOUR), Failure(NOON + DAY, None)]
    assert reliability([*outside, failure(0, 1)], WINDOW) == Reliability(1, 3600, None)


def test_a_day_is_that_of_the_zone() -> None:
    auckland = ZoneInfo("Pacific/Auckland")
    midnight = datetime(2026, 11, 2, tzinfo=auckland)
    assert touches(date(2026, 11, 1), auckland, midnight - HOUR, midnight)
    assert not touches(date(2026, 11, 2), auckland, midnight - HOUR, midnight)
    assert touches(date(2026, 11, 2), auckland, midnight - HOUR, None)
    assert touches(date(2026, 11, 2), auckland, midnight, midnight)
    assert not touches(date(2026, 11, 1), auckland, midnight, None)


def test_a_span_without_length_lies_in_the_window_that_begins_with_it() -> None:
    window = NOON, NOON + HOUR
    assert meets(window, NOON, NOON)
    assert not meets(window, NOON + HOUR, NOON + HOUR)
    assert not meets(window, NOON - HOUR, NOON)
    assert meets(window, NOON - HOUR, None)
