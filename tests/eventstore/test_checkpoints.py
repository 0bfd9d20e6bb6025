import asyncio
from uuid import uuid4

import asyncpg
import pytest

from eventstore import checkpoints
from eventstore.checkpoints import FIRST, MOVED, Checkpoint, CheckpointMoved, Work, advance_with
from eventstore.pool import Connection, Pool


@pytest.fixture
def name() -> str:
    return f"reader-{uuid4()}"


async def test_a_reader_that_never_was_has_no_checkpoint(pool: Pool, name: str) -> None:
    async with pool.acquire() as connection:
        assert await checkpoints.read(connection, name) is None


async def test_a_reader_starts_where_it_is_told_and_only_once(pool: Pool, name: str) -> None:
    async with pool.acquire() as connection:
        assert await checkpoints.create(connection, name, 5) == Checkpoint(5, 0)
        assert await checkpoints.create(connection, name, 9) == Checkpoint(5, 0)


async def test_a_checkpoint_moves_from_where_it_stands(pool: Pool, name: str) -> None:
    async with pool.acquire() as connection:
        await checkpoints.create(connection, name, 0)
        await checkpoints.advance(connection, name, old=0, new=3, epoch=2)
        assert await checkpoints.read(connection, name) == Checkpoint(3, 2)


async def test_of_two_copies_that_did_the_same_work_one_is_refused(pool: Pool, name: str) -> None:
    async with pool.acquire() as connection:
        await checkpoints.create(connection, name, 0)
        await checkpoints.advance(connection, name, old=0, new=3)
        with pytest.raises(CheckpointMoved):
            await checkpoints.advance(connection, name, old=0, new=3)


async def test_an_older_epoch_is_refused(pool: Pool, name: str) -> None:
    async with pool.acquire() as connection:
        await checkpoints.create(connection, name, 0)
        await checkpoints.advance(connection, name, old=0, new=1, epoch=7)
        with pytest.raises(CheckpointMoved):
            await checkpoints.advance(connection, name, old=1, new=2, epoch=6)


async def test_work_is_done_with_the_move_and_only_its_own_commit_is_not_waited_for(
    database: str, name: str
) -> None:
    connection = await asyncpg.connect(database, server_settings={"synchronous_commit": "on"})
    await checkpoints.create(connection, name, 0)
    rung = asyncio.Event()
    await connection.add_listener("bell", lambda *_: rung.set())
    await advance_with(connection, name, mark(name), old=0, new=3, epoch=2, bell="bell")
    await asyncio.wait_for(rung.wait(), 5)
    assert await checkpoints.read(connection, name) == Checkpoint(3, 2)
    assert await checkpoints.read(connection, f"{name}-work") == Checkpoint(1, 0)
    assert await connection.fetchval("SHOW synchronous_commit") == "on"
    await connection.close()


@pytest.mark.parametrize(("old", "epoch"), [(0, 2), (3, 1)], ids=["moved meanwhile", "older epoch"])
async def test_work_is_not_done_where_the_move_is_refused(
    pool: Pool, name: str, old: int, epoch: int
) -> None:
    async with pool.acquire() as connection:
        await checkpoints.create(connection, name, 0)
        await checkpoints.advance(connection, name, old=0, new=3, epoch=2)
        with pytest.raises(CheckpointMoved):
            await advance_with(connection, name, mark(name), old=old, new=4, epoch=epoch, bell="bell")
        assert await checkpoints.read(connection, f"{name}-work") is None


def mark(name: str) -> Work:
    """Leaves a checkpoint of another name."""
    statement = f"INSERT INTO es.checkpoints (name, position) SELECT ${FIRST}::text, 1 WHERE {MOVED}"
    return Work(statement, [f"{name}-work"])


async def test_a_refusal_takes_the_work_of_its_transaction_along(pool: Pool, name: str) -> None:
    async with pool.acquire() as connection:
        await checkpoints.create(connection, name, 0)
        with pytest.raises(CheckpointMoved):
            await work_and_advance(connection, name)
        assert await checkpoints.read(connection, f"{name}-work") is None


async def work_and_advance(connection: Connection, name: str) -> None:
    async with connection.transaction():
        await checkpoints.create(connection, f"{name}-work", 1)
        await checkpoints.advance(connection, name, old=4, new=5)
