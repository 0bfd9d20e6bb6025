"""Read models of a long log, built the way a rebuild does: far faster than by living through it."""

from eventstore.checkpoints import Checkpoint
from eventstore.pool import connection
from service.wiring.core import Core
from workers.projections import generations
from workers.projections.registry import PROJECTIONS
from workers.replay.build import Build
from workers.replay.pages import LogPages
from workers.replay.replay import BATCH


class Silent:
    """A progress that nobody watches."""

    def begins(self, step: str) -> None:
        """Nobody watches."""

    def folded(self, position: int, head: int) -> None:
        """Nobody watches."""


async def build_read_models(core: Core) -> None:
    """All of them, as they are at the head of the log; nobody else may feed them meanwhile."""
    head = await core.store.head()
    for projection in PROJECTIONS.values():
        async with connection(core.pool) as conn:
            live = await generations.ensure_live(conn, projection)
        log = LogPages(core.pool, core.codec, projection.folds.keys(), BATCH)
        await Build(log, live, Checkpoint(0, 0), Silent()).run(head)
    async with connection(core.pool) as conn:
        await conn.execute("ANALYZE")
