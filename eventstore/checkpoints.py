"""How far each reader of the log has come, moved in the caller's own transaction.

The move is a compare-and-set: of two copies of a reader one wins, and the other's transaction rolls back. The
epoch (see leases) refuses a reader that has lost its lease, however late it wakes up.
"""

from dataclasses import dataclass

from eventstore.pool import Connection

READ = "SELECT position, epoch FROM es.checkpoints WHERE name = $1"
CREATE = "INSERT INTO es.checkpoints (name, position) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING"
ADVANCE = """
UPDATE es.checkpoints SET position = $3, epoch = $4, updated_at = clock_timestamp()
WHERE name = $1 AND position = $2 AND epoch <= $4
RETURNING position
"""
SKIP = """
UPDATE es.checkpoints SET position = $3, epoch = $4, updated_at = clock_timestamp()
FROM (SELECT set_config('synchronous_commit', 'off', true)) AS relaxed
WHERE name = $1 AND position = $2 AND epoch <= $4
RETURNING position
"""


class CheckpointMoved(Exception):
    """Somebody else moved the checkpoint, or holds a newer epoch: nothing of this transaction may stay."""


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


async def skip(connection: Connection, name: str, *, old: int, new: int, epoch: int = 0) -> None:
    """The same where nothing had to be done: by itself, in one round trip, without waiting for the disk.

    A crash may take it back, and then the reader skips them again. Raises CheckpointMoved.
    """
    if await connection.fetchval(SKIP, name, old, new, epoch) is None:
        raise CheckpointMoved(f"{name} is not at {old} any more, or epoch {epoch} is over")
