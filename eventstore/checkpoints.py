"""How far each reader of the log has come, moved in the caller's own transaction.

The move is a compare-and-set: of two copies of a reader one wins, and the other's transaction rolls back. The
epoch (see leases) refuses a reader that has lost its lease, however late it wakes up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from eventstore.pool import Connection

READ = "SELECT position, epoch FROM es.checkpoints WHERE name = $1"
CREATE = "INSERT INTO es.checkpoints (name, position) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING"
ADVANCE = """
UPDATE es.checkpoints SET position = $3, epoch = $4, updated_at = clock_timestamp()
WHERE name = $1 AND position = $2 AND epoch <= $4
RETURNING position
"""
ADVANCE_WITH = """
WITH moved AS (
    UPDATE es.checkpoints SET position = $3, epoch = $4, updated_at = clock_timestamp()
    FROM (SELECT set_config('synchronous_commit', 'off', true)) AS relaxed
    WHERE name = $1 AND position = $2 AND epoch <= $4
    RETURNING position
), worked AS ({work})
SELECT pg_notify('{bell}', '') FROM moved
"""
FIRST = 5
MOVED = "EXISTS (SELECT FROM moved)"


class CheckpointMoved(Exception):
    """Somebody else moved the checkpoint, or holds a newer epoch: nothing of this transaction may stay."""


@dataclass(frozen=True, slots=True)
class Work:
    """A statement for `advance_with`, its `values` the parameters from FIRST on.

    It must change nothing unless MOVED holds.
    """

    statement: str
    values: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Everything up to `position` is done. `epoch` is the newest that moved it."""

    position: int
    epoch: int


async def read(connection: Connection, name: str) -> Checkpoint | None:
    """None: there is no such reader yet."""
    row = await connection.fetchrow(READ, name)
    return None if row is None else Checkpoint(row["position"], row["epoch"])


async def create(connection: Connection, name: str, position: int) -> Checkpoint:
    """Start a reader at `position`; one that exists stays where it is."""
    await connection.execute(CREATE, name, position)
    return await read(connection, name) or Checkpoint(position, 0)


async def advance(connection: Connection, name: str, *, old: int, new: int, epoch: int = 0) -> None:
    """Move from `old` to `new`. Raises CheckpointMoved: let it roll the transaction back."""
    if await connection.fetchval(ADVANCE, name, old, new, epoch) is None:
        raise CheckpointMoved(f"{name} is not at {old} any more, or epoch {epoch} is over")


async def advance_with(
    connection: Connection, name: str, work: Work, *, old: int, new: int, epoch: int, bell: str
) -> None:
    """Move, do the work and ring `bell`: in one round trip, by itself, without waiting for the disk.

    A crash of the database may take all of it back, so it must be something that can be done again. Raises
    CheckpointMoved, and nothing is done.
    """
    statement = ADVANCE_WITH.format(work=work.statement, bell=bell)
    if not await connection.fetch(statement, name, old, new, epoch, *work.values):
        raise CheckpointMoved(f"{name} is not at {old} any more, or epoch {epoch} is over")
