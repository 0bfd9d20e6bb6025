"""Feeds one projection: fold a batch, write what it touched and move the checkpoint, in one transaction."""

from collections.abc import Sequence

from eventstore import checkpoints
from eventstore.codec import Codec
from eventstore.events import RecordedEvent
from eventstore.pool import Connection, Pool, connection
from workers.projections import generations, tables
from workers.projections.folding import fold, touched_keys
from workers.projections.projection import Projection
from workers.projections.tables import Generation

# What a read model has is in the log too: a crash may take its last commits back, the checkpoint with them.
RELAXED = "SET LOCAL synchronous_commit = off"
SIGNAL = "SELECT pg_notify('rm_changed', '')"


class Projector:
    """A consumer that writes a read model. It follows the live generation, whichever that is."""

    def __init__(self, projection: Projection, pool: Pool, codec: Codec) -> None:
        self.name = f"projection:{projection.name}"
        self._projection = projection
        self._pool = pool
        self._codec = codec
        self._generation: Generation | None = None

    async def position(self) -> int:
        """Where the live generation stands; creates the first one of a new projection."""
        async with connection(self._pool) as conn:
            self._generation = await generations.ensure_live(conn, self._projection)
            return (await checkpoints.create(conn, self._generation.checkpoint, 0)).position

    async def apply(self, events: Sequence[RecordedEvent], epoch: int) -> int:
        """Take in the events that follow the checkpoint; answers with the new position.

        Raises checkpoints.CheckpointMoved when another process was faster, or holds a newer lease.
        """
        generation = self._generation
        if generation is None:
            raise RuntimeError("position() comes before apply()")
        lifted = self._lift(events)
        async with connection(self._pool) as conn:
            if touched_keys(self._projection, lifted):
                async with conn.transaction():
                    await conn.execute(RELAXED)
                    await apply_batch(conn, generation, lifted, epoch)
            else:
                old, new = events[0].position - 1, events[-1].position
                await checkpoints.skip(conn, generation.checkpoint, old=old, new=new, epoch=epoch)
            await conn.execute(SIGNAL)
        return events[-1].position

    async def report(self, error: str | None) -> None:
        """Note for the operator why it stands still; None: all is well again."""
        if self._generation is not None:
            async with connection(self._pool) as conn:
                await generations.note_error(conn, self._generation, error)

    def _lift(self, events: Sequence[RecordedEvent]) -> list[RecordedEvent]:
        return [self._codec.upcast(event) for event in events]


async def apply_batch(
    conn: Connection, generation: Generation, events: Sequence[RecordedEvent], epoch: int
) -> int:
    """Fold the events into the generation's table, within the caller's transaction.

    The checkpoint comes first: a generation that isn't live any more may have lost its table too.
    """
    projection, last = generation.projection, events[-1].position
    await checkpoints.advance(conn, generation.checkpoint, old=events[0].position - 1, new=last, epoch=epoch)
    keys = touched_keys(projection, events)
    documents = await tables.load(conn, generation, keys) if keys else {}
    positions = fold(projection, documents, events)
    await tables.store(conn, generation, tables.rows(projection, documents, positions))
    return last
