"""What monitors measure: nothing of the future, and in order of time whatever order it comes in."""

from datetime import datetime, timedelta, timezone

from service.domain.errors import Invalid
from service.domain.measurement import MEASUREMENT, MeasureResponseTimes, Point, ResponseTimesMeasured
from tests.service.domain.facts import COMPONENT_ID, DAY, HOUR, INSTANT, NOON, PAGE_ID
from tests.service.domain.scenario import given


def measured(*points: tuple[datetime, int]) -> MeasureResponseTimes:
    return MeasureResponseTimes(COMPONENT_ID, PAGE_ID, tuple(Point(*point) for point in points), NOON)


def test_points_are_recorded_in_order_of_time() -> None:
    command = measured((NOON, 7), (NOON - HOUR, 9), (NOON - 1000 * DAY, 8))
    assert MEASUREMENT.decide(None, command) == [
        ResponseTimesMeasured(COMPONENT_ID, PAGE_ID, (NOON - 1000 * DAY, NOON - HOUR, NOON), (8, 9, 7), NOON)
    ]


def test_points_of_one_moment_keep_their_order_and_all_count() -> None:
    [event] = MEASUREMENT.decide(None, measured((NOON, 2), (NOON, 1), (NOON, 2)))
    assert event.microseconds == (2, 1, 2)


def test_times_of_other_zones_are_recorded_in_utc() -> None:
    kathmandu = timezone(timedelta(hours=5, minutes=45))
    [event] = MEASUREMENT.decide(None, measured((NOON.astimezone(kathmandu), 1)))
    assert event.measured_at[0].isoformat() == NOON.isoformat()


def test_one_point_of_the_future_refuses_all_and_each_is_named() -> None:
    command = measured((NOON + INSTANT, 1), (NOON, 1), (NOON + DAY, 1))
    refused = given(MEASUREMENT).when(command).then_refused(Invalid)
    assert [fault.pointer for fault in refused.faults] == ["/points/0/at", "/points/2/at"]


def test_what_was_measured_before_does_not_matter() -> None:
    command = measured((NOON, 1))
    [event] = MEASUREMENT.decide(None, command)
    assert MEASUREMENT.decide(MEASUREMENT.fold([event]), command) == [event]
