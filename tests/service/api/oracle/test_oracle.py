"""Statistics and history over HTTP are what an oracle makes of the raw events, for 1000 random lives."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest

from eventstore.events import NEW, Append, Appended, Context, NewEvent, RecordedEvent, StreamWrite
from service.config import Settings
from service.timestamps import text
from tests.service.api.oracle.compare import compare_history, compare_statistics
from tests.service.api.oracle.figures import Window
from tests.service.api.oracle.histories import Life, life
from tests.service.api.oracle.retelling import RIGHT, Rules
from tests.service.client import Client
from tests.service.deployment import Deployment, deploy

LIVES, STEPS = 1000, 14
NOW = datetime(2026, 5, 20, 9, 30, tzinfo=UTC)
AT_ONCE = 16


@dataclass(frozen=True)
class Told:
    """One component: what the log says of it, and what the product answered."""

    life: Life
    log: Sequence[RecordedEvent]
    component_id: str
    window: Window
    statistics: dict[str, Any]
    history: list[dict[str, Any]]

    def differences(self, rules: Rules = RIGHT) -> list[str]:
        figures = compare_statistics(
            self.log, self.component_id, self.statistics, self.window, self.life.zone, NOW, rules
        )
        return [*compare_history(self.log, self.component_id, self.history, NOW, rules), *figures]


@dataclass
class Asking:
    deployed: Deployment
    organisation_id: UUID
    owner: Client
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def record(self, lived: Life) -> int:
        """The whole life as one append; answers with the position of its end."""
        streams: dict[str, list[NewEvent]] = {}
        for event in await lived.log():
            stored = NewEvent(event.type, event.data, event.schema_version)
            streams.setdefault(event.stream, []).append(stored)
        writes = tuple(StreamWrite(stream, NEW, tuple(events)) for stream, events in streams.items())
        context = Context(lived.new_id(), tenant_id=self.organisation_id, subject_id=lived.page_id)
        async with self.turns:
            verdict = await self.deployed.core.store.append(Append(writes, context))
        assert isinstance(verdict, Appended)
        return verdict.last_position

    async def ask(self, lived: Life, component_id: str, window: Window) -> Told:
        path = f"/v1/component/{component_id}"
        async with self.turns:
            query = f"from={text(window[0])}&to={text(window[1])}"
            statistics = await self.owner.get(f"{path}/statistics?{query}")
            history = await self.owner.get(f"{path}/history?limit=200")
        assert (statistics.status, history.status) == (200, 200), statistics.json
        answers = statistics.json["statistics"], history.json["history"]
        return Told(lived, await lived.log(), component_id, window, *answers)


def a_component(lived: Life) -> str:
    return str(lived.components[lived.seed % len(lived.components)])


def a_window(lived: Life) -> Window:
    """All of it, or a part that begins and ends anywhere."""
    start, end = min(lived.told) - timedelta(days=2), lived.now + timedelta(days=2)
    random = Random(lived.seed)  # noqa: S311 - it makes examples, and hides nothing
    if random.random() < 0.5:
        return start, end
    length = (end - start) // timedelta(milliseconds=1)
    first, last = sorted(random.sample(range(length), 2))
    return start + timedelta(milliseconds=first), start + timedelta(milliseconds=last)


@pytest.fixture(scope="module")
async def told(database: str) -> AsyncIterator[list[Told]]:
    settings = Settings.model_validate({"DATABASE_URL": database}).model_copy(update={"amqp_url": None})
    async with deploy(settings, clock=lambda: NOW) as deployed:
        asking = Asking(deployed, *await deployed.organisation())
        lives = [await life(seed, asking.organisation_id, STEPS) for seed in range(1, LIVES + 1)]
        positions = await asyncio.gather(*map(asking.record, lives))
        await read(asking.owner, max(positions))
        questions = [asking.ask(lived, a_component(lived), a_window(lived)) for lived in lives]
        yield await asyncio.gather(*questions)


async def read(owner: Client, position: int) -> None:
    """Wait until the read models have it all."""
    for _ in range(30):
        headers = {"Statuspages_Min_Position": str(position), "Prefer": "wait=10"}
        if (await owner.get("/v1/statuspages?limit=1", **headers)).status == 200:
            return
    raise AssertionError("the read models did not get there")


def test_every_number_and_every_interval_is_the_oracles(told: list[Told]) -> None:
    wrong = [(each, each.differences()) for each in told]
    lines = [
        f"life {each.life.seed}, component {each.component_id}:\n  "
        + "\n  ".join([*map(str, each.life.asked), *found])
        for each, found in wrong
        if found
    ]
    assert not lines, f"{len(lines)} of {len(told)} differ\n" + "\n".join(lines[:3])


def test_uptime_lies_between_0_and_100_and_no_second_is_lost(told: list[Told]) -> None:
    for each in told:
        start, end = each.window
        for shown in (each.statistics, *each.statistics["days"]):
            uptime, seconds = shown["uptime_percentage"], shown["seconds"]
            assert uptime is None or 0 <= uptime <= 100
            assert all(value >= 0 for value in seconds.values())
        days = sum(sum(day["seconds"].values()) for day in each.statistics["days"])
        known = sum(each.statistics["seconds"].values())
        begun = datetime.fromisoformat(each.history[-1]["from"])
        assert days == pytest.approx(known, abs=0.001)
        assert known == pytest.approx(max(0.0, (end - max(start, begun)).total_seconds()), abs=0.001)


def test_the_lives_have_what_is_hard_to_count(told: list[Told]) -> None:
    types = [event.type for each in told for event in each.log]
    for rare in (
        "ComponentBackfilled",
        "ComponentHoldRetracted",
        "ComponentStatusCorrected",
        "ComponentWindowLeft",
        "PageSettingsChanged",
    ):
        assert types.count(rare) > 50, rare
    hidden = [event for each in told for event in each.log if event.data.get("hidden_by")]
    assert len(hidden) > 10


@pytest.mark.parametrize(
    "wrong",
    [
        Rules(retraction=False),
        Rules(last_word=False),
        Rules(windows_spare_outages=False),
        Rules(spans_lie_over=False),
        Rules(late_ends_borrow=False),
    ],
)
def test_an_oracle_with_one_rule_wrong_is_found_out(told: list[Told], wrong: Rules) -> None:
    assert any(each.differences(wrong) for each in told)
