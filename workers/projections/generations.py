"""Which generations of a projection there are, and which of them readers see."""

from dataclasses import dataclass

from eventstore import checkpoints
from eventstore.pool import Connection
from workers.projections.projection import Projection
from workers.projections.tables import Generation, create_indexes, create_table, show

LOCK = "SELECT pg_advisory_xact_lock(7305, 2)"
LIVE = "SELECT generation FROM rm.generations WHERE projection = $1 AND state = 'live'"
NEXT = "SELECT coalesce(max(generation), 0) + 1 FROM rm.generations WHERE projection = $1"
INSERT = """
INSERT INTO rm.generations (projection, generation, state, fold_version) VALUES ($1, $2, $3, $4)
"""
NOTE_ERROR = "UPDATE rm.generations SET error = $3 WHERE projection = $1 AND generation = $2"
LIST = """
SELECT g.projection, g.generation, g.state, g.fold_version, g.error, g.created_at, c.position
FROM rm.generations g JOIN es.checkpoints c ON c.name = g.projection || '@' || g.generation
ORDER BY g.projection, g.generation
"""


@dataclass(frozen=True, slots=True)
class Listed:
    """One generation as the operator sees it. `outdated`: the code's fold is newer than what built it."""

    projection: str
    generation: int
    state: str
    fold_version: int
    position: int
    error: str | None


async def live(conn: Connection, projection: Projection) -> Generation | None:
    number = await conn.fetchval(LIVE, projection.name)
    return None if number is None else Generation(projection, number)


async def ensure_live(conn: Connection, projection: Projection) -> Generation:
    """The live generation; a projection that is new gets its first one, empty and at the log's start."""
    async with conn.transaction():
        await conn.execute(LOCK)
        generation = await live(conn, projection)
        if generation is None:
            generation = await create(conn, projection, "live")
            await create_indexes(conn, generation)
            await show(conn, generation)
        return generation


async def create(conn: Connection, projection: Projection, state: str) -> Generation:
    """A new generation without secondary indexes, its checkpoint at 0. Needs the caller's transaction."""
    number = await conn.fetchval(NEXT, projection.name)
    generation = Generation(projection, number)
    await conn.execute(INSERT, projection.name, number, state, projection.fold_version)
    await create_table(conn, generation)
    await checkpoints.create(conn, generation.checkpoint, 0)
    return generation


async def note_error(conn: Connection, generation: Generation, error: str | None) -> None:
    """Show the operator why the projection stands still; None: it goes on."""
    await conn.execute(NOTE_ERROR, generation.projection.name, generation.number, error)


async def list_all(conn: Connection) -> list[Listed]:
    rows = await conn.fetch(LIST)
    return [
        Listed(
            row["projection"],
            row["generation"],
            row["state"],
            row["fold_version"],
            row["position"],
            row["error"],
        )
        for row in rows
    ]
