"""Folds the log into one generation's table, faster than live: documents stay in memory between pages.

What was folded is written every two seconds or so, each document once. After a crash the next build goes on
from what is written.
"""

import asyncio
import gc
import time
from collections.abc import Iterator
from contextlib import aclosing, contextmanager

from eventstore.checkpoints import Checkpoint
from eventstore.pool import connection
from workers.projections import tables
from workers.projections.folding import Documents, ended_families, fold, touched_keys
from workers.projections.projection import family_of
from workers.projections.tables import Generation
from workers.replay.pages import LogPages, Page
from workers.replay.progress import Progress
from workers.replay.refusals import ReplayRefused
from workers.replay.writer import Writer

WRITE_SECONDS = 2.0
WRITE_DOCUMENTS = 10_000
REMEMBERED = 50_000
MALFORMED = (KeyError, IndexError, TypeError, ValueError, AttributeError)


class Build:
    """`folded` and `seconds`: of all its runs.

    The epoch of `start` moves the checkpoint: SEALED unless the generation is live.
    """

    def __init__(
        self,
        log: LogPages,
        generation: Generation,
        start: Checkpoint,
        progress: Progress,
        max_rate: float | None = None,
    ) -> None:
        self.log = log
        self.generation = generation
        self.progress = progress
        self.max_rate = max_rate
        self.folded = 0
        self.seconds = 0.0
        self._writer = Writer(log.pool, generation, start)
        self._documents: Documents = {}
        self._unwritten: dict[str, int] = {}
        self._ended: dict[str, int] = {}  # families, since what is written
        self._stored: set[str] = set()  # of the documents in memory, those that have a row
        self._all_in_memory = start.position == 0

    @property
    def position(self) -> int:
        """Everything up to here is folded and written."""
        return self._writer.position

    async def run(self, upto: int) -> None:
        """Everything up to `upto` is folded and written. Raises ReplayRefused (a fold failed),
        CheckpointMoved (somebody else feeds this generation) and StoreUnavailable.
        """
        started, first = time.monotonic(), self.position
        if first >= upto:
            return
        try:
            with _uncollected():
                await self._fold_and_write(first, upto)
            await self._writer.settle()
        finally:
            await self._writer.abandon()
            if self.position < upto:
                self._forget_all()
        self.folded += self.position - first
        self.seconds += time.monotonic() - started

    async def _fold_and_write(self, first: int, upto: int) -> None:
        started = written_at = time.monotonic()
        async with aclosing(self.log.between(first, upto)) as pages:
            async for page in pages:
                await self._fold(page)
                now = time.monotonic()
                due = now > written_at + WRITE_SECONDS or len(self._unwritten) > WRITE_DOCUMENTS
                if due or page.upto == upto:
                    await self._write(page.upto)
                    written_at = now
                self.progress.folded(page.upto, upto)
                await self._brake(page.upto - first, started)

    async def _fold(self, page: Page) -> None:
        projection = self.generation.projection
        await self._load(page)
        try:
            self._unwritten |= fold(projection, self._documents, page.events)
            self._ended = ended_families(projection, page.events) | self._ended
        except MALFORMED as error:
            raise ReplayRefused(
                f"{projection.name} cannot take in one of the {len(page.events)} events up to position"
                f" {page.upto}: {error!r}; `--batch 1` shows which."
            ) from error

    async def _load(self, page: Page) -> None:
        """What the page touches and is not in memory; nothing, while all there is is in memory."""
        if self._all_in_memory:
            return
        missing = touched_keys(self.generation.projection, page.events) - self._documents.keys()
        if missing:
            await self._writer.settle()  # it may be on its way
            async with connection(self.log.pool) as conn:
                found = await tables.load(conn, self.generation, missing)
            ended = {key for key in found if family_of(key) in self._ended}
            self._documents.update(found | dict.fromkeys(ended))
            self._stored.update(found)

    async def _write(self, upto: int) -> None:
        known = {key: at for key, at in self._unwritten.items() if key in self._stored}
        new = {key: at for key, at in self._unwritten.items() if key not in self._stored}
        projection, documents = self.generation.projection, self._documents
        await self._writer.write(
            tables.rows(projection, documents, new),
            tables.rows(projection, documents, known),
            self._ended,
            upto,
        )
        self._stored.update(new)
        self._forget_cold()
        self._unwritten, self._ended = {}, {}

    def _forget_cold(self) -> None:
        """Beyond a certain number only what was written just now stays in memory."""
        if len(self._documents) > REMEMBERED:
            self._documents = {key: self._documents[key] for key in self._unwritten}
            self._stored = set(self._unwritten)
            self._all_in_memory = False

    def _forget_all(self) -> None:
        """It ended early: what is in memory may be ahead of what is written."""
        self._documents, self._unwritten, self._ended, self._stored = {}, {}, {}, set()
        self._all_in_memory = False

    async def _brake(self, events: int, started: float) -> None:
        """Keep to the rate; at least let the reads and the write go on."""
        wait = 0.0 if self.max_rate is None else started + events / self.max_rate - time.monotonic()
        await asyncio.sleep(max(0.0, wait))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Events and documents hold no cycles; the collector would walk through all of them over and over."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
