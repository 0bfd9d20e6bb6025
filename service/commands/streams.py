"""States of streams. What is remembered or kept is the start; only the events since are read and folded.

Events never change, so what the first n of them fold to stays true, whoever appended since.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from eventstore.codec import Codec
from eventstore.events import RecordedEvent, Snapshot
from eventstore.store import EventStore, StoreUnavailable
from service.commands.cache import StateCache
from service.domain.decider import Decider

KEEP_EVERY = 64
"""Events; so many are folded at most, however long a stream is."""


@dataclass(frozen=True, slots=True)
class Folded:
    """What a stream's first `version` events fold to."""

    version: int
    state: Any


class Streams:
    """Raises StoreUnavailable."""

    def __init__(self, store: EventStore, codec: Codec, cache: StateCache) -> None:
        self._store = store
        self._codec = codec
        self._cache = cache

    def remembered(self, stream: str) -> Folded | None:
        """It may be behind the stream."""
        known = self._cache.get(stream)
        return None if known is None else Folded(*known)

    async def read(self, decider: Decider[Any, Any, Any], stream: str) -> Folded:
        """As it stands now."""
        start = self.remembered(stream) or await self._kept(decider, stream)
        found = await self._onward(decider, stream, start)
        await self.remember(decider, stream, found, since=start.version)
        return found

    async def remember(
        self, decider: Decider[Any, Any, Any], stream: str, folded: Folded, since: int
    ) -> None:
        """And keep it beside the events now and then. `since`: the version from which it was folded on."""
        self._cache.put(stream, folded.version, folded.state)
        if decider.kept is not None and folded.version // KEEP_EVERY > since // KEEP_EVERY:
            state = self._codec.encode_state(folded.state)
            with suppress(StoreUnavailable):  # the next one will do
                await self._store.keep_snapshot(
                    stream, Snapshot(folded.version, decider.kept.fold_version, state)
                )

    async def _kept(self, decider: Decider[Any, Any, Any], stream: str) -> Folded:
        if decider.kept is not None:
            snapshot = await self._store.read_snapshot(stream)
            if snapshot is not None and snapshot.fold_version == decider.kept.fold_version:
                return Folded(snapshot.version, self._codec.decode_state(decider.kept.cls, snapshot.state))
        return Folded(0, decider.initial)

    async def _onward(self, decider: Decider[Any, Any, Any], stream: str, start: Folded) -> Folded:
        """The event at the start's version is read too: without it the stream is not the one that was folded,
        as after an older backup was restored."""
        recorded = await self._store.read_stream(stream, max(0, start.version - 1))
        if start.version and (not recorded or recorded[0].version != start.version):
            return self._fold(decider, Folded(0, decider.initial), await self._store.read_stream(stream))
        return self._fold(decider, start, recorded[1:] if start.version else recorded)

    def _fold(self, decider: Decider[Any, Any, Any], start: Folded, recorded: list[RecordedEvent]) -> Folded:
        state = decider.fold((self._codec.decode(event) for event in recorded), start.state)
        return Folded(start.version + len(recorded), state)
