"""From a build to what readers see: the rest of the log, indexes, the comparison, the swap."""

from dataclasses import dataclass

from eventstore.pool import connection
from workers.projections import generations
from workers.projections.tables import Generation, create_indexes
from workers.replay.build import Build
from workers.replay.compare import Comparison
from workers.replay.meeting import compare_with_live
from workers.replay.refusals import ReplayRefused
from workers.replay.swapping import drop_older, swap


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a generation. `folded`: events of this run; `comparison`: None where there was none."""

    generation: Generation
    position: int
    folded: int
    fold_seconds: float
    comparison: Comparison | None
    swapped: bool

    @property
    def differs(self) -> bool:
        return self.comparison is not None and self.comparison.total > 0


async def finish(build: Build, *, swaps: bool, accept_differences: bool) -> Outcome:
    """Swaps only what equals the live generation, unless differences are accepted.

    Raises ReplayRefused, CheckpointMoved, StoreUnavailable.
    """
    await build.run(await build.log.head())
    build.max_rate = None  # what is left is little, and the live worker waits for its end
    build.progress.begins("indexes")
    await _index(build)
    build.progress.begins("comparing with the live one")
    comparison = await _compare(build, accept_differences=accept_differences)
    outcome = _outcome(build, comparison, swapped=False)
    if not swaps or (outcome.differs and not accept_differences):
        return outcome
    return await swap_with_live(build, comparison)


async def swap_with_live(build: Build, comparison: Comparison | None) -> Outcome:
    """Raises ReplayRefused, CheckpointMoved, StoreUnavailable."""
    build.progress.begins("swapping")
    live = await _live(build)
    await swap(build, live)
    await drop_older(build.log.pool, previous=live)
    return _outcome(build, comparison, swapped=True)


def _outcome(build: Build, comparison: Comparison | None, *, swapped: bool) -> Outcome:
    return Outcome(build.generation, build.position, build.folded, build.seconds, comparison, swapped)


async def _compare(build: Build, *, accept_differences: bool) -> Comparison | None:
    live = await _live(build)
    comparison = await compare_with_live(build, live)
    if comparison is None and not accept_differences:
        raise ReplayRefused(
            f"{live.checkpoint} has other look-up columns than this release, so nothing can be equal:"
            " swap with --accept-differences."
        )
    return comparison


async def _live(build: Build) -> Generation:
    async with connection(build.log.pool) as conn:
        return await generations.ensure_live(conn, build.generation.projection)


async def _index(build: Build) -> None:
    async with connection(build.log.pool) as conn:
        await create_indexes(conn, build.generation)
        await conn.execute(f"ANALYZE {build.generation.table}")
