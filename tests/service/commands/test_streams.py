"""A state is what a stream's events fold to, however little of the stream was read for it."""

from collections.abc import Sequence
from dataclasses import asdict
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventstore.events import ANY, Append, Context, RecordedEvent, Snapshot, StreamWrite
from eventstore.memory import MemoryStore
from eventstore.store import StoreUnavailable
from service.codec import build_codec
from service.commands.cache import StateCache
from service.commands.streams import KEEP_EVERY, Streams
from service.domain import component
from service.domain.component import COMPONENT, ComponentStatusChanged
from service.domain.errors import Rejected
from service.domain.values import ComponentStatus
from tests.service.domain.commands import component_commands
from tests.service.domain.facts import COMPONENT_ID, MINUTE, NOON, PAGE_ID
from tests.service.domain.test_component import ADD

STREAM = COMPONENT.stream(COMPONENT_ID)
CODEC = build_codec()
STATUSES = list(ComponentStatus)


class CountingStore(MemoryStore):
    """`read`: how many events of streams it gave away. `full`: it keeps no snapshot."""

    def __init__(self) -> None:
        super().__init__()
        self.read = 0
        self.full = False

    async def read_stream(self, stream: str, after: int = 0, limit: int | None = None) -> list[RecordedEvent]:
        found = await super().read_stream(stream, after, limit)
        self.read += len(found)
        return found

    async def keep_snapshot(self, stream: str, snapshot: Snapshot) -> None:
        if self.full:
            raise StoreUnavailable("full")
        await super().keep_snapshot(stream, snapshot)


def changes(count: int, first: int = 0) -> list[component.Event]:
    return [
        ComponentStatusChanged(COMPONENT_ID, PAGE_ID, STATUSES[number % 5], NOON + number * MINUTE)
        for number in range(first, first + count)
    ]


async def append(store: MemoryStore, events: Sequence[component.Event]) -> None:
    encoded = tuple(map(CODEC.encode, events))
    await store.append(Append((StreamWrite(STREAM, ANY, encoded),), Context(uuid4())))


@pytest.fixture
async def store() -> CountingStore:
    store = CountingStore()
    await append(store, [*COMPONENT.decide(None, ADD), *changes(1_000)])
    return store


def streams(store: MemoryStore) -> Streams:
    """Of a process that has just started."""
    return Streams(store, CODEC, StateCache())


async def whole(store: MemoryStore) -> component.State:
    return COMPONENT.fold(CODEC.decode(event) for event in await MemoryStore.read_stream(store, STREAM))


async def test_of_a_stream_that_was_read_before_a_new_process_reads_the_end_alone(
    store: CountingStore,
) -> None:
    await streams(store).read(COMPONENT, STREAM)
    await append(store, changes(3, first=1_000))
    store.read = 0
    found = await streams(store).read(COMPONENT, STREAM)
    assert (found.version, found.state) == (1_004, await whole(store))
    assert store.read == 4


async def test_what_others_appended_is_read_on_top_of_what_is_remembered(store: CountingStore) -> None:
    known = streams(store)
    await known.read(COMPONENT, STREAM)
    await append(store, changes(2, first=1_000))
    store.read = 0
    assert (await known.read(COMPONENT, STREAM)).state == await whole(store)
    assert store.read == 3


async def test_a_process_that_writes_keeps_a_snapshot_now_and_then(store: CountingStore) -> None:
    known = streams(store)
    before = await known.read(COMPONENT, STREAM)
    await append(store, changes(KEEP_EVERY, first=1_000))
    state = await whole(store)
    after = type(before)(before.version + KEEP_EVERY, state)
    await known.remember(COMPONENT, STREAM, after, since=before.version)
    store.read = 0
    assert (await streams(store).read(COMPONENT, STREAM)).state == state
    assert store.read == 1


async def test_a_snapshot_of_another_fold_is_not_looked_at(store: CountingStore) -> None:
    await store.keep_snapshot(STREAM, Snapshot(900, fold_version=0, state={"from": "another release"}))
    assert (await streams(store).read(COMPONENT, STREAM)).state == await whole(store)


async def test_a_snapshot_of_a_longer_stream_is_of_another_stream(store: CountingStore) -> None:
    """As after an older backup was restored."""
    found = await streams(store).read(COMPONENT, STREAM)
    kept = await store.read_snapshot(STREAM)
    assert kept is not None
    await store.keep_snapshot(STREAM, Snapshot(5_000, kept.fold_version, kept.state))
    assert await streams(store).read(COMPONENT, STREAM) == found


async def test_a_snapshot_that_cannot_be_kept_hinders_nobody(store: CountingStore) -> None:
    store.full = True
    assert (await streams(store).read(COMPONENT, STREAM)).state == await whole(store)


@given(st.lists(component_commands, max_size=12))
def test_what_was_kept_is_what_was_folded(commands: list[component.Command]) -> None:
    state: component.State = COMPONENT.fold(COMPONENT.decide(None, ADD))
    for command in commands:
        try:
            state = COMPONENT.fold(COMPONENT.decide(state, command), state)
        except Rejected:
            continue
    assert state is not None
    assert CODEC.decode_state(component.Component, CODEC.encode_state(state)) == state


def test_who_changes_the_state_raises_its_fold_version() -> None:
    """Else what an older release kept is taken for what this one would fold: raise it, then change this."""
    [event] = COMPONENT.decide(None, ADD)
    fields = set(asdict(component.existing(COMPONENT.fold([event]))))
    assert COMPONENT.kept is not None
    assert (COMPONENT.kept.fold_version, fields) == (
        3,
        {
            "borrowers",
            "component_id",
            "page_id",
            "organisation_id",
            "details",
            "words",
            "last",
            "known_since",
            "holds",
            "alerts",
            "hidden",
            "begun",
            "windows",
            "times",
            "removed",
            "last_correction",
            "last_backfill",
        },
    )
