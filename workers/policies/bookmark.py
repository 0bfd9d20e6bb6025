"""A policy's checkpoint. It is never moved back: a policy has effects, and they must not happen again."""

from collections.abc import Sequence

from eventstore import checkpoints
from eventstore.events import RecordedEvent
from eventstore.pool import Connection, Pool, connection
from eventstore.shared_moves import SharedMoves
from eventstore.store import EventStore


class Bookmark:
    def __init__(self, name: str, pool: Pool, store: EventStore, moves: SharedMoves) -> None:
        self._name = name
        self._moves = moves
        self._pool = pool
        self._store = store

    async def position(self) -> int:
        """The last position that is done; a policy that is new starts from now. Raises StoreUnavailable."""
        async with connection(self._pool) as conn:
            found = await checkpoints.read(conn, self._name)
        if found is not None:
            return found.position
        head = await self._store.head()
        async with connection(self._pool) as conn:
            return (await checkpoints.create(conn, self._name, head)).position

    async def move(self, conn: Connection, events: Sequence[RecordedEvent], epoch: int) -> int:
        """The events are done, as part of the caller's transaction. Raises CheckpointMoved."""
        last = events[-1].position
        await checkpoints.advance(conn, self._name, old=events[0].position - 1, new=last, epoch=epoch)
        return last

    async def pass_by(self, events: Sequence[RecordedEvent], epoch: int) -> int:
        """None of the events concerns the policy: move without waiting for the disk. Raises CheckpointMoved.

        A crash of the database may take it back; then they are passed by again.
        """
        old, new = events[0].position - 1, events[-1].position
        await self._moves.move(self._name, old=old, new=new, epoch=epoch)
        return new
