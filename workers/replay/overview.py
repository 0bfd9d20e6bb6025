"""Every generation there is, for the operator."""

from dataclasses import dataclass

from eventstore.pool import Pool, connection
from workers.projections import generations
from workers.projections.generations import Listed
from workers.projections.registry import PROJECTIONS
from workers.replay.pages import HEAD


@dataclass(frozen=True, slots=True)
class Entry:
    """`outdated`: this release folds differently from what built the generation. `lag`: events behind."""

    projection: str
    generation: int
    state: str
    fold_version: int
    outdated: bool
    position: int
    lag: int
    error: str | None


async def overview(pool: Pool) -> list[Entry]:
    """By projection, the oldest generation first. Raises StoreUnavailable."""
    async with connection(pool) as conn:
        listed = await generations.list_all(conn)
        head = await conn.fetchval(HEAD)
    return [_entry(each, head) for each in listed]


def _entry(listed: Listed, head: int) -> Entry:
    projection = PROJECTIONS.get(listed.projection)
    return Entry(
        projection=listed.projection,
        generation=listed.generation,
        state=listed.state,
        fold_version=listed.fold_version,
        outdated=projection is not None and projection.fold_version != listed.fold_version,
        position=listed.position,
        lag=max(0, head - listed.position),
        error=listed.error,
    )
