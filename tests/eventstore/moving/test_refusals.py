"""What is not imported, and that it leaves nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventstore.moving.errors import MoveRefused
from eventstore.pool import Pool, connection
from eventstore.postgres import PostgresStore
from tests.eventstore.making import a_stream, an_append
from tests.eventstore.moving.conftest import everything, exported, imported


async def test_a_database_with_something_in_it_is_refused(source: Pool, target: Pool) -> None:
    file = await exported(source)
    await PostgresStore(target).append(an_append(a_stream()))
    with pytest.raises(MoveRefused, match="empty"):
        await imported(target, file)
    assert await PostgresStore(target).head() == 1


async def test_rows_beside_an_empty_log_are_something_too(source: Pool, target: Pool) -> None:
    async with connection(target) as conn:
        await conn.execute("INSERT INTO vault.confirmations (address_hash) VALUES ('x')")
    with pytest.raises(MoveRefused, match="empty"):
        await imported(target, await exported(source))


async def test_a_database_that_somebody_works_on_is_refused(source: Pool, target: Pool) -> None:
    async with connection(target) as conn:
        await conn.execute(
            "INSERT INTO es.leases VALUES ('policy:mails', 'host:1', 1, now() + interval '1 minute')"
        )
    with pytest.raises(MoveRefused, match="host:1 works on this database"):
        await imported(target, await exported(source))


async def test_a_database_that_is_ahead_of_the_file_is_refused(source: Pool, target: Pool) -> None:
    file = await exported(source)
    async with connection(target) as conn:
        await conn.execute("INSERT INTO es_migrations VALUES ('9999_later.sql', 'abc')")
    with pytest.raises(MoveRefused, match="ahead of the export"):
        await imported(target, file)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
async def test_a_damaged_file_is_refused_and_leaves_nothing(
    data: st.DataObject, source: Pool, victim: Pool
) -> None:
    file = await exported(source)
    place = data.draw(st.integers(0, len(file) - 1), label="place")
    cut = data.draw(st.booleans(), label="cut")
    damaged = file[:place] if cut else _flipped(file, place, data.draw(st.integers(0, 7), label="bit"))
    with pytest.raises(MoveRefused):
        await imported(victim, damaged)
    assert await PostgresStore(victim).head() == 0
    assert not any((await everything(victim)).values())


def _flipped(file: bytes, place: int, bit: int) -> bytes:
    return file[:place] + bytes([file[place] ^ 1 << bit]) + file[place + 1 :]
