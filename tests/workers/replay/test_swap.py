"""Swap and rollback while readers read and the worker works."""

import asyncio
from dataclasses import replace

import pytest

from eventstore.pool import connection
from eventstore.shared_moves import SharedMoves
from service.codec import build_codec
from tests.environment.waiting import eventually
from tests.workers.replay.conftest import House
from tests.workers.replay.test_rebuild import up_to_date
from workers.projections.pages import PAGES
from workers.projections.registry import PROJECTIONS
from workers.projector import Projector
from workers.replay import swapping
from workers.replay.refusals import ReplayRefused

COUNT = "SELECT count(document) FROM rm.pages WHERE name <> $1"


async def test_the_running_worker_moves_over_within_a_second(house: House) -> None:
    async with house.working("pages"):
        await eventually(lambda: up_to_date(house, "pages"))
        await house.replay.rebuild("pages")
        await house.story.goes_on(5)
        await eventually(lambda: up_to_date(house, "pages"), timeout=1)
    assert await house.states("pages") == {1: "retired", 2: "live"}
    assert await house.shown("pages") == await house.folded("pages")


async def test_a_worker_that_slept_through_two_swaps_moves_over_without_a_fault(house: House) -> None:
    async with house.working("pages"):
        await eventually(lambda: up_to_date(house, "pages"))
        await house.replay.rebuild("pages")
        await house.replay.rebuild("pages")
        assert await house.states("pages") == {2: "retired", 3: "live"}
        await house.story.goes_on(5)
        await eventually(lambda: up_to_date(house, "pages"), timeout=1)
    assert await house.shown("pages") == await house.folded("pages")


async def test_a_late_worker_writes_nothing_into_the_retired_generation(house: House) -> None:
    late = Projector(PAGES, house.pool, build_codec(), SharedMoves(house.pool, "bell"))
    await late.position()
    await house.feed("pages")
    await house.replay.rebuild("pages")
    position = await house.value("SELECT max(position) FROM es.events")
    await house.story.goes_on(1)
    with pytest.raises(Exception, match="pages@1") as refused:
        await late.apply(await house.store.read_log(position, 10), epoch=99)
    assert type(refused.value).__name__ == "CheckpointMoved"


async def test_no_reader_fails_or_sees_a_half_built_model(house: House) -> None:
    await house.feed("pages")
    swaps = 0
    answers: list[int] = []

    async def read() -> None:
        async with connection(house.pool) as conn:
            while swaps < 4:
                answers.append(
                    await conn.fetchval("SELECT count(document) FROM rm.pages WHERE name <> $1", "")
                )
                await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        for _ in range(4):
            group.create_task(read())
        for work in (house.replay.rebuild, house.replay.rollback) * 2:
            assert (await work("pages")).swapped
            swaps += 1
    assert set(answers) == {3}


async def test_a_rollback_catches_up_and_goes_back(house: House) -> None:
    await house.feed("pages")
    await house.replay.rebuild("pages")
    await house.story.goes_on(7)
    await house.feed("pages")
    outcome = await house.replay.rollback("pages")
    assert (outcome.generation.number, outcome.folded, outcome.swapped) == (1, 7, True)
    assert await house.states("pages") == {1: "live", 2: "retired"}
    assert await house.shown("pages") == await house.folded("pages")


async def test_the_worker_goes_on_after_a_rollback(house: House) -> None:
    async with house.working("pages"):
        await house.replay.rebuild("pages")
        await house.story.goes_on(3)
        await house.replay.rollback("pages")
        await house.story.goes_on(3)
        await eventually(lambda: up_to_date(house, "pages"), timeout=1)
    assert await house.shown("pages") == await house.folded("pages")


async def test_there_is_no_way_back_from_the_first_generation(house: House) -> None:
    with pytest.raises(ReplayRefused, match="no earlier generation"):
        await house.replay.rollback("pages")


async def test_another_release_does_not_go_back_to_what_it_would_fold_differently(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.replay.rebuild("pages")
    monkeypatch.setitem(PROJECTIONS, "pages", replace(PAGES, fold_version=PAGES.fold_version + 1))
    with pytest.raises(ReplayRefused, match="roll the release back first"):
        await house.replay.rollback("pages")


async def test_only_the_previous_generation_is_kept(house: House) -> None:
    for _ in range(3):
        await house.replay.rebuild("statistics")
    assert await house.states("statistics") == {3: "retired", 4: "live"}
    assert await house.value("SELECT to_regclass('rm.statistics_g2')") is None
    assert await house.value("SELECT count(*) FROM es.checkpoints WHERE name LIKE 'statistics@%'") == 2


async def test_a_reader_that_never_leaves_stops_the_swap_and_no_other_reader(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(swapping, "ATTEMPTS", 1)
    await house.feed("pages")
    async with connection(house.pool) as dump, dump.transaction():
        await dump.fetch("SELECT key FROM rm.pages")
        with pytest.raises(ReplayRefused, match="statuspages replay swap pages"):
            await house.replay.rebuild("pages")
        assert len(await house.shown("pages")) == 3
    assert await house.states("pages") == {1: "live", 2: "building"}
    assert (await house.replay.swap("pages")).swapped
