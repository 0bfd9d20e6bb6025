"""Appends and events for tests, in few words."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

from eventstore.events import (
    ANY,
    NEW,
    Append,
    Appended,
    Context,
    NewEvent,
    RecordedEvent,
    StreamWrite,
    Verdict,
)


def a_stream() -> str:
    return f"thing-{uuid4()}"


def some_events(count: int) -> tuple[NewEvent, ...]:
    return tuple(NewEvent("Happened", {"number": number}) for number in range(count))


def an_append(stream: str, expected: int = ANY, count: int = 1, command_id: UUID | None = None) -> Append:
    return several(StreamWrite(stream, expected, some_events(count)), command_id=command_id)


def an_append_of(
    tenant_id: UUID, subject_id: UUID | None = None, count: int = 1, type: str = "Happened"
) -> Append:
    """Events of a tenant about a subject, all of one type."""
    context = Context(uuid4(), tenant_id=tenant_id, subject_id=subject_id)
    events = tuple(NewEvent(type, {"number": number}) for number in range(count))
    return Append((StreamWrite(a_stream(), NEW, events),), context)


def several(*writes: StreamWrite, command_id: UUID | None = None) -> Append:
    return Append(writes, Context(command_id or uuid4()))


def about(subject_id: UUID, actor: str, *types: str) -> Append:
    """Events of these types in a stream of their own."""
    events = tuple(NewEvent(type_, {}) for type_ in types)
    return Append((StreamWrite(a_stream(), ANY, events),), Context(uuid4(), actor, subject_id=subject_id))


def appended(verdict: Verdict) -> Appended:
    assert isinstance(verdict, Appended), verdict
    return verdict


def a_recorded_event(position: int, tenant_id: UUID | None = None) -> RecordedEvent:
    return RecordedEvent(
        position=position,
        stream="thing-1",
        version=position,
        event_id=uuid4(),
        type="Happened",
        schema_version=1,
        data={"text": "größer ✓", "list": [1, None, {"deep": True}]},
        recorded_at=datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC),
        actor="somebody",
        correlation_id=uuid4(),
        causation_id=None,
        tenant_id=tenant_id,
        subject_id=None,
    )


def gapless(events: Sequence[RecordedEvent], after: int) -> bool:
    """Whether `events` are exactly the positions that follow `after`."""
    return all(event.position == after + i for i, event in enumerate(events, start=1))
