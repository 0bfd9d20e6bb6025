"""Events about a page come in parts, and not without end."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from eventstore.events import ANY, Append, Context, NewEvent, RecordedEvent, StreamWrite
from eventstore.memory import MemoryStore
from service.codec import build_codec
from service.domain.errors import NotAllowed
from service.past.reading import END, MOST, PART, events_about, events_of, owns
from tests.eventstore.making import a_recorded_event

CODEC = build_codec()
PAGE_ID, ORGANISATION_ID = uuid4(), uuid4()


class Endless(MemoryStore):
    """A page about which there is always another event."""

    read = 0
    event = a_recorded_event(1)

    async def read_subject_part(
        self, subject_id: UUID, span: tuple[int, int], types: Sequence[str], limit: int
    ) -> list[RecordedEvent]:
        self.read += limit
        return [replace(self.event, position=span[0] + i) for i in range(1, limit + 1)]

    async def read_stream(self, stream: str, after: int = 0, limit: int | None = None) -> list[RecordedEvent]:
        assert limit is not None
        self.read += limit
        return [self.event] * limit


async def a_store(count: int, type_: str = "Happened") -> MemoryStore:
    store = MemoryStore()
    events = tuple(NewEvent(type_, {}) for _ in range(count))
    context = Context(uuid4(), tenant_id=ORGANISATION_ID, subject_id=PAGE_ID)
    await store.append(Append((StreamWrite("thing-1", ANY, events),), context))
    return store


@pytest.mark.parametrize("count", [0, 1, PART - 1, PART, PART + 1, 2 * PART + 500])
async def test_all_events_come_once_and_in_order(count: int) -> None:
    store = await a_store(count)
    parts = [part async for part in events_about(store, CODEC, PAGE_ID, (0, END), ["Happened"])]
    assert [event.position for part in parts for event in part] == list(range(1, count + 1))
    assert all(len(part) <= PART for part in parts)


async def test_no_more_is_read_than_is_promised() -> None:
    store = Endless()
    with pytest.raises(NotAllowed, match=str(MOST)):
        async for _ in events_about(store, CODEC, PAGE_ID, (0, END), ["Happened"]):
            pass
    assert store.read <= MOST + PART
    store.read = 0
    with pytest.raises(NotAllowed, match=str(MOST)):
        await events_of(store, CODEC, "thing-1")
    assert store.read == MOST + 1


async def test_a_page_is_its_organisations_alone() -> None:
    store = await a_store(1, "PageCreated")
    assert await owns(store, ORGANISATION_ID, PAGE_ID)
    assert not await owns(store, uuid4(), PAGE_ID)
    assert not await owns(store, ORGANISATION_ID, uuid4())
