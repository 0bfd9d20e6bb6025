"""From the live generation to another one: in one short transaction, without a gap for worker or readers."""

import asyncio

from eventstore.pool import Pool, connection
from eventstore.store import StoreUnavailable
from workers.projections import generations
from workers.projections.tables import Generation
from workers.replay.build import Build
from workers.replay.refusals import ReplayRefused

ATTEMPTS = 30
PAUSE = 0.5
# Replacing the view waits for its readers, and new readers wait behind it: give up before they notice.
WAIT_BRIEFLY = "SET LOCAL lock_timeout = '1s'"
SIGNAL = "SELECT pg_notify('rm_changed', '')"


async def swap(build: Build, live: Generation) -> None:
    """Readers see the built generation from its commit on.

    Raises ReplayRefused (the view's readers never left), CheckpointMoved, StoreUnavailable.
    """
    for _ in range(ATTEMPTS):
        await build.run(
            await build.log.head()
        )  # so that little is left to do while the live checkpoint is held
        try:
            await _swap_once(build, live)
        except StoreUnavailable:
            await asyncio.sleep(PAUSE)
        else:
            return
    view = f"rm.{live.projection.name}"
    raise ReplayRefused(
        f"Some transaction keeps {view} locked (a dump?): nothing was swapped. Run `statuspages replay swap"
        f" {live.projection.name}` when it has ended."
    )


async def _swap_once(build: Build, live: Generation) -> None:
    async with connection(build.log.pool) as conn:
        async with conn.transaction():
            await conn.execute(WAIT_BRIEFLY)
            position = (await generations.hold(conn, live)).position
            await build.run(min(position, await build.log.head()))
            await generations.swap(conn, live, build.generation)
        await conn.execute(SIGNAL)


async def drop_older(pool: Pool, previous: Generation) -> None:
    """Of the retired generations only `previous` stays, for a rollback."""
    async with connection(pool) as conn, conn.transaction():
        for found in await generations.in_state(conn, previous.projection, "retired"):
            if found.generation != previous:
                await generations.drop(conn, found.generation)
