"""What the store records and answers: plain values, shared by every adapter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

NEW = 0
"""Expected version: the stream has no event yet."""
ANY = -1
"""Expected version: whatever the stream holds."""
EXISTS = -2
"""Expected version: at least one event."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """A fact to be recorded: its registered name, its payload (JSON types only) and the payload's version."""

    type: str
    data: dict[str, Any]
    schema_version: int = 1


@dataclass(frozen=True, slots=True)
class StreamWrite:
    """Events for one stream, and the version the writer saw (a number, or NEW, ANY, EXISTS).

    A write without events only guards: the append is refused if the stream has moved.
    """

    stream: str
    expected: int
    events: tuple[NewEvent, ...] = ()

    def __post_init__(self) -> None:
        if self.expected < EXISTS:
            raise ValueError(f"{self.expected} is no version to expect")

    def accepts(self, version: int) -> bool:
        """Whether a stream that stands at `version` is as the writer expects."""
        if self.expected == ANY:
            return True
        if self.expected == EXISTS:
            return version > 0
        return version == self.expected


@dataclass(frozen=True, slots=True)
class Context:
    """Who asked, and what for: the same for every event of one append.

    `tenant_id` owns the events; `subject_id` is the thing they are about, as outsiders know it.
    """

    command_id: UUID
    actor: str = "system"
    correlation_id: UUID | None = None
    causation_id: UUID | None = None
    tenant_id: UUID | None = None
    subject_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Append:
    """One atomic change of one or more streams, each named once: all of its writes are recorded, or none."""

    writes: tuple[StreamWrite, ...]
    context: Context

    def __post_init__(self) -> None:
        if len({write.stream for write in self.writes}) != len(self.writes):
            raise ValueError("an append names each stream once")

    def event_ids(self) -> list[UUID]:
        """Derived from the command, so that the same command recorded twice is recognised."""
        count = sum(len(write.events) for write in self.writes)
        return [event_id(self.context.command_id, i) for i in range(count)]

    def first_event_id(self) -> UUID | None:
        """By it an earlier append of the command is found; None for an append that only guards."""
        return event_id(self.context.command_id, 0) if any(write.events for write in self.writes) else None


def event_id(command_id: UUID, index: int) -> UUID:
    """The id of the command's event number `index`, counted from 0 over all its streams."""
    return uuid5(command_id, str(index))


@dataclass(frozen=True, slots=True)
class Appended:
    """The append is durable. `repeated` says that an earlier append of the same command had done it."""

    first_position: int
    last_position: int
    versions: dict[str, int]
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """Nothing was recorded: `stream` stands at `actual`, not where the writer expected it."""

    stream: str
    expected: int
    actual: int


Verdict = Appended | Conflict


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """An event as the log holds it. `data` is in the newest schema version when it comes from a codec."""

    position: int
    stream: str
    version: int
    event_id: UUID
    type: str
    schema_version: int
    data: dict[str, Any]
    recorded_at: datetime
    actor: str
    correlation_id: UUID | None
    causation_id: UUID | None
    tenant_id: UUID | None
    subject_id: UUID | None

    @property
    def category(self) -> str:
        """The part of the stream's name before the first dash."""
        return self.stream.split("-", 1)[0]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events: with a position below `before`, recorded from `start` and before `end`. None: any."""

    before: int | None = None
    type: str | None = None
    actor: str | None = None
    start: datetime | None = None
    end: datetime | None = None

    def includes(self, event: RecordedEvent) -> bool:
        return (
            (self.before is None or event.position < self.before)
            and self.type in (None, event.type)
            and self.actor in (None, event.actor)
            and (self.start is None or event.recorded_at >= self.start)
            and (self.end is None or event.recorded_at < self.end)
        )


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a stream's first `version` events fold to, as JSON types; `fold_version` is of the fold."""

    version: int
    fold_version: int
    state: Any


def first_result(events: Sequence[RecordedEvent]) -> Appended:
    """What a command was answered when it recorded `events`: the answer to its repetition."""
    versions = {event.stream: event.version for event in events}
    return Appended(events[0].position, events[-1].position, versions, repeated=True)


@dataclass(frozen=True, slots=True)
class Selection:
    """A tenant's events: all of them, or only those about a subject, or only those of some types."""

    tenant_id: UUID
    subject_id: UUID | None = None
    types: frozenset[str] | None = None

    def includes(self, event: RecordedEvent) -> bool:
        return (
            event.tenant_id == self.tenant_id
            and self.subject_id in (None, event.subject_id)
            and (self.types is None or event.type in self.types)
        )


@dataclass(frozen=True, slots=True)
class Selected:
    """What was found of a selection, and how far the search came.

    `events`: all that the selection has between the position asked from and `upto`. `head`: the position of
    the tenant's last event. When `upto` is below `head` there may be more; else there was none.
    """

    events: list[RecordedEvent]
    upto: int
    head: int
