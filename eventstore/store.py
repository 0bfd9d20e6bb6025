"""The port: what the application asks of an event store."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from eventstore.events import Append, RecordedEvent, Selected, Selection, Snapshot, Verdict, Wanted


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

    async def read_stream(self, stream: str, after: int = 0, limit: int | None = None) -> list[RecordedEvent]:
        """The stream's events with a version above `after`, in order, at most `limit`.

        Raises StoreUnavailable.
        """

    async def read_snapshot(self, stream: str) -> Snapshot | None:
        """The one that was kept last, if any. Raises StoreUnavailable."""

    async def keep_snapshot(self, stream: str, snapshot: Snapshot) -> None:
        """In place of the last one, unless that is of the same fold and newer. Raises StoreUnavailable."""

    async def read_log(self, after: int, limit: int) -> list[RecordedEvent]:
        """At most `limit` events with a position above `after`, in order. Raises StoreUnavailable."""

    async def read_subject(self, subject_id: UUID, upto: int) -> list[RecordedEvent]:
        """All events about the subject up to position `upto`, in order. Raises StoreUnavailable."""

    async def read_selected(self, selection: Selection, after: int, limit: int) -> Selected:
        """At most `limit` of the selected events with a position above `after`, in order.

        One call looks at a bounded number of the tenant's events, so it may find few or none and still not be
        at the end: `upto` is where to go on. Nothing in the answer depends on other tenants. Raises
        StoreUnavailable.
        """

    async def owner(self, subject_id: UUID) -> UUID | None:
        """The tenant of the first event about the subject; None without one. Raises StoreUnavailable."""

    async def read_subject_part(
        self, subject_id: UUID, span: tuple[int, int], types: Sequence[str], limit: int
    ) -> list[RecordedEvent]:
        """The first events of these types about the subject, in order; their positions lie above the first of
        `span` and not above the second. Raises StoreUnavailable."""

    async def read_subject_back(self, subject_id: UUID, wanted: Wanted, limit: int) -> list[RecordedEvent]:
        """The last events about the subject that are wanted, the newest first. Raises StoreUnavailable."""

    async def position_at(self, subject_id: UUID, moment: datetime) -> int:
        """The last position about the subject recorded at `moment` or before; 0: there was none yet.

        Raises StoreUnavailable.
        """

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
