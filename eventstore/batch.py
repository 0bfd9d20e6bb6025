"""A batch of appends as the arrays that the database function es.append_many takes, and its answer."""

from collections.abc import Sequence
from itertools import chain
from typing import Any
from uuid import UUID

import asyncpg

from eventstore.events import Append, Appended, Conflict, StreamWrite


def arguments(appends: Sequence[Append]) -> list[list[Any]]:
    """In the order of the function's parameters; numbers count from 1 as they do there."""
    writes = [(number, write) for number, append in enumerate(appends, 1) for write in append.writes]
    ids = [append.event_ids() for append in appends]
    streams = {stream: number for number, stream in enumerate(dict.fromkeys(w.stream for _, w in writes), 1)}
    return [
        [own[0] if own else None for own in ids],
        *_append_columns(appends),
        list(streams),
        [number for number, _ in writes],
        [streams[write.stream] for _, write in writes],
        [write.expected for _, write in writes],
        [len(write.events) for _, write in writes],
        *_event_columns(list(chain.from_iterable(ids)), [write for _, write in writes]),
    ]


def _append_columns(appends: Sequence[Append]) -> list[list[Any]]:
    contexts = [append.context for append in appends]
    return [
        [len(append.writes) for append in appends],
        [context.actor for context in contexts],
        [context.correlation_id for context in contexts],
        [context.causation_id for context in contexts],
        [context.tenant_id for context in contexts],
        [context.subject_id for context in contexts],
    ]


def _event_columns(ids: list[UUID], writes: Sequence[StreamWrite]) -> list[list[Any]]:
    events = list(chain.from_iterable(write.events for write in writes))
    return [
        [number for number, write in enumerate(writes, 1) for _ in write.events],
        [place for write in writes for place in range(1, len(write.events) + 1)],
        ids,
        [event.type for event in events],
        [event.schema_version for event in events],
        [event.data for event in events],
    ]


def verdict(append: Append, first_write: int, row: asyncpg.Record) -> Appended | Conflict | None:
    """None: the same command was recorded earlier. `first_write`: how many writes precede in the batch."""
    if row["verdict"] == "ok":
        streams = [write.stream for write in append.writes]
        versions = dict(zip(streams, row["versions"], strict=True))
        return Appended(row["first_position"], row["last_position"], versions)
    if row["verdict"] == "conflict":
        refused = append.writes[row["conflict_write"] - first_write - 1]
        return Conflict(refused.stream, refused.expected, row["actual"])
    return None
