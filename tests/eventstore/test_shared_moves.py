import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from eventstore import checkpoints
from eventstore.checkpoints import Checkpoint, CheckpointMoved
from eventstore.pool import Pool, connect_pool
from eventstore.shared_moves import SharedMoves
from eventstore.store import StoreUnavailable


@pytest.fixture
def moves(pool: Pool) -> SharedMoves:
    return SharedMoves(pool, "moves")


@pytest.fixture
async def names(pool: Pool) -> list[str]:
    names = [f"reader-{uuid4()}" for _ in range(20)]
    async with pool.acquire() as connection:
        for name in names:
            await checkpoints.create(connection, name, 0)
    return names


async def read(pool: Pool, name: str) -> Checkpoint | None:
    async with pool.acquire() as connection:
        return await checkpoints.read(connection, name)


async def test_moves_that_come_together_all_move(moves: SharedMoves, pool: Pool, names: list[str]) -> None:
    await asyncio.gather(*(moves.move(name, old=0, new=i, epoch=2) for i, name in enumerate(names, 1)))
    assert [await read(pool, name) for name in names] == [Checkpoint(i, 2) for i in range(1, 21)]


@pytest.mark.parametrize(("old", "epoch"), [(0, 2), (3, 1)], ids=["moved meanwhile", "older epoch"])
async def test_one_that_is_refused_spoils_none_of_the_others(
    moves: SharedMoves, pool: Pool, names: list[str], old: int, epoch: int
) -> None:
    first, *others = names
    await moves.move(first, old=0, new=3, epoch=2)
    refused, *moved = await asyncio.gather(
        moves.move(first, old=old, new=4, epoch=epoch),
        *(moves.move(name, old=0, new=4, epoch=2) for name in others),
        return_exceptions=True,
    )
    assert isinstance(refused, CheckpointMoved)
    assert moved == [None] * len(others)
    assert await read(pool, first) == Checkpoint(3, 2)


async def test_whoever_stops_waiting_holds_up_nobody(
    moves: SharedMoves, pool: Pool, names: list[str]
) -> None:
    gone = asyncio.create_task(moves.move(names[0], old=0, new=1, epoch=1))
    staying = asyncio.create_task(moves.move(names[1], old=0, new=1, epoch=1))
    await asyncio.wait({gone}, timeout=0)
    gone.cancel()
    await staying
    await moves.move(names[2], old=0, new=1, epoch=1)


async def test_a_move_rings_the_bell(moves: SharedMoves, database: str, names: list[str]) -> None:
    connection, rung = await asyncpg.connect(database), asyncio.Event()
    await connection.add_listener("moves", lambda *_: rung.set())
    await moves.move(names[0], old=0, new=1, epoch=1)
    await asyncio.wait_for(rung.wait(), 5)
    await connection.close()


@pytest.fixture
async def nowhere() -> AsyncIterator[Pool]:
    pool = await connect_pool("postgresql://nobody@127.0.0.1:1/nothing", min_size=0)
    yield pool
    await pool.close()


async def test_a_database_that_is_away_is_told_to_everybody_who_waits(nowhere: Pool) -> None:
    moves = SharedMoves(nowhere, "moves")
    answers = await asyncio.gather(
        *(moves.move(name, old=0, new=1, epoch=1) for name in ("one", "two")), return_exceptions=True
    )
    assert [type(answer) for answer in answers] == [StoreUnavailable, StoreUnavailable]
