"""The event store in memory, for tests: the same answers as PostgreSQL's, gone when the process ends."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

import orjson

from eventstore.events import (
    Append,
    Appended,
    Conflict,
    Context,
    NewEvent,
    RecordedEvent,
    Selected,
    Selection,
    Snapshot,
    Verdict,
    Wanted,
    event_id,
    first_result,
)
from eventstore.store import Unstorable


class MemoryStore:
    def __init__(self) -> None:
        self._log: list[RecordedEvent] = []
        self._streams: dict[str, list[RecordedEvent]] = {}
        self._by_id: dict[UUID, RecordedEvent] = {}
        self._snapshots: dict[str, Snapshot] = {}
        self._grown = asyncio.Condition()

    async def append(self, append: Append) -> Verdict:
        before = len(self._log)
        verdict = self._decide(append)
        if len(self._log) > before:
            async with self._grown:
                self._grown.notify_all()
        return verdict

    async def append_batch(self, appends: Sequence[Append]) -> list[Verdict]:
        return [await self.append(append) for append in appends]

    def _decide(self, append: Append) -> Verdict:
        if append.first_event_id() in self._by_id:
            return first_result(self._recorded_by(append.context.command_id))
        for write in append.writes:
            if not write.accepts(self._version(write.stream)):
                return Conflict(write.stream, write.expected, self._version(write.stream))
        return self._record(append)

    def _record(self, append: Append) -> Appended:
        head = len(self._log)
        events = [(write.stream, event) for write in append.writes for event in write.events]
        storable = [(stream, replace(event, data=_storable(event.data))) for stream, event in events]
        now = datetime.now(UTC)
        for id_, (stream, event) in zip(append.event_ids(), storable, strict=True):
            self._keep(replace(self._recorded(id_, stream, event, append.context), recorded_at=now))
        versions = {write.stream: self._version(write.stream) for write in append.writes}
        return Appended(min(head + 1, len(self._log)), len(self._log), versions)

    def _recorded(self, id_: UUID, stream: str, event: NewEvent, context: Context) -> RecordedEvent:
        return RecordedEvent(
            position=len(self._log) + 1,
            stream=stream,
            version=self._version(stream) + 1,
            event_id=id_,
            type=event.type,
            schema_version=event.schema_version,
            data=event.data,
            recorded_at=datetime.now(UTC),
            actor=context.actor,
            correlation_id=context.correlation_id,
            causation_id=context.causation_id,
            tenant_id=context.tenant_id,
            subject_id=context.subject_id,
        )

    def _keep(self, event: RecordedEvent) -> None:
        self._log.append(event)
        self._streams.setdefault(event.stream, []).append(event)
        self._by_id[event.event_id] = event

    def _version(self, stream: str) -> int:
        return len(self._streams.get(stream, ()))

    async def read_stream(self, stream: str, after: int = 0, limit: int | None = None) -> list[RecordedEvent]:
        return self._streams.get(stream, [])[after:][:limit]

    async def read_snapshot(self, stream: str) -> Snapshot | None:
        return self._snapshots.get(stream)

    async def keep_snapshot(self, stream: str, snapshot: Snapshot) -> None:
        kept = self._snapshots.get(stream)
        if kept is None or kept.fold_version != snapshot.fold_version or kept.version < snapshot.version:
            self._snapshots[stream] = replace(snapshot, state=_storable(snapshot.state))

    async def read_log(self, after: int, limit: int) -> list[RecordedEvent]:
        return self._log[after : after + limit]

    async def read_subject(self, subject_id: UUID, upto: int) -> list[RecordedEvent]:
        return [event for event in self._log[:upto] if event.subject_id == subject_id]

    async def read_selected(self, selection: Selection, after: int, limit: int) -> Selected:
        head = max(
            (event.position for event in self._log if event.tenant_id == selection.tenant_id), default=0
        )
        found = [event for event in self._log[after:] if selection.includes(event)][:limit]
        upto = found[-1].position if len(found) == limit else max(after, head)
        return Selected(found, upto, head)

    async def owner(self, subject_id: UUID) -> UUID | None:
        return next((event.tenant_id for event in self._log if event.subject_id == subject_id), None)

    async def read_subject_part(
        self, subject_id: UUID, span: tuple[int, int], types: Sequence[str], limit: int
    ) -> list[RecordedEvent]:
        about = await self.read_subject(subject_id, span[1])
        return [event for event in about if event.position > span[0] and event.type in types][:limit]

    async def read_subject_back(self, subject_id: UUID, wanted: Wanted, limit: int) -> list[RecordedEvent]:
        about = await self.read_subject(subject_id, len(self._log))
        return [event for event in reversed(about) if wanted.includes(event)][:limit]

    async def position_at(self, subject_id: UUID, moment: datetime) -> int:
        about = await self.read_subject(subject_id, len(self._log))
        return max((event.position for event in about if event.recorded_at <= moment), default=0)

    async def read_command(self, command_id: UUID) -> list[RecordedEvent]:
        return self._recorded_by(command_id)

    def _recorded_by(self, command_id: UUID) -> list[RecordedEvent]:
        found: list[RecordedEvent] = []
        for index in count():
            event = self._by_id.get(event_id(command_id, index))
            if event is None:
                break
            found.append(event)
        return found

    async def head(self) -> int:
        return len(self._log)

    async def wait_beyond(self, position: int, timeout: float) -> int:  # noqa: ASYNC109 - it ends in a value
        """The head as soon as it lies beyond `position`, or as it is after `timeout` seconds."""
        try:
            async with asyncio.timeout(timeout), self._grown:
                await self._grown.wait_for(lambda: len(self._log) > position)
        except TimeoutError:
            pass
        return len(self._log)


def _storable(data: Any) -> Any:
    """A copy as the database would give it back. Raises Unstorable."""
    try:
        text = orjson.dumps(data)
    except orjson.JSONEncodeError as error:
        raise Unstorable(f"an event is no JSON: {error}") from error
    if b"\\u0000" in text:
        raise Unstorable("an event has a NUL in a text")
    return orjson.loads(text)
