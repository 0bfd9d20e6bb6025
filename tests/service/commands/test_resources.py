"""What monitors say, on a store that several processes share: nobody's memory hides a component."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from eventstore.events import Append, Verdict
from eventstore.memory import MemoryStore
from service.codec import build_codec
from service.commands.arrangement import AddToPage, ChangeComponent
from service.commands.drafts import ComponentDraft, PageDraft
from service.commands.handler import CommandHandler, Origin
from service.commands.pages import CreatePage
from service.commands.resources import LARGEST, MOST, Batch, FindBatches, TellBatch
from service.domain.component import ComponentStatusChanged, Details, ReportStatus
from service.domain.errors import NotFound
from service.domain.values import ComponentStatus, ComponentType, PageType

NOW = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
OWNER, PAGE, RESOURCE = uuid4(), uuid4(), uuid4()
FIRST, SECOND = uuid4(), uuid4()
FIND = FindBatches(OWNER, RESOURCE)
DOWN = ReportStatus(OWNER, ComponentStatus.MAJOR_OUTAGE, NOW)
SETTINGS = {"name": "Page", "description": "", "subdomain": "page", "type": PageType.PUBLIC}


def draft(component_id: UUID) -> ComponentDraft:
    details = Details("API", None, ComponentType.RESOURCE, RESOURCE)
    return ComponentDraft(component_id, details, ComponentStatus.OPERATIONAL, "")


def page_of(*component_ids: UUID) -> CreatePage:
    listed = PageDraft(SETTINGS, tuple(draft(each) for each in component_ids))
    return CreatePage(PAGE, OWNER, listed, None, "target", NOW)


def adding(component_id: UUID) -> AddToPage:
    return AddToPage(PAGE, OWNER, draft(component_id), None, NOW)


def letting_go(component_id: UUID) -> ChangeComponent:
    return ChangeComponent(component_id, OWNER, {"type": ComponentType.MANUAL}, False, None, None, NOW)


def telling(*component_ids: UUID) -> TellBatch:
    return TellBatch(OWNER, RESOURCE, Batch(PAGE, component_ids), DOWN)


class Process:
    """It remembers what it has read itself."""

    def __init__(self, store: MemoryStore) -> None:
        self._commands = CommandHandler(store, build_codec())

    async def do(self, use_case: Callable[[Any], Awaitable[Any]]) -> Any:
        return (await self._commands.run(Origin(uuid4(), "tests"), str(uuid4()), use_case)).result


class Interrupted(MemoryStore):
    """`first` happens once, just before the next append."""

    first: Callable[[], Awaitable[Any]] | None = None

    async def append(self, append: Append) -> Verdict:
        first, self.first = self.first, None
        if first is not None:
            await first()
        return await super().append(append)


async def test_a_component_that_another_process_adds_is_found() -> None:
    store = MemoryStore()
    ours, theirs = Process(store), Process(store)
    await ours.do(page_of(FIRST))
    assert await ours.do(FIND) == [Batch(PAGE, (FIRST,))]
    await theirs.do(adding(SECOND))
    assert await ours.do(FIND) == [Batch(PAGE, (FIRST, SECOND))]


async def test_one_that_is_added_while_it_is_looked_for_is_found() -> None:
    store = Interrupted()
    ours, theirs = Process(store), Process(store)
    await ours.do(page_of(FIRST))
    store.first = lambda: theirs.do(adding(SECOND))
    assert await ours.do(FIND) == [Batch(PAGE, (FIRST, SECOND))]


async def test_one_that_lets_go_in_between_is_not_told() -> None:
    store = Interrupted()
    ours, theirs = Process(store), Process(store)
    await ours.do(page_of(FIRST, SECOND))
    store.first = lambda: theirs.do(letting_go(FIRST))
    told = await ours.do(telling(FIRST, SECOND))
    assert [(each, [type(event) for event in events]) for each, events in told.items()] == [
        (SECOND, [ComponentStatusChanged])
    ]
    statuses = [event for event in await store.read_log(0, 100) if event.type == "ComponentStatusChanged"]
    assert [event.data["component_id"] for event in statuses] == [str(SECOND)]


async def test_a_refused_page_binds_nothing() -> None:
    process = Process(MemoryStore())
    with pytest.raises(NotFound):
        await process.do(adding(FIRST))
    with pytest.raises(NotFound):
        await process.do(FIND)


async def test_what_is_told_is_about_the_page() -> None:
    store = MemoryStore()
    process = Process(store)
    await process.do(page_of(FIRST))
    await process.do(telling(FIRST))
    last = (await store.read_log(0, 100))[-1]
    assert (last.type, last.tenant_id, last.subject_id) == ("ComponentStatusChanged", OWNER, PAGE)


async def test_many_are_told_in_parts() -> None:
    process = Process(MemoryStore())
    ids = [uuid4() for _ in range(LARGEST + 1)]
    await process.do(page_of(*ids))
    assert await process.do(FIND) == [Batch(PAGE, tuple(ids[:LARGEST])), Batch(PAGE, (ids[LARGEST],))]
    much = FindBatches(OWNER, RESOURCE, events=MOST)
    assert await process.do(much) == [Batch(PAGE, (each,)) for each in ids]
