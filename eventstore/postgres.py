"""The event store on PostgreSQL (15 and up, no extension)."""

from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate, takewhile
from typing import Any
from uuid import UUID

import asyncpg

from eventstore import batch, selecting
from eventstore.appender import Appender
from eventstore.events import (
    Append,
    RecordedEvent,
    Selected,
    Selection,
    Snapshot,
    Verdict,
    Wanted,
    event_id,
    first_result,
)
from eventstore.pool import Pool, connection
from eventstore.selecting import COLUMNS
from eventstore.store import Unstorable

PAGE = 1000
END = 2**63 - 1

APPEND = f"""
SELECT verdict, first_position, last_position, versions, conflict_write, actual
FROM es.append_many({", ".join(f"${number}" for number in range(1, 19))})
"""
READ_STREAM = f"SELECT {COLUMNS} FROM es.events WHERE stream = $1 AND version > $2 ORDER BY version LIMIT $3"
READ_LOG = f"SELECT {COLUMNS} FROM es.events WHERE position > $1 ORDER BY position LIMIT $2"
READ_SUBJECT = f"""
SELECT {COLUMNS} FROM es.events
WHERE subject_id = $1 AND position > $2 AND position <= $3 ORDER BY position LIMIT $4
"""
# Rows are compared as pairs for the reason that selecting.py gives.
READ_SUBJECT_PART = f"""
SELECT {COLUMNS} FROM es.events
WHERE (subject_id, position) > ($1::uuid, $2::bigint) AND (subject_id, position) <= ($1, $3)
    AND type = ANY($4::text[])
ORDER BY subject_id, position LIMIT $5
"""
READ_SUBJECT_BACK = f"""
SELECT {COLUMNS} FROM es.events
WHERE (subject_id, position) > ($1::uuid, 0) AND (subject_id, position) < ($1, $2::bigint)
    AND ($3::text IS NULL OR type = $3) AND ($4::text IS NULL OR actor = $4)
    AND ($5::timestamptz IS NULL OR recorded_at >= $5) AND ($6::timestamptz IS NULL OR recorded_at < $6)
ORDER BY subject_id DESC, position DESC LIMIT $7
"""
POSITION_AT = """
SELECT position FROM es.events
WHERE (subject_id, position) > ($1::uuid, 0) AND (subject_id, position) <= ($1, 9223372036854775807)
    AND recorded_at <= $2
ORDER BY subject_id DESC, position DESC LIMIT 1
"""
READ_SNAPSHOT = "SELECT version, fold_version, state FROM es.snapshots WHERE stream = $1"
KEEP_SNAPSHOT = """
INSERT INTO es.snapshots AS kept (stream, version, fold_version, state) VALUES ($1, $2, $3, $4)
ON CONFLICT (stream) DO UPDATE
SET version = excluded.version, fold_version = excluded.fold_version, state = excluded.state
WHERE kept.fold_version <> excluded.fold_version OR kept.version < excluded.version
"""
FIND_EVENT = "SELECT position FROM es.events WHERE event_id = $1"
HEAD = "SELECT coalesce(max(position), 0) FROM es.events"


class PostgresStore:
    """Appends of one process share commits (see Appender). The pool is the caller's to close."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._appender = Appender(self)

    async def append(self, append: Append) -> Verdict:
        return await self._appender.append(append)

    async def append_batch(self, appends: Sequence[Append]) -> list[Verdict]:
        """Record independent appends in one commit. Raises StoreUnavailable and Unstorable."""
        rows = await self._record(appends)
        before = accumulate((len(append.writes) for append in appends), initial=0)
        verdicts = [
            batch.verdict(append, first_write, row)
            for append, first_write, row in zip(appends, before, rows, strict=False)
        ]
        return [
            verdict or first_result(await self.read_command(append.context.command_id))
            for append, verdict in zip(appends, verdicts, strict=True)
        ]

    async def _record(self, appends: Sequence[Append]) -> list[asyncpg.Record]:
        try:
            async with connection(self._pool) as acquired:
                return await acquired.fetch(APPEND, *batch.arguments(appends))
        except (asyncpg.DataError, asyncpg.InterfaceError) as error:
            raise Unstorable(f"the database refused an event: {error}") from error

    async def read_stream(self, stream: str, after: int = 0, limit: int | None = None) -> list[RecordedEvent]:
        events: list[RecordedEvent] = []
        while True:
            wanted = PAGE if limit is None else min(PAGE, limit - len(events))
            page = await self._read(READ_STREAM, stream, after, wanted)
            events += page
            if len(page) < wanted or len(events) == limit:
                return events
            after = page[-1].version

    async def read_snapshot(self, stream: str) -> Snapshot | None:
        async with connection(self._pool) as acquired:
            row = await acquired.fetchrow(READ_SNAPSHOT, stream)
        return None if row is None else Snapshot(*row)

    async def keep_snapshot(self, stream: str, snapshot: Snapshot) -> None:
        values = stream, snapshot.version, snapshot.fold_version, snapshot.state
        async with connection(self._pool) as acquired:
            await acquired.execute(KEEP_SNAPSHOT, *values)

    async def read_log(self, after: int, limit: int) -> list[RecordedEvent]:
        return await self._read(READ_LOG, after, limit)

    async def read_subject(self, subject_id: UUID, upto: int) -> list[RecordedEvent]:
        events: list[RecordedEvent] = []
        after = 0
        while True:
            page = await self._read(READ_SUBJECT, subject_id, after, upto, PAGE)
            events += page
            if len(page) < PAGE:
                return events
            after = page[-1].position

    async def read_selected(self, selection: Selection, after: int, limit: int) -> Selected:
        async with connection(self._pool) as acquired:
            return await selecting.select(acquired, selection, after, limit)

    async def owner(self, subject_id: UUID) -> UUID | None:
        async with connection(self._pool) as acquired:
            return await selecting.owner(acquired, subject_id)

    async def read_subject_part(
        self, subject_id: UUID, span: tuple[int, int], types: Sequence[str], limit: int
    ) -> list[RecordedEvent]:
        return await self._read(READ_SUBJECT_PART, subject_id, *span, list(types), limit)

    async def read_subject_back(self, subject_id: UUID, wanted: Wanted, limit: int) -> list[RecordedEvent]:
        return await self._read(
            READ_SUBJECT_BACK,
            subject_id,
            END if wanted.before is None else wanted.before,
            wanted.type,
            wanted.actor,
            wanted.start,
            wanted.end,
            limit,
        )

    async def position_at(self, subject_id: UUID, moment: datetime) -> int:
        return await self._value(POSITION_AT, subject_id, moment) or 0

    async def read_command(self, command_id: UUID) -> list[RecordedEvent]:
        first = await self._value(FIND_EVENT, event_id(command_id, 0))
        events: list[RecordedEvent] = []
        while first is not None:
            page = await self.read_log(first - 1 + len(events), PAGE)
            own = [
                event
                for _, event in takewhile(
                    lambda numbered: numbered[1].event_id == event_id(command_id, numbered[0]),
                    enumerate(page, len(events)),
                )
            ]
            events += own
            if len(own) < PAGE:
                break
        return events

    async def head(self) -> int:
        return int(await self._value(HEAD))

    async def _read(self, query: str, *values: Any) -> list[RecordedEvent]:
        async with connection(self._pool) as acquired:
            return [RecordedEvent(*row) for row in await acquired.fetch(query, *values)]

    async def _value(self, query: str, *values: Any) -> Any:
        async with connection(self._pool) as acquired:
            return await acquired.fetchval(query, *values)
