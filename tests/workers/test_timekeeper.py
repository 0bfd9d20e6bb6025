"""Windows start, end and are reminded of by themselves: at their time, once, also after a downtime."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID, uuid4, uuid5
from zoneinfo import ZoneInfo

import pytest

from eventstore.bus.postgres import PostgresBus
from eventstore.feed import Feed
from eventstore.leases import Leases
from eventstore.pool import connect_pool
from service.clock import system_clock
from service.domain.component import COMPONENT
from service.domain.maintenance import MAINTENANCE, MaintenanceScheduled
from tests.environment.waiting import eventually
from tests.workers.windows import HOUR, Windows
from workers.consume import Consumer
from workers.scheduler import Scheduler
from workers.timekeeper import NAME

COMPONENT_ID = uuid4()


@pytest.fixture(scope="module")
async def windows(database: str) -> AsyncIterator[Windows]:
    async with await connect_pool(database) as pool:
        yield Windows(pool, now=system_clock().replace(microsecond=0))


@pytest.fixture(scope="module")
async def page_id(windows: Windows) -> UUID:
    return await windows.page(COMPONENT_ID)


async def test_a_window_starts_and_ends_at_its_times(windows: Windows, page_id: UUID) -> None:
    window = await windows.schedule(page_id, COMPONENT_ID)
    await windows.later(minutes=59)
    assert await windows.of(window) == ["Scheduled"]
    await windows.later(minutes=1)
    assert await windows.of(window) == ["Scheduled", "Started"]
    await windows.later(minutes=60)
    assert await windows.of(window) == ["Scheduled", "Started", "Completed"]
    *_, entered, left = await windows.happened(COMPONENT.stream(COMPONENT_ID))
    assert (entered, left) == ("ComponentWindowEntered", "ComponentWindowLeft")


async def test_it_is_reminded_of_once_before_it_starts(windows: Windows, page_id: UUID) -> None:
    window = await windows.schedule(page_id, COMPONENT_ID, remind_before_minutes=30)
    for _ in range(3):
        await windows.later(minutes=15)
    assert await windows.of(window) == ["Scheduled", "Reminded"]


async def test_nobody_is_reminded_of_what_was_planned_just_before(windows: Windows, page_id: UUID) -> None:
    window = await windows.schedule(page_id, COMPONENT_ID, remind_before_minutes=90)
    await windows.later(minutes=1)
    assert await windows.of(window) == ["Scheduled"]


async def test_a_window_that_was_moved_starts_at_its_new_time_alone(windows: Windows, page_id: UUID) -> None:
    window = await windows.schedule(page_id, COMPONENT_ID)
    await windows.set_timers()
    await windows.edit(window, starts_at=windows.now + 3 * HOUR, ends_at=windows.now + 4 * HOUR)
    await windows.later(hours=2)
    assert await windows.of(window) == ["Scheduled", "Edited"]
    await windows.later(hours=1)
    assert await windows.of(window) == ["Scheduled", "Edited", "Started"]


async def test_a_running_window_that_was_extended_ends_later(windows: Windows, page_id: UUID) -> None:
    window = await windows.schedule(page_id, COMPONENT_ID)
    await windows.later(hours=1)
    await windows.edit(window, ends_at=windows.now + 3 * HOUR)
    await windows.later(hours=2)
    assert await windows.of(window) == ["Scheduled", "Started", "Edited"]
    await windows.later(hours=1)
    assert await windows.of(window) == ["Scheduled", "Started", "Edited", "Completed"]


async def test_a_window_that_was_cancelled_does_not_start(windows: Windows, page_id: UUID) -> None:
    window = await windows.schedule(page_id, COMPONENT_ID)
    await windows.cancel(window)
    await windows.later(hours=3)
    assert await windows.of(window) == ["Scheduled", "Cancelled"]


async def test_timers_of_a_deleted_page_do_nothing_and_are_done(windows: Windows) -> None:
    component_id = uuid4()
    page_id = await windows.page(component_id)
    window = await windows.schedule(page_id, component_id)
    await windows.delete(page_id)
    await windows.later(hours=5)
    assert await windows.of(window) == ["Scheduled"]
    assert await windows.waiting() == 0


async def test_a_window_that_passed_while_nothing_ran_starts_and_ends_late(
    windows: Windows, page_id: UUID
) -> None:
    window = await windows.schedule(page_id, COMPONENT_ID)
    await windows.later(days=3)
    await windows.later(seconds=1)
    assert await windows.of(window) == ["Scheduled", "Started", "Completed"]


async def test_a_series_follows_the_pages_wall_clock_and_passes_over_what_was_missed(
    windows: Windows, page_id: UUID
) -> None:
    series = await windows.schedule(page_id, COMPONENT_ID, recurrence="FREQ=DAILY")
    await windows.later(days=300)
    await windows.later(seconds=1)
    first, second = await slot(windows, series), await slot(windows, uuid5(series, "2"))
    zone = ZoneInfo("Europe/Berlin")
    assert first.plan.starts_at.astimezone(zone).time() == second.plan.starts_at.astimezone(zone).time()
    assert second.plan.ends_at > windows.now >= second.plan.ends_at - timedelta(hours=26)
    await windows.cancel(uuid5(series, "2"))
    await windows.cancel(series_next := uuid5(series, "3"))
    assert await windows.of(series_next) == ["Scheduled", "Cancelled"]


async def slot(windows: Windows, window: UUID) -> MaintenanceScheduled:
    [event, *_] = await windows.store.read_stream(MAINTENANCE.stream(window))
    scheduled: MaintenanceScheduled = windows.codec.decode(event)
    return scheduled


async def test_more_timers_than_are_read_at_once_all_come(windows: Windows, page_id: UUID) -> None:
    many = [await windows.schedule(page_id, COMPONENT_ID) for _ in range(7)]
    windows.now += HOUR
    await windows.set_timers()
    await windows.timekeeper(at_once=2).run()
    assert [await windows.of(window) for window in many] == [["Scheduled", "Started"]] * 7


async def test_timekeepers_that_work_at_the_same_time_start_each_window_once(
    windows: Windows, page_id: UUID
) -> None:
    """As when a lease has run out unnoticed."""
    many = [await windows.schedule(page_id, COMPONENT_ID) for _ in range(10)]
    windows.now += HOUR
    await windows.set_timers()
    await asyncio.gather(*(windows.timekeeper().run() for _ in range(3)))
    assert [await windows.of(window) for window in many] == [["Scheduled", "Started"]] * 10


async def test_a_timer_of_a_kind_that_is_not_known_here_waits(windows: Windows, page_id: UUID) -> None:
    """A newer release set it."""
    timer_id = uuid4()
    statement = "INSERT INTO notify.timers (timer_id, kind, target_id, due_at) VALUES ($1, 'new', $1, $2)"
    await windows.pool.execute(statement, timer_id, windows.now)
    window = await windows.schedule(page_id, COMPONENT_ID)
    await windows.later(hours=1)
    assert await windows.of(window) == ["Scheduled", "Started"]
    query = "DELETE FROM notify.timers WHERE timer_id = $1 RETURNING done_at IS NULL"
    assert await windows.pool.fetchval(query, timer_id)


async def test_timers_that_were_done_long_ago_are_forgotten(windows: Windows, page_id: UUID) -> None:
    await windows.schedule(page_id, COMPONENT_ID)
    await windows.later(hours=1)
    await windows.pool.execute("UPDATE notify.timers SET done_at = done_at - interval '31 days'")
    await windows.timekeeper().purge()
    left = await windows.pool.fetchval("SELECT count(*) FROM notify.timers WHERE done_at IS NOT NULL")
    assert left == 0


async def test_setting_timers_again_changes_nothing(windows: Windows, page_id: UUID) -> None:
    window = await windows.schedule(page_id, COMPONENT_ID)
    await windows.later(hours=1)
    await windows.pool.execute("UPDATE es.checkpoints SET position = 0 WHERE name = 'policy:timers'")
    await windows.later(seconds=1)
    assert await windows.of(window) == ["Scheduled", "Started"]


async def test_fifty_windows_due_while_nothing_ran_start_once_each_with_two_schedulers(
    database: str, windows: Windows
) -> None:
    earlier = Windows(windows.pool, now=system_clock() - 2 * HOUR)
    component_id = uuid4()
    page_id = await earlier.page(component_id)
    ends_at = system_clock() + HOUR
    many = [await earlier.schedule(page_id, component_id, ends_at=ends_at) for _ in range(50)]
    back = Windows(windows.pool, now=system_clock())
    started_at = asyncio.get_running_loop().time()
    async with everything(database, back):
        await eventually(lambda: all_started(back, many), 15, "the start of all")
        assert asyncio.get_running_loop().time() - started_at < 15
    for window in many:
        assert await back.of(window) == ["Scheduled", "Started"]
    happened = await back.happened(COMPONENT.stream(component_id))
    assert happened.count("ComponentWindowEntered") == 50


async def all_started(windows: Windows, many: list[UUID]) -> bool:
    return all([len(await windows.of(window)) > 1 for window in many])


@asynccontextmanager
async def everything(database: str, windows: Windows) -> AsyncIterator[None]:
    """The policy, and two schedulers as two machines would run them."""
    stop, leases = asyncio.Event(), Leases(windows.pool)
    async with Feed(database, windows.store) as feed, asyncio.TaskGroup() as group:
        group.create_task(Consumer(windows.policy(), windows.store, PostgresBus(feed), leases).run(stop))
        for _ in range(2):
            scheduler = Scheduler(windows.timekeeper().jobs(), leases, name=NAME)
            group.create_task(scheduler.run(stop))
        try:
            yield
        finally:
            stop.set()
