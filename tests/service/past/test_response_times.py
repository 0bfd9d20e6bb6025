"""Response times of a range are counted from what was recorded since it began: nobody measures the future."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from eventstore.events import ANY, Append, Context, RecordedEvent, StreamWrite
from eventstore.memory import MemoryStore
from service.codec import build_codec
from service.domain.measurement import ResponseTimesMeasured
from service.domain.response_times import Window
from service.past.response_times import ResponseTimesPast

CODEC, ZONE = build_codec(), ZoneInfo("UTC")
COMPONENT_ID = uuid4()
NOW = datetime.now(UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Counted(MemoryStore):
    """Says how many events were read."""

    read = 0

    async def read_subject_part(
        self, subject_id: UUID, span: tuple[int, int], types: Sequence[str], limit: int
    ) -> list[RecordedEvent]:
        part = await super().read_subject_part(subject_id, span, types, limit)
        self.read += len(part)
        return part


async def a_store(*points: datetime) -> Counted:
    """Recorded now, all of them in one event."""
    store = Counted()
    times = tuple(sorted(points))
    measured = ResponseTimesMeasured(COMPONENT_ID, uuid4(), times, (100_000,) * len(times), NOW)
    write = StreamWrite("measurement-1", ANY, (CODEC.encode(measured),))
    await store.append(Append((write,), Context(uuid4(), subject_id=COMPONENT_ID)))
    return store


async def counted(store: MemoryStore, window: Window, moment: datetime) -> int:
    days = await ResponseTimesPast(store, CODEC).by_day(COMPONENT_ID, window, ZONE, moment)
    return sum(day.count for day in days.values())


@pytest.mark.parametrize(
    ("window", "count"),
    [((NOW - DAY, NOW), 2), ((NOW - 3 * HOUR, NOW - HOUR), 1), ((NOW - DAY, NOW - 9 * HOUR), 0)],
)
async def test_of_a_range_its_own_points_count(window: Window, count: int) -> None:
    store = await a_store(NOW - 2 * HOUR, NOW - MINUTE)
    assert await counted(store, window, NOW + HOUR) == count


async def test_before_they_were_recorded_there_were_none() -> None:
    store = await a_store(NOW - 2 * HOUR)
    assert await counted(store, (NOW - DAY, NOW), NOW - HOUR) == 0


async def test_what_was_recorded_before_the_range_is_not_read() -> None:
    store = await a_store(NOW - 2 * HOUR)
    assert await counted(store, (NOW + 2 * HOUR, NOW + 3 * HOUR), NOW + 3 * HOUR) == 0
    assert store.read == 0


async def test_a_clock_of_the_database_that_is_slow_loses_nothing() -> None:
    soon = NOW + 20 * MINUTE
    store = await a_store(soon)
    assert await counted(store, (soon, soon + HOUR), soon + HOUR) == 1
