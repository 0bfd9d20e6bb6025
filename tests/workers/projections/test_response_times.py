"""Response times counted by quarters of an hour, and gone with their component."""

from datetime import datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from service.codec import build_codec
from service.domain import component
from service.domain.histogram import bucket
from service.domain.measurement import MEASUREMENT, MeasureResponseTimes, Point
from tests.service.domain.facts import DAY
from tests.service.domain.stored import recorded as as_stored
from tests.workers.projections.story import AT, FIRST, LATER, MEASUREMENTS, PAGE, SECOND, STORY
from tests.workers.projections.test_folds import shown
from workers.projections.folding import Documents, fold
from workers.projections.response_times import RESPONSE_TIMES

CODEC = build_codec()
END = AT + DAY


def measured(component_id: UUID, *points: tuple[datetime, int]) -> tuple[str, object]:
    command = MeasureResponseTimes(component_id, PAGE, tuple(Point(*point) for point in points), END)
    [event] = MEASUREMENT.decide(None, command)
    return MEASUREMENT.stream(component_id), event


async def test_each_quarter_of_an_hour_has_its_own_counts() -> None:
    points = [(AT + minutes * timedelta(minutes=1), 1_000 * minutes) for minutes in (0, 14, 15, 59, 60)]
    documents = await shown("response_times", [measured(FIRST, *points)])
    assert list(documents) == [f"{FIRST}/2026-11-24T18", f"{FIRST}/2026-11-24T19"]
    first, second = documents.values()
    assert first is not None
    assert second is not None
    assert list(first) == ["00", "15", "45"]
    assert first["00"] == {
        "total": 14_000,
        "least": 0,
        "greatest": 14_000,
        "counts": {"0": 1, bucket(14_000): 1},
    }
    assert second["00"]["total"] == 60_000


async def test_what_is_measured_later_is_added() -> None:
    once = measured(FIRST, (AT, 5), (AT, 9))
    [document] = (await shown("response_times", [once, measured(FIRST, (AT, 2))])).values()
    assert document == {"00": {"total": 16, "least": 2, "greatest": 9, "counts": {"5": 1, "9": 1, "2": 1}}}


async def test_with_a_component_its_hours_are_gone_and_no_others() -> None:
    end = (f"component-{FIRST}", component.ComponentRemoved(FIRST, PAGE, LATER))
    documents = await shown("response_times", [*STORY, *MEASUREMENTS, end])
    gone = {key for key, document in documents.items() if document is None}
    assert gone == {f"{FIRST}/2026-11-24T18", f"{FIRST}/2026-11-24T19"}
    assert {key.partition("/")[0] for key in documents.keys() - gone} == {str(SECOND)}


moments = st.integers(0, 3 * 24 * 60 * 60 * 1000).map(lambda n: AT - timedelta(milliseconds=n))
batches = st.lists(st.tuples(moments, st.integers(0, 10_000_000)), min_size=1, max_size=30)


@given(st.lists(batches, min_size=1, max_size=8))
def test_every_point_is_counted_once_whatever_it_came_with(
    requests: list[list[tuple[datetime, int]]],
) -> None:
    documents: Documents = {}
    for points in requests:
        stored = CODEC.encode(measured(FIRST, *points)[1])
        fold(RESPONSE_TIMES, documents, [as_stored(stored.type, stored.schema_version, stored.data)])
    expected: dict[datetime, list[int]] = {}
    for moment, value in (point for points in requests for point in points):
        into = timedelta(minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond)
        expected.setdefault(moment - into, []).append(value)
    assert totals(documents) == {quarter: (sum(v), len(v)) for quarter, v in expected.items()}


def totals(documents: Documents) -> dict[datetime, tuple[int, int]]:
    """The sum and the number of what was measured in each quarter."""
    return {
        datetime.fromisoformat(f"{key.partition('/')[2]}:{minute}:00+00:00"): (
            quarter["total"],
            sum(quarter["counts"].values()),
        )
        for key, document in documents.items()
        for minute, quarter in (document or {}).items()
    }
