"""The events about a page or a component, a part at a time: a long past neither fills the memory nor holds up
others."""

from collections.abc import AsyncIterator, Collection
from uuid import UUID

from eventstore.codec import Codec
from eventstore.events import RecordedEvent
from eventstore.store import EventStore
from service.domain.errors import NotAllowed

PART = 1000
MOST = 100_000
"""How many events are read for one answer."""
END = 2**63 - 1
"""A position that no log reaches."""


async def owns(store: EventStore, organisation_id: UUID, page_id: UUID) -> bool:
    """Whether there ever was such a page, and it is the organisation's. Raises StoreUnavailable."""
    created = await store.read_subject_part(page_id, (0, END), ["PageCreated"], 1)
    return bool(created) and created[0].tenant_id == organisation_id


async def events_about(
    store: EventStore,
    codec: Codec,
    subject_id: UUID,
    span: tuple[int, int],
    types: Collection[str],
    most: int = MOST,
) -> AsyncIterator[list[RecordedEvent]]:
    """In order, lifted to their newest schema version; positions above the first of `span`, up to the second.

    Raises NotAllowed for more than `most`, and StoreUnavailable.
    """
    after, upto = span
    count = 0
    while True:
        part = await store.read_subject_part(subject_id, (after, upto), list(types), PART)
        count += len(part)
        _bounded(count, most)
        yield [codec.upcast(event) for event in part]
        if len(part) < PART:
            return
        after = part[-1].position


async def events_of(store: EventStore, codec: Codec, stream: str) -> list[RecordedEvent]:
    """A whole stream. Raises NotAllowed for more than MOST events, and StoreUnavailable."""
    events = await store.read_stream(stream, limit=MOST + 1)
    _bounded(len(events), MOST)
    return [codec.upcast(event) for event in events]


def _bounded(count: int, most: int) -> None:
    if count > most:
        raise NotAllowed(f"More than {most} events would have to be read to know this.")
