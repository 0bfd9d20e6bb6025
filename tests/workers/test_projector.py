"""A projection on PostgreSQL: document and checkpoint move together, and once."""

from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID

import pytest

from eventstore.checkpoints import CheckpointMoved
from eventstore.events import RecordedEvent
from eventstore.pool import Pool, connect_pool, connection
from eventstore.shared_moves import SharedMoves
from service.codec import build_codec
from tests.workers.projections.story import END, MEASUREMENTS, PAGE, SECOND, STORY, WHOLE, recorded
from workers.projections import generations
from workers.projections.projection import Projection
from workers.projections.registry import PROJECTIONS
from workers.projector import Projector

PAGES, RESPONSE_TIMES = PROJECTIONS["pages"], PROJECTIONS["response_times"]


@pytest.fixture(scope="module")
async def pool(database: str) -> AsyncIterator[Pool]:
    pool = await connect_pool(database)
    yield pool
    await pool.close()


@pytest.fixture
async def projector(pool: Pool) -> Projector:
    await start_again(pool)
    made = Projector(PAGES, pool, build_codec(), SharedMoves(pool, "bell"))
    assert await made.position() == 0
    return made


@pytest.fixture(scope="module")
async def story() -> list[RecordedEvent]:
    return await recorded(STORY)


async def document(pool: Pool) -> object:
    async with connection(pool) as conn:
        return await conn.fetchval("SELECT document FROM rm.pages WHERE key = $1", str(PAGE))


async def test_a_batch_writes_documents_and_moves_the_checkpoint(
    projector: Projector, pool: Pool, story: list[RecordedEvent]
) -> None:
    assert await projector.apply(story, epoch=1) == len(story)
    async with connection(pool) as conn:
        row = await conn.fetchrow("SELECT document, organisation_id, name, position FROM rm.pages")
    assert row is not None
    assert row["document"]["page"]["id"] == str(PAGE)
    assert (row["organisation_id"], row["name"]) == (UUID(int=2), "Page")
    assert row["position"] == 9  # the last event that touched the page
    assert await projector.position() == len(story)


async def test_applying_the_same_events_again_changes_nothing(
    projector: Projector, pool: Pool, story: list[RecordedEvent]
) -> None:
    await projector.apply(story, epoch=1)
    before = await document(pool)
    with pytest.raises(CheckpointMoved):
        await projector.apply(story, epoch=1)
    assert await document(pool) == before


async def test_a_batch_that_fails_half_way_leaves_nothing(
    projector: Projector, pool: Pool, story: list[RecordedEvent]
) -> None:
    broken = [*story[:3], replace(story[3], data={})]
    with pytest.raises(KeyError):
        await projector.apply(broken, epoch=1)
    assert await document(pool) is None
    assert await projector.position() == 0


async def test_an_older_epoch_is_refused_however_late_it_wakes(
    projector: Projector, story: list[RecordedEvent]
) -> None:
    await projector.apply(story[:3], epoch=5)
    with pytest.raises(CheckpointMoved):
        await projector.apply(story[3:], epoch=4)


async def test_a_gap_is_refused(projector: Projector, story: list[RecordedEvent]) -> None:
    with pytest.raises(CheckpointMoved):
        await projector.apply(story[1:], epoch=1)


async def test_events_of_no_interest_only_move_the_checkpoint(
    projector: Projector, pool: Pool, story: list[RecordedEvent]
) -> None:
    foreign = [replace(event, type="SomethingElse") for event in story]
    assert await projector.apply(foreign, epoch=1) == len(story)
    assert await projector.position() == len(story)
    assert await document(pool) is None
    with pytest.raises(CheckpointMoved):
        await projector.apply(foreign, epoch=1)


async def test_a_fault_is_shown_to_the_operator_until_it_is_over(projector: Projector, pool: Pool) -> None:
    await projector.report("KeyError('status')")
    async with connection(pool) as conn:
        [listed] = [each for each in await generations.list_all(conn) if each.projection == "pages"]
    assert listed.error == "KeyError('status')"
    await projector.report(None)


@pytest.mark.parametrize("projection", PROJECTIONS.values(), ids=lambda each: each.name)
async def test_one_batch_or_many_give_the_same_rows(
    pool: Pool, projection: Projection, monkeypatch: pytest.MonkeyPatch
) -> None:
    projector = Projector(projection, pool, build_codec(), SharedMoves(pool, "bell"))
    story = await recorded([*WHOLE, *END, *MEASUREMENTS[1:]])
    built = []
    for size, remembered in ((1, 500), (1, 0), (3, 500), (len(story), 500)):
        monkeypatch.setattr("workers.projector.REMEMBERED", remembered)
        await start_again(pool, projection.name)
        assert await projector.position() == 0
        for start in range(0, len(story), size):
            await projector.apply(story[start : start + size], epoch=1)
        built.append(await rows(pool, projection.name))
    assert built[0] == built[1] == built[2] == built[3]


@pytest.mark.parametrize("remembered", [0, 500])
async def test_a_family_ends_with_its_event_however_much_of_it_was_stored(
    pool: Pool, remembered: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.projector.REMEMBERED", remembered)
    projector = await fresh_response_times(pool)
    story = await recorded([*STORY, *MEASUREMENTS, *END])
    measured = len(STORY) + len(MEASUREMENTS)
    await projector.apply(story[:measured], epoch=1)
    before = await rows(pool, "response_times")
    await projector.apply(story[measured:], epoch=1)
    after = await rows(pool, "response_times")
    assert len(before) == len(after) == 4
    left = [row for row in after if row["document"] is not None]
    assert left == [row for row in before if row["component_id"] == SECOND]
    gone = [row for row in after if row["document"] is None]
    assert [(row["component_id"], row["position"]) for row in gone] == [(None, measured + 1)] * 2


async def test_events_that_touch_very_much_are_taken_in_in_parts(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.projector.MOST_DOCUMENTS", 1)
    projector = await fresh_response_times(pool)
    story = await recorded([*STORY, *MEASUREMENTS, *END])
    assert await projector.apply(story, epoch=1) == len(story) == await projector.position()
    async with connection(pool) as conn:
        transactions = await conn.fetchval("SELECT count(DISTINCT xmin::text) FROM rm.response_times_g1")
    assert transactions > 1
    assert [row["component_id"] for row in await rows(pool, "response_times")] == [None, None, SECOND, SECOND]


async def fresh_response_times(pool: Pool) -> Projector:
    await start_again(pool, "response_times")
    made = Projector(RESPONSE_TIMES, pool, build_codec(), SharedMoves(pool, "bell"))
    assert await made.position() == 0
    return made


async def test_what_is_remembered_is_forgotten_with_the_position(
    projector: Projector, pool: Pool, story: list[RecordedEvent]
) -> None:
    await projector.apply(story[:5], epoch=1)
    await start_again(pool)  # as a crash of the database would, only more of it
    await projector.position()
    await projector.apply(story, epoch=1)
    built = await rows(pool)
    await start_again(pool)
    await projector.position()
    await projector.apply(story, epoch=1)
    assert await rows(pool) == built


async def test_a_generation_that_is_dropped_is_left_for_the_live_one(
    pool: Pool, story: list[RecordedEvent]
) -> None:
    projector = Projector(replace(PAGES, name="doomed"), pool, build_codec(), SharedMoves(pool, "bell"))
    await projector.position()
    async with connection(pool) as conn:
        await conn.execute("DROP TABLE rm.doomed_g1 CASCADE")
    with pytest.raises(CheckpointMoved):
        await projector.apply(story, epoch=1)
    async with connection(pool) as conn:
        await conn.execute("DELETE FROM rm.generations WHERE projection = 'doomed'")
        await conn.execute("DELETE FROM es.checkpoints WHERE name = 'doomed@1'")


async def start_again(pool: Pool, name: str = "pages") -> None:
    async with connection(pool) as conn:
        await conn.execute(f"TRUNCATE rm.{name}_g1")
        await conn.execute("UPDATE es.checkpoints SET position = 0, epoch = 0 WHERE name = $1", f"{name}@1")


async def rows(pool: Pool, name: str = "pages") -> list[dict[str, object]]:
    async with connection(pool) as conn:
        return [dict(row) for row in await conn.fetch(f"SELECT * FROM rm.{name}_g1 ORDER BY key")]
