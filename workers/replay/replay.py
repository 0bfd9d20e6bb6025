"""What an operator can have replayed: rebuild, verify, swap, rollback. One of them at a time a projection."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from eventstore import checkpoints
from eventstore.checkpoints import Checkpoint
from eventstore.codec import Codec
from eventstore.leases import Leases, holding
from eventstore.pool import Pool, connection
from workers.projections import generations
from workers.projections.generations import SEALED, Found
from workers.projections.projection import Projection
from workers.projections.tables import Generation
from workers.replay.build import Build
from workers.replay.finishing import Outcome, finish, swap_with_live
from workers.replay.pages import LogPages
from workers.replay.progress import Progress
from workers.replay.refusals import ReplayRefused, find_projection

TTL = timedelta(seconds=5)
PATIENCE = 2 * TTL.total_seconds()
BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Pace:
    """`batch`: events read at once; `max_rate`: events a second, None: as fast as it goes."""

    batch: int = BATCH
    max_rate: float | None = None


class Replay:
    """Raises ReplayRefused, CheckpointMoved (another replay interfered) and StoreUnavailable."""

    def __init__(self, pool: Pool, codec: Codec, leases: Leases, progress: Progress) -> None:
        self._pool = pool
        self._codec = codec
        self._leases = leases
        self._progress = progress

    async def rebuild(
        self,
        name: str,
        pace: Pace | None = None,
        *,
        anew: bool = False,
        swaps: bool = True,
        accept_differences: bool = False,
    ) -> Outcome:
        """Build the next generation, or go on with the one begun; compare it with the live one; swap."""
        async with self._alone(name) as projection:
            if anew:
                await self._drop_begun(projection)
            build = await self._begin(projection, pace or Pace())
            return await finish(build, swaps=swaps, accept_differences=accept_differences)

    async def verify(self, name: str, pace: Pace | None = None) -> Outcome:
        """Compare the live generation with one built for that alone, unless one is in building anyway."""
        async with self._alone(name) as projection:
            kept = await self._in_state(projection, "building")
            build = await self._begin(projection, pace or Pace())
            outcome = await finish(build, swaps=False, accept_differences=False)
            if not kept:
                await self._drop(build.generation)
            return outcome

    async def swap(self, name: str, *, accept_differences: bool = False) -> Outcome:
        """Show what `rebuild --no-swap` has built."""
        async with self._alone(name) as projection:
            if not await self._in_state(projection, "building"):
                raise ReplayRefused(f"Nothing is built: run `statuspages replay rebuild {name}`.")
            build = await self._begin(projection, Pace())
            return await finish(build, swaps=True, accept_differences=accept_differences)

    async def rollback(self, name: str) -> Outcome:
        """Show the generation again that was live before, caught up with the log."""
        async with self._alone(name) as projection:
            retired = await self._in_state(projection, "retired")
            if not retired:
                raise ReplayRefused(f"{name} has no earlier generation to go back to.")
            if retired[0].fold_version != projection.fold_version:
                raise ReplayRefused(
                    f"{retired[0].generation.checkpoint} was built by fold version {retired[0].fold_version},"
                    f" this release has {projection.fold_version}: roll the release back first."
                )
            return await swap_with_live(await self._build(retired[0].generation, Pace()), None)

    @asynccontextmanager
    async def _alone(self, name: str) -> AsyncIterator[Projection]:
        """By lease. That of a replay which was killed ends by itself: that long it waits."""
        async with connection(self._pool) as conn:
            projection = await find_projection(conn, name)
        patience = asyncio.Event()
        timer = asyncio.get_running_loop().call_later(PATIENCE, patience.set)
        async with holding(self._leases, f"replay:{projection.name}", patience, TTL) as lease:
            timer.cancel()
            if lease is None:
                raise ReplayRefused(f"Another replay of {name} is running; see `statuspages replay status`.")
            yield projection

    async def _begin(self, projection: Projection, pace: Pace) -> Build:
        for found in await self._in_state(projection, "building"):
            if found.fold_version == projection.fold_version:
                self._progress.begins(f"going on with {found.generation.checkpoint}")
                return await self._build(found.generation, pace)
        await self._drop_begun(projection)  # by another release
        async with connection(self._pool) as conn, conn.transaction():
            generation = await generations.create(conn, projection, "building")
        self._progress.begins(f"building {generation.checkpoint}")
        return await self._build(generation, pace)

    async def _build(self, generation: Generation, pace: Pace) -> Build:
        async with connection(self._pool) as conn:
            start = await checkpoints.create(conn, generation.checkpoint, 0)
        log = LogPages(self._pool, self._codec, generation.projection.types, pace.batch)
        return Build(log, generation, Checkpoint(start.position, SEALED), self._progress, pace.max_rate)

    async def _in_state(self, projection: Projection, state: str) -> list[Found]:
        async with connection(self._pool) as conn:
            return await generations.in_state(conn, projection, state)

    async def _drop_begun(self, projection: Projection) -> None:
        for found in await self._in_state(projection, "building"):
            await self._drop(found.generation)

    async def _drop(self, generation: Generation) -> None:
        async with connection(self._pool) as conn, conn.transaction():
            await generations.drop(conn, generation)
