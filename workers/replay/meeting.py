"""The built and the live generation at one and the same position, while the live one keeps moving.

The live checkpoint is held for the last few events only, until a snapshot has been taken in which both are
equally far; the comparison then takes its time in that snapshot, and the live worker goes on.
"""

from eventstore import checkpoints
from eventstore.checkpoints import CheckpointMoved
from eventstore.pool import Connection, connection
from workers.projections import generations
from workers.projections.tables import Generation, same_columns
from workers.replay.build import Build
from workers.replay.compare import Comparison, compare
from workers.replay.refusals import ReplayRefused

ATTEMPTS = 50
TAKE_SNAPSHOT = "SELECT 1"


async def compare_with_live(build: Build, live: Generation) -> Comparison | None:
    """None: the two have different look-up columns, so that no row equals another.

    Raises ReplayRefused, CheckpointMoved, StoreUnavailable.
    """
    async with connection(build.log.pool) as conn:
        if not await same_columns(conn, live.table, build.generation.table):
            return None
    for _ in range(ATTEMPTS):
        await build.run(await build.log.head())
        await _bring_up(live, build)
        comparison = await _compare_if_together(build, live)
        if comparison is not None:
            return comparison
    raise ReplayRefused(f"{live.checkpoint} never stood still long enough; try again when less is written.")


async def _bring_up(live: Generation, build: Build) -> None:
    """What the live worker would do next, for the case that none is running; if one is, it may be faster."""
    async with connection(build.log.pool) as conn:
        start = await checkpoints.read(conn, live.checkpoint)
    if start is not None and start.position < build.position:
        if build.position - start.position > build.log.size:
            build.progress.begins("bringing the live one up to the same position")
        try:
            await Build(build.log, live, start, build.progress).run(build.position)
        except CheckpointMoved:
            return


async def _compare_if_together(build: Build, live: Generation) -> Comparison | None:
    async with (
        connection(build.log.pool) as reader,
        reader.transaction(isolation="repeatable_read", readonly=True),
    ):
        position = await _hold_both(build, live, reader)
        return None if position is None else await compare(reader, live, build.generation, position)


async def _hold_both(build: Build, live: Generation, reader: Connection) -> int | None:
    """Where both stand in the snapshot that `reader` has from now on; None: the live one is behind."""
    async with connection(build.log.pool) as holder, holder.transaction():
        position = (await generations.hold(holder, live)).position
        if position < build.position:
            return None
        await build.run(min(position, await build.log.head()))
        await reader.execute(TAKE_SNAPSHOT)
        return position
