"""A projection built anew: equal to the live one, or not shown."""

import asyncio
import time
from dataclasses import replace
from typing import Any

import pytest

from eventstore.events import NewEvent
from eventstore.leases import Leases
from tests.environment.waiting import eventually
from tests.workers.replay.conftest import House
from tests.workers.subscribers import Subscribers
from workers.projections.pages import PAGES
from workers.projections.registry import PROJECTIONS
from workers.replay import replay as replaying
from workers.replay.refusals import ReplayRefused
from workers.replay.replay import Pace

HEAD = "SELECT max(position) FROM es.events"


@pytest.mark.parametrize("name", PROJECTIONS)
async def test_a_rebuild_equals_what_live_use_gave_and_readers_see_it(house: House, name: str) -> None:
    await house.story.measures(20)
    await house.story.ends_a_page()
    await house.feed(name)
    before = await house.shown(name)
    outcome = await house.replay.rebuild(name, Pace(batch=30))
    assert outcome.comparison is not None
    assert (outcome.comparison.total, outcome.comparison.documents) == (0, len(before))
    assert outcome.comparison.position == outcome.position == await house.value(HEAD)
    assert outcome.swapped
    assert await house.states(name) == {1: "retired", 2: "live"}
    assert await house.shown(name) == before == await house.folded(name)
    assert f"{name}_g2" in await house.value("SELECT pg_get_viewdef($1::regclass)", f"rm.{name}")


async def test_the_look_up_columns_and_indexes_are_those_of_the_live_one(house: House) -> None:
    await house.feed("pages")
    indexes = (
        "SELECT array_agg(regexp_replace(indexdef, '^.* USING', '') ORDER BY 1) FROM pg_indexes"
        " WHERE schemaname = 'rm' AND tablename = $1"
    )
    live = await house.value(indexes, "pages_g1")
    await house.replay.rebuild("pages")
    assert await house.value(indexes, "pages_g2") == live


async def test_a_live_model_that_no_worker_feeds_is_brought_up_to_be_compared(house: House) -> None:
    outcome = await house.replay.rebuild("pages")
    assert outcome.swapped
    assert await house.value("SELECT position FROM es.checkpoints WHERE name = 'pages@1'") == outcome.position


async def test_an_empty_log_has_nothing_to_build(house: House) -> None:
    await house.execute("SET session_replication_role = replica; DELETE FROM es.events; RESET ALL")
    outcome = await house.replay.rebuild("pages")
    assert (outcome.position, outcome.folded, outcome.swapped) == (0, 0, True)


async def test_what_differs_is_found_and_named_and_not_swapped(house: House) -> None:
    await house.feed("pages")
    key = str(house.story.pages[1])
    await house.execute(
        """UPDATE rm.pages_g1 SET document = jsonb_set(document, '{page,name}', '"Wrong"') WHERE key = $1""",
        key,
    )
    outcome = await house.replay.rebuild("pages")
    assert outcome.differs
    assert not outcome.swapped
    assert outcome.comparison is not None
    [difference] = outcome.comparison.shown
    assert difference.key == key
    assert difference.fields == [("document.page.name", "Wrong", "Page 1")]
    assert await house.states("pages") == {1: "live", 2: "building"}
    assert (await house.shown("pages"))[key]["page"]["name"] == "Wrong"


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM rm.statistics_g1 WHERE key = (SELECT min(key) FROM rm.statistics_g1)",
        "INSERT INTO rm.statistics_g1 (key, document, position) VALUES ('ghost', '{}', 1)",
        "UPDATE rm.statistics_g1 SET component_id = NULL WHERE key = (SELECT min(key) FROM rm.statistics_g1)",
    ],
)
async def test_a_row_too_few_or_too_many_or_a_wrong_column_is_a_difference(house: House, damage: str) -> None:
    await house.story.goes_on(3)
    await house.feed("statistics")
    await house.execute(damage)
    outcome = await house.replay.verify("statistics")
    assert outcome.comparison is not None
    assert outcome.comparison.total == 1


async def test_an_accepted_difference_is_swapped(house: House) -> None:
    await house.feed("pages")
    await house.execute("DELETE FROM rm.pages_g1")
    outcome = await house.replay.rebuild("pages", accept_differences=True)
    assert (outcome.differs, outcome.swapped) == (True, True)
    assert await house.shown("pages") == await house.folded("pages")


async def test_without_a_swap_it_waits_for_one(house: House) -> None:
    await house.feed("pages")
    outcome = await house.replay.rebuild("pages", swaps=False)
    assert not outcome.swapped
    assert await house.states("pages") == {1: "live", 2: "building"}
    await house.story.goes_on(10)
    outcome = await house.replay.swap("pages")
    assert outcome.swapped
    assert outcome.folded == 10
    assert await house.shown("pages") == await house.folded("pages")


async def test_there_is_nothing_to_swap_before_a_rebuild(house: House) -> None:
    with pytest.raises(ReplayRefused, match="statuspages replay rebuild pages"):
        await house.replay.swap("pages")


async def test_verifying_compares_and_leaves_nothing_behind(house: House) -> None:
    await house.feed("pages")
    outcome = await house.replay.verify("pages")
    assert (outcome.differs, outcome.swapped) == (False, False)
    assert await house.states("pages") == {1: "live"}
    assert await house.value("SELECT to_regclass('rm.pages_g2')") is None


async def test_verifying_keeps_what_is_being_built(house: House) -> None:
    await house.replay.rebuild("pages", swaps=False)
    await house.replay.verify("pages")
    assert await house.states("pages") == {1: "live", 2: "building"}


async def test_what_was_begun_can_be_thrown_away(house: House) -> None:
    await house.replay.rebuild("pages", swaps=False)
    await house.execute("DELETE FROM rm.pages_g2")
    outcome = await house.replay.rebuild("pages", anew=True)
    assert outcome.swapped
    assert outcome.folded == outcome.position


async def test_what_another_release_began_is_not_gone_on_with(house: House) -> None:
    await house.replay.rebuild("pages", swaps=False)
    await house.execute("UPDATE rm.generations SET fold_version = 0 WHERE generation = 2")
    outcome = await house.replay.rebuild("pages")
    assert outcome.folded == outcome.position


async def test_a_release_with_other_columns_can_only_be_swapped_as_accepted(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.feed("pages")

    def row(key: str, document: dict[str, Any]) -> tuple[object, ...]:
        return (*PAGES.row(key, document), document["page"]["language"])

    columns = {**PAGES.columns, "language": "text"}
    monkeypatch.setitem(
        PROJECTIONS, "pages", replace(PAGES, fold_version=PAGES.fold_version + 1, columns=columns, row=row)
    )
    with pytest.raises(ReplayRefused, match="--accept-differences"):
        await house.replay.rebuild("pages")
    outcome = await house.replay.rebuild("pages", accept_differences=True)
    assert outcome.swapped
    assert await house.value("SELECT count(*) FROM rm.pages WHERE language = 'en'") == 3


async def test_an_event_that_cannot_be_folded_stops_it_and_is_named(house: House) -> None:
    position = await house.value(HEAD)
    await house.story.stores("statuspage-x", (NewEvent("PageCreated", {"page_id": "x"}),))
    with pytest.raises(ReplayRefused, match=f"position {position + 1}.*KeyError"):
        await house.replay.rebuild("pages", Pace(batch=1))
    assert await house.states("pages") == {1: "live", 2: "building"}


async def test_it_keeps_to_the_rate_it_is_given(house: House) -> None:
    started = time.monotonic()
    outcome = await house.replay.rebuild("pages", Pace(batch=10, max_rate=200))
    assert time.monotonic() - started >= outcome.folded / 200


async def test_it_tells_how_far_it_is(house: House) -> None:
    outcome = await house.replay.rebuild("pages", Pace(batch=10))
    assert house.steps.names[0] == "building pages@2"
    assert house.steps.positions[:3] == [10, 20, 30]
    assert outcome.position in house.steps.positions


@pytest.mark.parametrize("name", ["confirmations", "policy:erasure"])
async def test_a_policy_is_never_replayed(house: House, name: str) -> None:
    with pytest.raises(ReplayRefused, match="it has effects, so it is never replayed"):
        await house.replay.rebuild(name)


async def test_an_unknown_name_lists_the_projections(house: House) -> None:
    with pytest.raises(ReplayRefused, match=r"There is no projection page; there are: pages, statistics"):
        await house.replay.rebuild("page")


async def test_a_second_replay_of_the_same_projection_is_refused(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replaying, "PATIENCE", 0.1)
    await Leases(house.pool).acquire("replay:pages", "another")
    with pytest.raises(ReplayRefused, match="Another replay of pages is running"):
        await house.replay.rebuild("pages")
    assert (await house.replay.rebuild("statistics")).swapped


async def test_writes_go_on_meanwhile_and_nothing_is_lost(house: House) -> None:
    async def write(stop: asyncio.Event) -> None:
        while not stop.is_set():
            await house.story.goes_on(5)
            await asyncio.sleep(0.02)

    stop = asyncio.Event()
    async with house.working("statistics"):
        writing = asyncio.create_task(write(stop))
        outcome = await house.replay.rebuild("statistics", Pace(batch=20, max_rate=300))
        again = await house.replay.rebuild("statistics")
        stop.set()
        await writing
        assert outcome.swapped
        assert again.swapped
        assert outcome.position > 110
        await eventually(lambda: up_to_date(house, "statistics"))
    assert await house.shown("statistics") == await house.folded("statistics")


async def up_to_date(house: House, name: str) -> bool:
    return bool(
        await house.value(
            "SELECT c.position = (SELECT max(position) FROM es.events) FROM es.checkpoints c"
            " JOIN rm.generations g ON c.name = g.projection || '@' || g.generation"
            " WHERE g.projection = $1 AND g.state = 'live'",
            name,
        )
    )


async def test_replaying_everything_tells_nobody_anything(house: House) -> None:
    subscribers = Subscribers(house.pool)
    page_id = await subscribers.page()
    await subscribers.reader(page_id)
    await subscribers.open_incident(page_id)
    await subscribers.plan()
    await subscribers.catch_up(subscribers.confirming())
    before = await told_so_far(house)
    for _ in range(3):
        for name in PROJECTIONS:
            await house.replay.rebuild(name)
    await subscribers.plan()
    await subscribers.catch_up(subscribers.confirming())
    assert await told_so_far(house) == before


async def told_so_far(house: House) -> tuple[Any, Any]:
    deliveries = await house.value("SELECT array_agg(d::text ORDER BY delivery_id) FROM notify.deliveries d")
    plans = await house.value("SELECT array_agg(p::text ORDER BY event_id) FROM notify.plans p")
    assert deliveries
    assert plans
    return deliveries, plans
