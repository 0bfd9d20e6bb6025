"""Writes what a build has folded, each batch while the next one is being folded."""

import asyncio
from collections.abc import Mapping, Sequence

import orjson

from eventstore import checkpoints
from eventstore.checkpoints import Checkpoint
from eventstore.pool import Pool, connection
from workers.projections import tables
from workers.projections.tables import Generation, Row

# The log has all of it: a crash may take back the last commits, the checkpoint with them.
RELAXED = "SET LOCAL synchronous_commit = off"


class Writer:
    """`position`: everything up to it is written, with the checkpoint in the same transaction."""

    def __init__(self, pool: Pool, generation: Generation, start: Checkpoint) -> None:
        self.position = start.position
        self._epoch = start.epoch
        self._pool = pool
        self._generation = generation
        self._writing: asyncio.Task[None] | None = None

    async def write(
        self, new: Sequence[Row], known: Sequence[Row], ended: Mapping[str, int], upto: int
    ) -> None:
        """Begin, when the batch before is written; the documents may change meanwhile.

        `new` rows aren't in the table yet; `ended` families may be: they end before the rows come. Raises
        what became of the batch before: see `settle`.
        """
        await self.settle()
        self._writing = asyncio.create_task(self._write(_frozen(new), _frozen(known), ended, upto))

    async def settle(self) -> None:
        """All is written. Raises CheckpointMoved (somebody else feeds this generation), StoreUnavailable."""
        if self._writing is not None:
            await self._writing
            self._writing = None

    async def abandon(self) -> None:
        """What isn't written yet never will be."""
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.wait({self._writing})
            self._writing = None

    async def _write(
        self, new: Sequence[Row], known: Sequence[Row], ended: Mapping[str, int], upto: int
    ) -> None:
        async with connection(self._pool) as conn, conn.transaction():
            await conn.execute(RELAXED)
            name = self._generation.checkpoint
            await checkpoints.advance(conn, name, old=self.position, new=upto, epoch=self._epoch)
            await tables.end(conn, self._generation, ended)
            await tables.store(conn, self._generation, known)
            await tables.store_new(conn, self._generation, new)
        self.position = upto


def _frozen(rows: Sequence[Row]) -> list[Row]:
    return [
        (key, document and orjson.Fragment(orjson.dumps(document)), *rest) for key, document, *rest in rows
    ]
