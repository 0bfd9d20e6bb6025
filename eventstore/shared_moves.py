"""Moves of checkpoints by which nothing else is done: those of one process share a statement."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from eventstore.checkpoints import CheckpointMoved
from eventstore.pool import Pool, connection
from eventstore.store import StoreUnavailable

MOVE = """
WITH moved AS (
    UPDATE es.checkpoints AS c SET position = m.new, epoch = m.epoch, updated_at = clock_timestamp()
    FROM (SELECT set_config('synchronous_commit', 'off', true)) AS relaxed,
        unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[]) AS m (name, old, new, epoch)
    WHERE c.name = m.name AND c.position = m.old AND c.epoch <= m.epoch
    RETURNING c.name
)
SELECT name, pg_notify($5, '') FROM moved
"""


@dataclass(slots=True, eq=False)
class _Move:
    name: str
    old: int
    new: int
    epoch: int
    done: asyncio.Future[None] = field(default_factory=asyncio.Future)


class SharedMoves:
    """One statement at a time is in flight; the next takes all that came meanwhile; each rings the bell."""

    def __init__(self, pool: Pool, bell: str) -> None:
        self._pool = pool
        self._bell = bell
        self._queue: list[_Move] = []
        self._flight: asyncio.Task[None] | None = None

    async def move(self, name: str, *, old: int, new: int, epoch: int) -> None:
        """Without waiting for the disk: a crash of the database may take it back, and then the reader passes
        the same events again. Raises CheckpointMoved, StoreUnavailable.
        """
        move = _Move(name, old, new, epoch)
        self._queue.append(move)
        self._take_off()
        await move.done

    def _take_off(self) -> None:
        if self._flight is None and self._queue:
            self._flight = asyncio.create_task(self._fly())

    async def _fly(self) -> None:
        moves, self._queue = self._queue, []
        try:
            moved = await self._send(moves)
        except StoreUnavailable as error:
            for move in moves:
                _fail(move, error)
        else:
            for move in moves:
                _answer(move, moved)
        finally:
            for move in moves:  # without an answer only if this task ended in an unforeseen way
                _fail(move, StoreUnavailable("the moves failed"))
            self._flight = None
            self._take_off()

    async def _send(self, moves: list[_Move]) -> set[str]:
        """The names of those that moved."""
        ordered = sorted(moves, key=lambda move: move.name)  # two processes lock them in one order
        columns: list[list[Any]] = [
            [getattr(move, field) for move in ordered] for field in ("name", "old", "new", "epoch")
        ]
        async with connection(self._pool) as conn:
            return {row["name"] for row in await conn.fetch(MOVE, *columns, self._bell)}


def _answer(move: _Move, moved: set[str]) -> None:
    if move.name not in moved:
        _fail(move, CheckpointMoved(f"{move.name} is not at {move.old} any more, or its epoch is over"))
    elif not move.done.done():
        move.done.set_result(None)


def _fail(move: _Move, error: Exception) -> None:
    if not move.done.done():
        move.done.set_exception(error)
