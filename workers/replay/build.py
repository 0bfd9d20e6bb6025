"""Folds the log into one generation's table, faster than live: documents stay in memory between pages.

What was folded is written every two seconds or so, each document once, with the checkpoint in the same
transaction. After a crash the next build goes on from there.
"""

import asyncio
import time

from eventstore import checkpoints
from eventstore.pool import connection
from workers.projections import tables
from workers.projections.folding import Documents, fold, touched_keys
from workers.projections.tables import Generation
from workers.replay.pages import LogPages, Page
from workers.replay.progress import Progress
from workers.replay.refusals import ReplayRefused

WRITE_SECONDS = 2.0
WRITE_DOCUMENTS = 10_000
REMEMBERED = 50_000
# The log has all of it: a crash may take back the last commits, the checkpoint with them.
RELAXED = "SET LOCAL synchronous_commit = off"
MALFORMED = (KeyError, IndexError, TypeError, ValueError, AttributeError)


class Build:
    """`position`: what is written. `folded` and `seconds`: of this run.

    The epoch of `start` moves the checkpoint: SEALED unless the generation is live.
    """

    def __init__(
        self,
        log: LogPages,
        generation: Generation,
        start: checkpoints.Checkpoint,
        progress: Progress,
        max_rate: float | None = None,
    ) -> None:
        self.log = log
        self.generation = generation
        self.progress = progress
        self.position = start.position
        self.folded = 0
        self.seconds = 0.0
        self._epoch = start.epoch
        self._max_rate = max_rate
        self._documents: Documents = {}
        self._unwritten: dict[str, int] = {}
        self._all_in_memory = start.position == 0

    async def run(self, upto: int) -> None:
        """Everything up to `upto` is folded and written. Raises ReplayRefused (a fold failed),
        CheckpointMoved (somebody else feeds this generation) and StoreUnavailable.
        """
        started, written_at, first = time.monotonic(), time.monotonic(), self.position
        async for page in self.log.between(self.position, upto):
            await self._fold(page)
            if len(self._unwritten) > WRITE_DOCUMENTS or time.monotonic() > written_at + WRITE_SECONDS:
                await self._write(page.upto)
                written_at = time.monotonic()
            self.progress.folded(page.upto, upto)
            await self._brake(page.upto - first, started)
        if self.position < upto:
            await self._write(upto)
        self.folded += self.position - first
        self.seconds += time.monotonic() - started

    async def _fold(self, page: Page) -> None:
        projection = self.generation.projection
        await self._load(page)
        try:
            self._unwritten |= fold(projection, self._documents, page.events)
        except MALFORMED as error:
            first, last = page.events[0].position, page.events[-1].position
            raise ReplayRefused(
                f"{projection.name} cannot take in an event between positions {first} and {last}: {error!r};"
                " `--batch 1` shows which."
            ) from error

    async def _load(self, page: Page) -> None:
        """What the page touches and is not in memory; nothing, while all there is is in memory."""
        if self._all_in_memory:
            return
        missing = touched_keys(self.generation.projection, page.events) - self._documents.keys()
        if missing:
            async with connection(self.log.pool) as conn:
                self._documents.update(await tables.load(conn, self.generation, missing))

    async def _write(self, upto: int) -> None:
        async with connection(self.log.pool) as conn, conn.transaction():
            await conn.execute(RELAXED)
            await checkpoints.advance(
                conn, self.generation.checkpoint, old=self.position, new=upto, epoch=self._epoch
            )
            await tables.store(conn, self.generation, self._documents, self._unwritten)
        self.position = upto
        self._forget_cold()
        self._unwritten = {}

    def _forget_cold(self) -> None:
        """Beyond a certain number only what was written just now stays in memory."""
        if len(self._documents) > REMEMBERED:
            self._documents = {key: self._documents[key] for key in self._unwritten}
            self._all_in_memory = False

    async def _brake(self, events: int, started: float) -> None:
        if self._max_rate is not None:
            await asyncio.sleep(max(0.0, started + events / self._max_rate - time.monotonic()))
