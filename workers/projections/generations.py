"""Which generations of a projection there are, and which of them readers see."""

from dataclasses import dataclass

from eventstore import checkpoints
from eventstore.pool import Connection
from workers.projections.projection import Projection
from workers.projections.tables import Generation, create_indexes, create_table, drop_table, show

LOCK = "SELECT pg_advisory_xact_lock(7305, 3)"
LIVE = "SELECT generation FROM rm.generations WHERE projection = $1 AND state = 'live'"
NEXT = "SELECT coalesce(max(generation), 0) + 1 FROM rm.generations WHERE projection = $1"
INSERT = """
INSERT INTO rm.generations (projection, generation, state, fold_version) VALUES ($1, $2, $3, $4)
"""
FIND = """
SELECT generation, fold_version FROM rm.generations
WHERE projection = $1 AND state = $2 ORDER BY generation DESC
"""
STATE = "UPDATE rm.generations SET state = $3, error = NULL WHERE projection = $1 AND generation = $2"
EPOCH = "UPDATE es.checkpoints SET epoch = $2 WHERE name = $1"
HOLD = "SELECT position, epoch FROM es.checkpoints WHERE name = $1 FOR UPDATE"
FORGET = "DELETE FROM rm.generations WHERE projection = $1 AND generation = $2"
FORGET_CHECKPOINT = "DELETE FROM es.checkpoints WHERE name = $1"
NOTE_ERROR = "UPDATE rm.generations SET error = $3 WHERE projection = $1 AND generation = $2"
LIST = """
SELECT g.projection, g.generation, g.state, g.fold_version, g.error, g.created_at, c.position
FROM rm.generations g JOIN es.checkpoints c ON c.name = g.projection || '@' || g.generation
ORDER BY g.projection, g.generation
"""

SEALED = 2**63 - 1
"""The epoch of a generation that isn't live. No lease reaches it: a worker that still feeds it is refused."""


@dataclass(frozen=True, slots=True)
class Found:
    """A generation that exists, and the version of the fold that built it."""

    generation: Generation
    fold_version: int


@dataclass(frozen=True, slots=True)
class Listed:
    """One generation as the operator sees it."""

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


async def in_state(conn: Connection, projection: Projection, state: str) -> list[Found]:
    """The newest first."""
    rows = await conn.fetch(FIND, projection.name, state)
    return [Found(Generation(projection, row["generation"]), row["fold_version"]) for row in rows]


async def hold(conn: Connection, generation: Generation) -> checkpoints.Checkpoint:
    """Until the caller's transaction ends its checkpoint stands still."""
    row = await conn.fetchrow(HOLD, generation.checkpoint)
    if row is None:
        raise LookupError(f"{generation.checkpoint} is gone")
    return checkpoints.Checkpoint(row["position"], row["epoch"])


async def swap(conn: Connection, old: Generation, new: Generation) -> None:
    """Show `new` instead of `old`, whose checkpoint the caller's transaction holds and `new` has reached.

    The worker that feeds `old` is refused from then on, looks which one is live, and goes on with `new`.
    """
    epoch = (await hold(conn, old)).epoch
    await conn.execute(STATE, old.projection.name, old.number, "retired")
    await conn.execute(STATE, new.projection.name, new.number, "live")
    await conn.execute(EPOCH, new.checkpoint, epoch)
    await conn.execute(EPOCH, old.checkpoint, SEALED)
    await show(conn, new)


async def drop(conn: Connection, generation: Generation) -> None:
    """Needs the caller's transaction."""
    await drop_table(conn, generation)
    await conn.execute(FORGET, generation.projection.name, generation.number)
    await conn.execute(FORGET_CHECKPOINT, generation.checkpoint)


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
