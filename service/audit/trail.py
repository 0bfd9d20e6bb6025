"""The audit trail of a page: its events, the newest first, each with what it changed."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from eventstore.codec import Codec
from eventstore.events import RecordedEvent, Wanted
from eventstore.store import EventStore
from service.audit.things import Change, changes
from service.past.reading import events_about, owns

LOOK_BACK = 200
"""How many of a component's events before an entry are read to know what it changed."""
DETAILS = ("ComponentAdded", "ComponentDetailsChanged")
"""Few, and needed to know a component's name, however long ago it got it."""
READERS = 4


class AuditTrail:
    """Raises StoreUnavailable, and NotAllowed when too many events would have to be read."""

    def __init__(self, store: EventStore, codec: Codec) -> None:
        self._store = store
        self._codec = codec

    async def of_page(
        self, page_id: UUID, organisation_id: UUID, wanted: Wanted, limit: int
    ) -> list[Change] | None:
        """None: the organisation never had such a page. A deleted one still has its trail."""
        if not await owns(self._store, organisation_id, page_id):
            return None
        events = await self._store.read_subject_back(page_id, wanted, limit)
        by_stream = _by_stream(events)
        details = await self._details(page_id, events)
        turns = asyncio.Semaphore(READERS)
        found = await asyncio.gather(
            *(self._changes(own, details.get(stream, []), turns) for stream, own in by_stream.items())
        )
        known = {change.event.position: change for changed in found for change in changed}
        return [known[event.position] for event in events]

    async def _details(
        self, page_id: UUID, events: Sequence[RecordedEvent]
    ) -> dict[str, list[RecordedEvent]]:
        found: list[RecordedEvent] = []
        if any(event.category == "component" for event in events):
            span = 0, events[0].position
            async for part in events_about(self._store, self._codec, page_id, span, DETAILS):
                found += part
        return _by_stream(found)

    async def _changes(
        self, entries: Sequence[RecordedEvent], details: Sequence[RecordedEvent], turns: asyncio.Semaphore
    ) -> list[Change]:
        """What each of these events of one stream changed."""
        async with turns:
            events = await self._read(entries)
        known = {event.version: event for event in (*details, *map(self._codec.upcast, events))}
        wanted = {event.position for event in entries}
        in_order = [known[version] for version in sorted(known)]
        return [each for each in changes(entries[0].category, in_order) if each.event.position in wanted]

    async def _read(self, entries: Sequence[RecordedEvent]) -> list[RecordedEvent]:
        """The entries and what came before them in their stream: of a component's only as much as shows."""
        stream, versions = entries[0].stream, sorted(event.version for event in entries)
        if entries[0].category != "component":
            return await self._store.read_stream(stream, limit=versions[-1])
        events: list[RecordedEvent] = []
        for after, upto in ranges(versions, LOOK_BACK):
            events += await self._store.read_stream(stream, after, upto - after)
        return events


def _by_stream(events: Sequence[RecordedEvent]) -> dict[str, list[RecordedEvent]]:
    found: dict[str, list[RecordedEvent]] = {}
    for event in events:
        found.setdefault(event.stream, []).append(event)
    return found


def ranges(versions: Sequence[int], look_back: int) -> list[tuple[int, int]]:
    """What to read, (after, up to), for each of `versions` to have that many before it.

    `versions` rise; no version is read twice.
    """
    found: list[tuple[int, int]] = []
    for version in versions:
        after = max(0, version - 1 - look_back)
        if found and after <= found[-1][1]:
            found[-1] = (found[-1][0], version)
        else:
            found.append((after, version))
    return found
