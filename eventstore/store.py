"""The port: what the application asks of an event store."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from eventstore.events import Append, RecordedEvent, Snapshot, Verdict


class StoreUnavailable(Exception):
    """The store could not be reached, or did not answer in time; whether an append happened is unknown."""


class Unstorable(ValueError):
    """The store can't hold such an event (a NUL in a text, say); nothing was recorded."""


class EventStore(Protocol):
    """Append, and read in order. Every adapter passes tests/eventstore/store_contract.py."""

    async def append(self, append: Append) -> Verdict:
        """Record all writes atomically and durably, or report the first conflict.

        The same command id again answers with the first result and records nothing.
        Raises StoreUnavailable and Unstorable.
        """

    async def read_stream(self, stream: str, after: int = 0) -> list[RecordedEvent]:
        """The stream's events with a version above `after`, in order. Raises StoreUnavailable."""

    async def read_snapshot(self, stream: str) -> Snapshot | None:
        """The one that was kept last, if any. Raises StoreUnavailable."""

    async def keep_snapshot(self, stream: str, snapshot: Snapshot) -> None:
        """In place of the last one, unless that is of the same fold and newer. Raises StoreUnavailable."""

    async def read_log(self, after: int, limit: int) -> list[RecordedEvent]:
        """At most `limit` events with a position above `after`, in order. Raises StoreUnavailable."""

    async def read_subject(self, subject_id: UUID, upto: int) -> list[RecordedEvent]:
        """All events about the subject up to position `upto`, in order. Raises StoreUnavailable."""

    async def read_command(self, command_id: UUID) -> list[RecordedEvent]:
        """What an earlier append of this command recorded; empty if there was none."""

    async def head(self) -> int:
        """The last position of the log, 0 when it is empty. Raises StoreUnavailable."""


class BatchStore(Protocol):
    """What an Appender writes to."""

    async def append_batch(self, appends: Sequence[Append]) -> list[Verdict]:
        """Record independent appends in one durable step; each has its own verdict and sees the ones before.

        Raises StoreUnavailable, and Unstorable when the batch as a whole was refused.
        """
