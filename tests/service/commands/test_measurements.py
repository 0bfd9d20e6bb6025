"""Measuring costs the same however much was measured before, and never stands in the way of a status."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from eventstore.events import RecordedEvent
from eventstore.memory import MemoryStore
from service.codec import build_codec
from service.commands.components import ReportComponentStatus, add
from service.commands.drafts import ComponentDraft
from service.commands.handler import CommandHandler, Origin
from service.commands.measurements import MeasureComponent
from service.commands.work import Work
from service.domain.component import COMPONENT, Details
from service.domain.errors import NotFound
from service.domain.measurement import MEASUREMENT, Point
from service.domain.values import ComponentStatus

NOW = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
OWNER, PAGE, API = (UUID(int=i) for i in range(1, 4))
COMPONENT_STREAM, STREAM = COMPONENT.stream(API), MEASUREMENT.stream(API)


class Watched(MemoryStore):
    """Remembers which streams were read."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []

    async def read_stream(self, stream: str, after: int = 0, limit: int | None = None) -> list[RecordedEvent]:
        self.read.append(stream)
        return await super().read_stream(stream, after, limit)


def origin(*, repeatable: bool = False) -> Origin:
    return Origin(uuid4(), "tests", repeatable=repeatable)


def measure(organisation_id: UUID = OWNER) -> MeasureComponent:
    return MeasureComponent(API, organisation_id, (Point(NOW, 120_000),), NOW)


@pytest.fixture
async def store() -> Watched:
    """With one component."""
    made = Watched()

    async def use_case(work: Work) -> None:
        await add(
            work, PAGE, OWNER, ComponentDraft(API, Details("API"), ComponentStatus.OPERATIONAL, ""), NOW
        )

    await CommandHandler(made, build_codec()).run(origin(), COMPONENT_STREAM, use_case)
    return made


@pytest.fixture
def commands(store: Watched) -> CommandHandler:
    return CommandHandler(store, build_codec())


async def test_what_was_measured_before_is_never_read(store: Watched, commands: CommandHandler) -> None:
    for _ in range(5):
        await commands.run(origin(), STREAM, measure())
    await CommandHandler(store, build_codec()).run(origin(), STREAM, measure())
    assert store.read == [COMPONENT_STREAM, COMPONENT_STREAM]
    assert len(await store.read_stream(STREAM)) == 6


async def test_measurements_are_about_the_component_and_leave_the_pages_own_events_few(
    store: Watched, commands: CommandHandler
) -> None:
    done = await commands.run(origin(), STREAM, measure())
    [event] = await store.read_stream(STREAM)
    assert (event.tenant_id, event.subject_id, event.position) == (OWNER, API, done.position)


async def test_reports_and_measurements_at_once_all_succeed(store: Watched, commands: CommandHandler) -> None:
    statuses = [ComponentStatus.MAJOR_OUTAGE, ComponentStatus.OPERATIONAL] * 10
    reports = [ReportComponentStatus(API, OWNER, status, None, None, None, NOW) for status in statuses]
    await asyncio.gather(
        *(commands.run(origin(), COMPONENT_STREAM, report) for report in reports),
        *(commands.run(origin(), STREAM, measure()) for _ in range(20)),
    )
    assert len(await store.read_stream(STREAM)) == 20
    assert len(await store.read_stream(COMPONENT_STREAM)) == 21


async def test_the_same_command_again_is_recognised(store: Watched, commands: CommandHandler) -> None:
    asked = origin(repeatable=True)
    first = await commands.run(asked, STREAM, measure())
    again = await commands.run(asked, STREAM, measure())
    assert (again.position, again.changed) == (first.position, False)
    assert len(await store.read_stream(STREAM)) == 1


async def test_a_strangers_component_and_an_unknown_one_look_alike(commands: CommandHandler) -> None:
    unknown = MeasureComponent(uuid4(), OWNER, (Point(NOW, 1),), NOW)
    for command in (measure(organisation_id=uuid4()), unknown):
        with pytest.raises(NotFound):
            await commands.run(origin(), STREAM, command)
