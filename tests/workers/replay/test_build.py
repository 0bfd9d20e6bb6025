"""Whatever the log holds and however little is remembered: built is what a fold in memory gives."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventstore.checkpoints import Checkpoint
from eventstore.pool import connection
from service.domain import component, measurement, statuspage
from service.domain.component import Details
from service.domain.layout import Layout
from service.domain.statuspage import Settings
from service.domain.values import ComponentStatus, PageType
from tests.workers.replay.conftest import House, Steps
from tests.workers.replay.stories import CODEC, START
from workers.projections import generations
from workers.projections.generations import SEALED
from workers.projections.registry import PROJECTIONS
from workers.replay import build as building
from workers.replay.build import Build
from workers.replay.pages import LogPages

OWNER = UUID(int=1)
PAGE_IDS = [UUID(int=number) for number in range(10, 13)]
COMPONENT_IDS = [UUID(int=number) for number in range(20, 26)]
PAGE = st.sampled_from(PAGE_IDS)
COMPONENT = st.sampled_from(COMPONENT_IDS)
INCIDENT = st.sampled_from([UUID(int=number) for number in range(30, 33)])
STATUS = st.sampled_from(ComponentStatus)
MOMENT = st.integers(0, 5 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
MEASURED = st.lists(st.tuples(MOMENT, st.integers(0, 1000)), min_size=1, max_size=3).map(sorted)
SETTINGS = Settings("Page", "", "page", PageType.PUBLIC)
EVENT = st.one_of(
    st.builds(
        statuspage.PageCreated,
        PAGE,
        st.just(OWNER),
        st.just(SETTINGS),
        st.none(),
        st.just("target"),
        st.just(Layout((), ())),
        MOMENT,
    ),
    st.builds(statuspage.PageDisabled, PAGE, MOMENT),
    st.builds(statuspage.PageDeleted, PAGE, MOMENT),
    st.builds(
        component.ComponentAdded, COMPONENT, PAGE, st.just(OWNER), st.just(Details("API")), STATUS, MOMENT
    ),
    st.builds(component.ComponentStatusChanged, COMPONENT, PAGE, STATUS, MOMENT, st.none()),
    st.builds(component.ComponentRemoved, COMPONENT, PAGE, MOMENT),
    st.builds(component.ComponentHeld, COMPONENT, PAGE, INCIDENT, STATUS, MOMENT, MOMENT),
    st.builds(component.ComponentBackfilled, COMPONENT, PAGE, INCIDENT, STATUS, MOMENT, MOMENT, MOMENT),
    st.builds(
        component.ComponentHoldRetracted,
        *[COMPONENT, PAGE, INCIDENT, st.tuples(MOMENT), STATUS, MOMENT, MOMENT],
    ),
    st.builds(
        lambda component_id, page_id, points, at: measurement.ResponseTimesMeasured(
            component_id, page_id, tuple(at for at, _ in points), tuple(value for _, value in points), at
        ),
        COMPONENT,
        PAGE,
        MEASURED,
        MOMENT,
    ),
)


@pytest.fixture
async def forgetful(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """Writes after nearly every page, and remembers next to nothing."""
    monkeypatch.setattr(building, "WRITE_DOCUMENTS", 2)
    monkeypatch.setattr(building, "REMEMBERED", 3)
    return house


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(events=st.lists(EVENT, min_size=1, max_size=30), size=st.integers(1, 12))
async def test_whatever_the_log_holds_built_is_what_a_fold_in_memory_gives(
    forgetful: House, events: list[object], size: int
) -> None:
    for event in events:
        await forgetful.story.happens([("story-1", [event])])
    for name in ("pages", "statistics", "holds", "response_times"):
        assert await built(forgetful, name, size) == await forgetful.folded(name)


async def built(house: House, name: str, size: int) -> dict[str, object]:
    """In two runs with a new memory each, as after a crash."""
    projection = PROJECTIONS[name]
    async with connection(house.pool) as conn, conn.transaction():
        generation = await generations.create(conn, projection, "building")
    log = LogPages(house.pool, CODEC, projection.types, size)
    head = await log.head()
    for start, end in ((0, head // 2), (head // 2, head)):
        await Build(log, generation, Checkpoint(start, SEALED), Steps()).run(end)
    async with connection(house.pool) as conn:
        rows = await conn.fetch(f"SELECT key, document FROM {generation.table}")
        await generations.drop(conn, generation)
    return {row["key"]: row["document"] for row in rows}
