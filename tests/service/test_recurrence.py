"""When a window comes again, in a zone whose clocks change."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.recurrence import BadRule, check_rule, next_slot

ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"]
BERLIN = ZoneInfo("Europe/Berlin")


def slots(rule: str, anchor: datetime, zone: ZoneInfo, count: int) -> list[datetime]:
    """The anchor and at most `count` after it."""
    found = [anchor]
    while len(found) <= count:
        following = next_slot(rule, anchor, found[-1], zone, lambda _: True)
        if following is None:
            break
        found.append(following)
    return found


def berlin(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BERLIN).astimezone(UTC)  # type: ignore[arg-type, misc]


def test_the_wall_clock_time_stays_when_the_clocks_change() -> None:
    found = slots("FREQ=WEEKLY;BYDAY=SA", berlin(2026, 10, 17, 22), BERLIN, 2)
    assert found == [berlin(2026, 10, 17, 22), berlin(2026, 10, 24, 22), berlin(2026, 10, 31, 22)]
    assert [after - before for before, after in pairwise(found)] == [
        timedelta(days=7),
        timedelta(days=7, hours=1),
    ]


def test_an_hour_that_is_skipped_comes_an_hour_later_and_the_next_day_at_its_time() -> None:
    found = slots("FREQ=DAILY", berlin(2026, 3, 28, 2, 30), BERLIN, 2)
    assert [f"{slot.astimezone(BERLIN):%d %H:%M}" for slot in found] == ["28 02:30", "29 03:30", "30 02:30"]


def test_of_an_hour_that_is_repeated_the_first_counts() -> None:
    found = slots("FREQ=DAILY", berlin(2026, 10, 24, 2, 30), BERLIN, 1)
    assert found[1] == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_count_counts_from_the_first_window() -> None:
    assert len(slots("FREQ=DAILY;COUNT=3", berlin(2026, 1, 1, 9), BERLIN, 10)) == 3


@pytest.mark.parametrize("until", ["20260103", "20260103T090000", "20260103T080000Z"])
def test_nothing_comes_after_until(until: str) -> None:
    assert len(slots(f"FREQ=DAILY;UNTIL={until}", berlin(2026, 1, 1, 9), BERLIN, 10)) == 3


def test_windows_that_nobody_wants_any_more_are_passed_over() -> None:
    anchor = berlin(2026, 1, 1, 9)
    back = berlin(2026, 3, 1, 12)
    found = next_slot("FREQ=DAILY", anchor, anchor, BERLIN, lambda start: start > back)
    assert found == berlin(2026, 3, 2, 9)


@given(
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    minutes=st.integers(0, 10 * 365 * 24 * 60),
    rule=st.sampled_from(["FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY;BYDAY=1SU", "FREQ=DAILY;INTERVAL=3"]),
)
def test_every_window_starts_at_the_same_wall_clock_time_or_where_that_is_skipped_an_hour_off(
    zone: ZoneInfo, minutes: int, rule: str
) -> None:
    anchor = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    wanted = anchor.astimezone(zone).time()
    found = slots(rule, anchor, zone, 60)
    assert all(before < after for before, after in pairwise(found))
    for slot in found[1:]:
        local = slot.astimezone(zone)
        intended = local.replace(hour=wanted.hour, minute=wanted.minute, fold=0)
        assert local.time() == wanted or not _exists(intended)


def _exists(local: datetime) -> bool:
    return local.astimezone(UTC).astimezone(local.tzinfo).replace(tzinfo=None) == local.replace(tzinfo=None)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;WKST=MO",
        "FREQ=MONTHLY;BYDAY=-1FR",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "FREQ=MONTHLY;BYMONTHDAY=15,-1",
        "FREQ=YEARLY;BYMONTH=3;BYDAY=1SU;UNTIL=20300101T000000Z",
        "FREQ=YEARLY;COUNT=5",
    ],
)
def test_rules_by_days_weeks_months_and_years_are_taken(rule: str) -> None:
    check_rule(rule)


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "every tuesday",
        "FREQ=HOURLY",
        "freq=daily",
        "INTERVAL=2",
        "FREQ=DAILY;FREQ=WEEKLY",
        "FREQ=DAILY;COUNT=2;UNTIL=20260101",
        "FREQ=DAILY;UNTIL=20261399",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYSETPOS=6",
        "FREQ=DAILY\nFREQ=DAILY",
        "RRULE:FREQ=DAILY",
        "FREQ=DAILY;",
    ],
)
def test_what_is_no_rule_or_could_go_on_for_ever_is_refused(rule: str) -> None:
    with pytest.raises(BadRule):
        check_rule(rule)
