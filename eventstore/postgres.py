"""The event store on PostgreSQL (15 and up, no extension)."""

from collections.abc import Sequence
from itertools import accumulate, takewhile
from typing import Any
from uuid import UUID

import asyncpg

from eventstore import batch
from eventstore.appender import Appender
from eventstore.events import Append, RecordedEvent, Snapshot, Verdict, event_id, first_result
from eventstore.pool import Pool, connection
from eventstore.store import Unstorable

PAGE = 1000
COLUMNS = """position, stream, version, event_id, type, schema_version, data, recorded_at,
    actor, correlation_id, causation_id, tenant_id, subject_id"""

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

    async def read_stream(self, stream: str, after: int = 0) -> list[RecordedEvent]:
        events: list[RecordedEvent] = []
        while True:
            page = await self._read(READ_STREAM, stream, after, PAGE)
            events += page
            if len(page) < PAGE:
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
