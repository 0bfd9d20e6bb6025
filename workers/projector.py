"""Feeds one projection: fold a batch, write what it touched and move the checkpoint, in one statement."""

from collections.abc import Iterator, Mapping, Sequence

from eventstore import checkpoints
from eventstore.checkpoints import FIRST, MOVED, CheckpointMoved, Work, advance_with
from eventstore.codec import Codec
from eventstore.errors import TableGone
from eventstore.events import RecordedEvent
from eventstore.pool import Pool, connection
from eventstore.shared_moves import SharedMoves
from workers.projections import generations, tables
from workers.projections.folding import Documents, ended_families, fold, touched_keys
from workers.projections.projection import Projection
from workers.projections.tables import Generation, Row

BELL = "rm_changed"
RING = "SELECT pg_notify($1, '')"
MOST_DOCUMENTS = 5_000
REMEMBERED = 500
"""Documents kept: only who holds the checkpoint changes them, so what it wrote last is what is there."""


class Projector:
    """A consumer that writes a read model. It follows the live generation, whichever that is."""

    def __init__(self, projection: Projection, pool: Pool, codec: Codec, moves: SharedMoves) -> None:
        self.name = f"projection:{projection.name}"
        self.reacts_to = projection.types
        self._projection = projection
        self._pool = pool
        self._codec = codec
        self._moves = moves
        self._generation: Generation | None = None
        self._documents: Documents = {}

    async def position(self) -> int:
        """Where the live generation stands; creates the first one of a new projection.

        Called first, and after every failure: nothing that was remembered before it counts.
        """
        self._documents = {}
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
        try:
            for part in _parts(self._projection, [self._codec.upcast(event) for event in events]):
                await self._take_in(generation, part, epoch)
        except TableGone as error:
            raise CheckpointMoved(f"{generation.name} was live, and is dropped") from error
        return events[-1].position

    async def report(self, error: str | None) -> None:
        """Note for the operator why it stands still; None: all is well again."""
        if self._generation is not None:
            async with connection(self._pool) as conn:
                await generations.note_error(conn, self._generation, error)

    async def _take_in(self, generation: Generation, events: Sequence[RecordedEvent], epoch: int) -> None:
        old, new = events[0].position - 1, events[-1].position
        rows = await self._fold(generation, events)
        ended = ended_families(self._projection, events)
        if ended:
            await self._end(generation, ended, rows, old=old, new=new, epoch=epoch)
        elif rows:
            await self._write(generation, rows, old=old, new=new, epoch=epoch)
        else:
            await self._moves.move(generation.checkpoint, old=old, new=new, epoch=epoch)

    async def _fold(self, generation: Generation, events: Sequence[RecordedEvent]) -> list[Row]:
        """The rows that these events touch, as they leave them."""
        keys = touched_keys(self._projection, events)
        unknown = keys - self._documents.keys()
        if unknown:
            async with connection(self._pool) as conn:
                self._documents.update(await tables.load(conn, generation, unknown))
        positions = fold(self._projection, self._documents, events)
        rows = tables.rows(self._projection, self._documents, positions)
        if len(self._documents) > REMEMBERED:
            self._documents = {key: self._documents[key] for key in positions}
        return rows

    async def _write(
        self, generation: Generation, rows: Sequence[Row], *, old: int, new: int, epoch: int
    ) -> None:
        work = Work(tables.store_statement(generation, FIRST, MOVED), tables.columns_of(rows))
        async with connection(self._pool) as conn:
            await advance_with(conn, generation.checkpoint, work, old=old, new=new, epoch=epoch, bell=BELL)

    async def _end(
        self,
        generation: Generation,
        families: Mapping[str, int],
        rows: Sequence[Row],
        *,
        old: int,
        new: int,
        epoch: int,
    ) -> None:
        """Seldom, so that statements of their own will do."""
        async with connection(self._pool) as conn, conn.transaction():
            await checkpoints.advance(conn, generation.checkpoint, old=old, new=new, epoch=epoch)
            await tables.end(conn, generation, families)
            await tables.store(conn, generation, rows)
            await conn.execute(RING, BELL)


def _parts(projection: Projection, events: Sequence[RecordedEvent]) -> Iterator[Sequence[RecordedEvent]]:
    """In order, each small enough for one statement: an event may touch a thousand documents."""
    start, keys = 0, set[str]()
    for i, event in enumerate(events):
        keys.update(projection.keys_of(event))
        if len(keys) > MOST_DOCUMENTS and i > start:
            yield events[start:i]
            start, keys = i, set(projection.keys_of(event))
    yield events[start:]
