"""Read models of a long log, built the way a rebuild does: far faster than by living through it."""

from collections.abc import Container

from eventstore import checkpoints
from eventstore.checkpoints import Checkpoint
from eventstore.pool import connection
from service.wiring.core import Core
from workers.projections import generations
from workers.projections.projection import Projection
from workers.projections.registry import PROJECTIONS
from workers.projections.tables import Generation
from workers.replay.build import Build
from workers.replay.pages import LogPages
from workers.replay.replay import BATCH


class Silent:
    """A progress that nobody watches."""

    def begins(self, step: str) -> None:
        """Nobody watches."""

    def folded(self, position: int, head: int) -> None:
        """Nobody watches."""


async def build_read_models(core: Core, types: Container[str] | None = None) -> None:
    """From where they are to the head of the log; nobody else may feed them meanwhile.

    `types`: of all the events that are new; None: any.
    """
    head = await core.store.head()
    for projection in PROJECTIONS.values():
        live, start = await _live(core, projection)
        if types is None or any(each in types for each in projection.folds):
            log = LogPages(core.pool, core.codec, projection.folds.keys(), BATCH)
            await Build(log, live, start, Silent()).run(head)
        else:
            async with connection(core.pool) as conn:
                await checkpoints.advance(conn, live.checkpoint, old=start.position, new=head)
    await _settle(core)


async def _settle(core: Core) -> None:
    """What the server would do in its own time to so much that is new: else it does it while we measure."""
    async with connection(core.pool) as conn:
        await conn.execute("VACUUM (ANALYZE)")
        await conn.execute("CHECKPOINT")


async def _live(core: Core, projection: Projection) -> tuple[Generation, Checkpoint]:
    async with connection(core.pool) as conn:
        live = await generations.ensure_live(conn, projection)
        return live, await checkpoints.create(conn, live.checkpoint, 0)
