"""Uptime by example: what counts, what is unknown, how days are cut, how percentages are rounded."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from service.domain.uptime import Change, Uptime, Weights, uptime
from service.domain.values import ComponentStatus
from tests.service.domain.facts import DAY, HOUR, INSTANT, NOON

UP = ComponentStatus.OPERATIONAL
WORK = ComponentStatus.UNDER_MAINTENANCE
SLOW = ComponentStatus.DEGRADED_PERFORMANCE
PART = ComponentStatus.PARTIAL_OUTAGE
DOWN = ComponentStatus.MAJOR_OUTAGE

UTC = ZoneInfo("UTC")
MIDNIGHT = NOON - 12 * HOUR
ONE_DAY = (MIDNIGHT, MIDNIGHT + DAY)


def of(
    *changes: tuple[datetime, ComponentStatus],
    window: tuple[datetime, datetime] = ONE_DAY,
    zone: ZoneInfo = UTC,
    now: datetime = MIDNIGHT + 1000 * DAY,
    weights: Weights | None = None,
) -> Uptime:
    history = [Change(at, status) for at, status in changes]
    return uptime(history, window, zone, now, weights or Weights())


def test_a_component_that_was_always_up_has_all_of_it() -> None:
    result = of((MIDNIGHT, UP))
    assert result.uptime_percentage == 100
    assert result.seconds == {UP: 86400, WORK: 0, SLOW: 0, PART: 0, DOWN: 0}
    assert result.unknown_seconds == 0


@pytest.mark.parametrize(
    ("status", "percentage"), [(DOWN, 75), (PART, 92.5), (SLOW, 100), (WORK, 100), (UP, 100)]
)
def test_six_hours_of_a_status_take_what_it_weighs(status: ComponentStatus, percentage: float) -> None:
    result = of((MIDNIGHT, UP), (NOON, status), (NOON + 6 * HOUR, UP))
    assert result.uptime_percentage == percentage
    assert result.seconds[status] == (86400 if status is UP else 21600)


def test_maintenance_counts_neither_up_nor_down() -> None:
    result = of((MIDNIGHT, UP), (MIDNIGHT + 6 * HOUR, WORK), (NOON, DOWN), (NOON + 3 * HOUR, UP))
    assert result.uptime_percentage == pytest.approx(100 * 15 / 18, abs=5e-5)


def test_nothing_but_maintenance_has_no_uptime() -> None:
    result = of((MIDNIGHT, WORK))
    assert result.uptime_percentage is None
    assert result.days[0].uptime_percentage is None
    assert result.days[0].worst_status is WORK


def test_weights_are_settings() -> None:
    weights = Weights(Decimal("0.5"), Decimal("0"), Decimal("0.1"))
    history = ((MIDNIGHT, PART), (NOON, DOWN), (NOON + 6 * HOUR, SLOW))
    assert of(*history, weights=weights).uptime_percentage == 85


def test_weights_are_exact() -> None:
    """A third of 0.3 of the day and no trace of what binary fractions make of it."""
    result = of((MIDNIGHT, PART), (MIDNIGHT + 8 * HOUR, UP))
    assert result.uptime_percentage == 90


class TestUnknown:
    def test_a_component_without_history_has_no_uptime(self) -> None:
        result = of()
        assert (result.uptime_percentage, result.unknown_seconds) == (None, 86400)
        assert [(day.uptime_percentage, day.worst_status) for day in result.days] == [(None, None)]

    def test_the_time_before_the_start_does_not_count(self) -> None:
        result = of((NOON, DOWN), (NOON + 6 * HOUR, UP))
        assert (result.uptime_percentage, result.unknown_seconds) == (50, 43200)

    def test_the_future_does_not_count(self) -> None:
        result = of((MIDNIGHT, DOWN), (MIDNIGHT + 6 * HOUR, UP), now=NOON)
        assert (result.uptime_percentage, result.unknown_seconds) == (50, 43200)

    def test_a_status_that_begins_after_now_is_not_seen(self) -> None:
        result = of((MIDNIGHT, UP), (NOON + HOUR, DOWN), now=NOON)
        assert (result.uptime_percentage, result.seconds[DOWN]) == (100, 0)

    def test_days_without_data_are_listed_without_uptime(self) -> None:
        window = (MIDNIGHT - DAY, MIDNIGHT + 2 * DAY)
        result = of((MIDNIGHT, UP), window=window, now=MIDNIGHT + DAY)
        assert [day.uptime_percentage for day in result.days] == [None, 100, None]
        assert [day.worst_status for day in result.days] == [None, UP, None]
        assert [sum(day.seconds.values()) for day in result.days] == [0, 86400, 0]

    def test_a_range_that_has_not_begun_is_unknown(self) -> None:
        result = of((MIDNIGHT - DAY, UP), now=MIDNIGHT)
        assert (result.uptime_percentage, result.unknown_seconds) == (None, 86400)

    def test_an_empty_range_has_no_days(self) -> None:
        result = of((MIDNIGHT, UP), window=(NOON, NOON))
        assert (result.uptime_percentage, result.unknown_seconds, result.days) == (None, 0, ())


class TestChanges:
    def test_a_status_from_before_the_range_still_holds_in_it(self) -> None:
        assert of((MIDNIGHT - 30 * DAY, DOWN)).uptime_percentage == 0

    def test_changes_after_the_range_do_not_matter(self) -> None:
        assert of((MIDNIGHT, UP), (MIDNIGHT + DAY, DOWN)).uptime_percentage == 100

    def test_of_two_changes_at_one_instant_the_last_counts(self) -> None:
        result = of((MIDNIGHT, DOWN), (MIDNIGHT, UP))
        assert (result.uptime_percentage, result.days[0].worst_status) == (100, UP)

    def test_the_same_status_said_twice_is_one(self) -> None:
        assert of((MIDNIGHT, UP), (NOON, UP)) == of((MIDNIGHT, UP))


class TestRounding:
    def test_a_percentage_has_four_decimals(self) -> None:
        result = of((MIDNIGHT, DOWN), (MIDNIGHT + 8 * HOUR, UP))
        assert result.uptime_percentage == 66.6667

    def test_a_moment_of_downtime_is_never_rounded_away(self) -> None:
        result = of((MIDNIGHT, UP), (NOON, DOWN), (NOON + INSTANT, UP))
        assert result.uptime_percentage == 99.9999
        assert result.days[0].uptime_percentage == 99.9999

    def test_an_outage_that_weighs_nothing_is_no_downtime(self) -> None:
        weights = Weights(partial_outage=Decimal("0"))
        result = of((MIDNIGHT, UP), (NOON, PART), (NOON + INSTANT, UP), weights=weights)
        assert result.uptime_percentage == 100

    def test_milliseconds_are_kept(self) -> None:
        result = of((MIDNIGHT, UP), (NOON, DOWN), (NOON + 1234 * INSTANT, UP))
        assert (result.seconds[DOWN], result.seconds[UP]) == (1.234, 86398.766)


class TestDays:
    def test_an_outage_over_midnight_belongs_to_both_days(self) -> None:
        window = (MIDNIGHT, MIDNIGHT + 3 * DAY)
        start, end = MIDNIGHT + 23 * HOUR, MIDNIGHT + 26 * HOUR
        result = of((MIDNIGHT, UP), (start, DOWN), (end, UP), window=window)
        assert [day.seconds[DOWN] for day in result.days] == [3600, 7200, 0]
        assert [day.worst_status for day in result.days] == [DOWN, DOWN, UP]

    def test_many_changes_in_one_day_are_all_counted(self) -> None:
        changes = [(MIDNIGHT + i * HOUR, DOWN if i % 2 else UP) for i in range(48)]
        result = of(*changes, window=(MIDNIGHT, MIDNIGHT + 2 * DAY))
        assert [day.uptime_percentage for day in result.days] == [50, 50]

    def test_the_first_and_the_last_day_are_cut_to_the_range(self) -> None:
        result = of((MIDNIGHT - DAY, UP), window=(NOON, NOON + DAY))
        assert [day.date for day in result.days] == [date(2026, 11, 1), date(2026, 11, 2)]
        assert [day.seconds[UP] for day in result.days] == [43200, 43200]

    def test_a_range_that_ends_at_midnight_does_not_touch_the_next_day(self) -> None:
        assert [day.date for day in of((MIDNIGHT, UP)).days] == [date(2026, 11, 1)]

    def test_the_worst_status_goes_by_severity(self) -> None:
        order = (DOWN, PART, SLOW, WORK, UP)
        for worst, *milder in (order[i:] for i in range(len(order))):
            moments = [(MIDNIGHT + i * HOUR, status) for i, status in enumerate([*milder, worst])]
            assert of(*moments).days[0].worst_status is worst

    @pytest.mark.parametrize(
        ("zone", "day", "hours"),
        [
            ("Europe/Berlin", date(2026, 3, 29), 23),
            ("Europe/Berlin", date(2026, 10, 25), 25),
            ("America/New_York", date(2026, 11, 1), 25),
            ("America/Santiago", date(2026, 9, 6), 23),
            ("America/Havana", date(2026, 11, 1), 25),
            ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
            ("Asia/Kolkata", date(2026, 11, 1), 24),
        ],
    )
    def test_a_day_is_as_long_as_its_zone_makes_it(self, zone: str, day: date, hours: float) -> None:
        middle = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone))
        window = (middle - 3 * DAY, middle + 3 * DAY)
        result = of((middle - 9 * DAY, DOWN), window=window, zone=ZoneInfo(zone))
        (found,) = (found for found in result.days if found.date == day)
        assert found.seconds[DOWN] == hours * 3600
        assert found.uptime_percentage == 0

    def test_a_day_that_a_zone_left_out_is_left_out(self) -> None:
        apia = ZoneInfo("Pacific/Apia")
        window = (datetime(2011, 12, 29, tzinfo=apia), datetime(2012, 1, 1, tzinfo=apia))
        result = of((NOON - 9999 * DAY, UP), window=window, zone=apia)
        assert [day.date for day in result.days] == [date(2011, 12, 29), date(2011, 12, 31)]
        assert result.seconds[UP] == 2 * 86400

    def test_days_are_those_of_the_page_not_of_the_range(self) -> None:
        tokyo = ZoneInfo("Asia/Tokyo")
        result = of((MIDNIGHT, UP), zone=tokyo)
        assert [(day.date.day, day.seconds[UP]) for day in result.days] == [(1, 15 * 3600), (2, 9 * 3600)]

    def test_ten_years_are_ten_years_of_days(self) -> None:
        window = (datetime(2016, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
        result = of((window[0], UP), window=window, zone=ZoneInfo("Europe/Berlin"))
        assert len(result.days) == (window[1] - window[0]) // timedelta(days=1) + 1
        assert result.uptime_percentage == 100
