"""What one command reads and decides, gathered so that it can be appended in one atomic step."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast
from uuid import UUID

from eventstore.codec import Codec
from eventstore.events import ANY, NEW, StreamWrite
from service.commands.streams import Folded, Streams
from service.domain.decider import Decider
from service.domain.errors import VersionMismatch

State = TypeVar("State")
Command = TypeVar("Command")
Event = TypeVar("Event")


@dataclass(slots=True)
class Loaded:
    """A stream as this command sees it: the version it had, the state with this command's events on top."""

    decider: Decider[Any, Any, Any]
    version: int
    state: Any
    before: Any
    events: list[Any] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Decided:
    """What a command makes of a stream: its state before, what is decided, its state with that."""

    before: Any
    events: tuple[Any, ...]
    after: Any


class Work:
    """Loads states, decides on them and remembers the versions seen.

    A stream that was only read guards the append: if it has moved meanwhile, the command starts again.
    """

    def __init__(self, streams: Streams, codec: Codec, *, fresh: bool) -> None:
        self._known = streams
        self._codec = codec
        self._fresh = fresh
        self._streams: dict[str, Loaded] = {}
        self.from_cache = False
        self.tenant_id: UUID | None = None
        self.subject_id: UUID | None = None

    def about(self, tenant_id: UUID | None, subject_id: UUID | None) -> None:
        """Whose events these will be, and what they are about."""
        self.tenant_id, self.subject_id = tenant_id, subject_id

    async def load(self, decider: Decider[State, Command, Event], key: object) -> State:
        """The state now, this command's own events included."""
        stream = decider.stream(key)
        loaded = self._streams.get(stream)
        if loaded is None:
            loaded = self._streams[stream] = await self._read(decider, stream)
        return cast(State, loaded.state)

    async def preload(self, decider: Decider[State, Command, Event], keys: Iterable[object]) -> None:
        """Load many at once rather than one after the other."""
        await asyncio.gather(*(self.load(decider, key) for key in keys))

    def begin(self, decider: Decider[State, Command, Event], key: object) -> None:
        """A stream that this command starts: its id is new, so there is nothing to read."""
        self._streams[decider.stream(key)] = Loaded(decider, NEW, decider.initial, decider.initial)

    async def decide(
        self, decider: Decider[State, Command, Event], key: object, command: Command
    ) -> list[Event]:
        """The events the rules answer with. Raises Rejected."""
        state = await self.load(decider, key)
        events = decider.decide(state, command)
        loaded = self._streams[decider.stream(key)]
        loaded.events.extend(events)
        loaded.state = decider.fold(events, state)
        return events

    def add(self, decider: Decider[State, Command, Event], key: object, command: Command) -> list[Event]:
        """Decide without the stream's past, which its rules do not ask for: it is neither read nor guarded,
        so that it costs the same however long it is. Raises Rejected."""
        initial = decider.initial
        events = decider.decide(initial, command)
        self._streams[decider.stream(key)] = Loaded(decider, ANY, initial, initial, list(events))
        return events

    async def expect(self, decider: Decider[Any, Any, Any], key: object, version: int | None) -> None:
        """Raises VersionMismatch if the stream is not at `version`; None expects nothing."""
        await self.load(decider, key)
        actual = self._streams[decider.stream(key)].version
        if version is not None and version != actual:
            raise VersionMismatch(actual)

    def writes(self) -> tuple[StreamWrite, ...]:
        return tuple(
            StreamWrite(stream, loaded.version, tuple(self._codec.encode(event) for event in loaded.events))
            for stream, loaded in self._streams.items()
        )

    def decided(self) -> dict[str, Decided]:
        """By the names of the streams that were looked at, in the order in which that happened."""
        return {
            stream: Decided(loaded.before, tuple(loaded.events), loaded.state)
            for stream, loaded in self._streams.items()
        }

    async def remember(self, versions: dict[str, int]) -> None:
        """After the append: what this command left behind is the newest state of its streams."""
        for stream, version in versions.items():
            loaded = self._streams[stream]
            folded = Folded(version, loaded.state)
            await self._known.remember(loaded.decider, stream, folded, since=loaded.version)

    def versions(self) -> dict[str, int]:
        """After the append, of the streams whose version this command knew."""
        return {
            stream: loaded.version + len(loaded.events)
            for stream, loaded in self._streams.items()
            if loaded.version != ANY
        }

    async def _read(self, decider: Decider[Any, Any, Any], stream: str) -> Loaded:
        remembered = None if self._fresh else self._known.remembered(stream)
        if remembered is not None:
            self.from_cache = True
        folded = remembered or await self._known.read(decider, stream)
        return Loaded(decider, folded.version, folded.state, folded.state)
