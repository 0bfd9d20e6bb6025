import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from eventstore.migrate import MIGRATIONS, MigrationChanged, migrate
from tests.environment.postgres import fresh_database


@pytest.fixture
async def empty(postgres_dsn: str) -> AsyncIterator[str]:
    async with fresh_database(postgres_dsn) as dsn:
        yield dsn


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "0002_second.sql").write_text(
        "INSERT INTO numbers VALUES (2); INSERT INTO numbers VALUES (3);"
    )
    (tmp_path / "0001_first.sql").write_text("CREATE TABLE numbers (n int PRIMARY KEY);")
    (tmp_path / "notes.txt").write_text("no SQL")
    return tmp_path


async def numbers(dsn: str) -> list[int]:
    connection = await asyncpg.connect(dsn)
    try:
        return [row["n"] for row in await connection.fetch("SELECT n FROM numbers ORDER BY n")]
    finally:
        await connection.close()


async def test_files_are_applied_once_in_the_order_of_their_names(empty: str, files: Path) -> None:
    assert await migrate(empty, files) == ["0001_first.sql", "0002_second.sql"]
    assert await migrate(empty, files) == []
    (files / "0003_third.sql").write_text("INSERT INTO numbers VALUES (4)")
    assert await migrate(empty, files) == ["0003_third.sql"]
    assert await numbers(empty) == [2, 3, 4]


async def test_a_changed_file_is_an_error_that_says_what_to_do(empty: str, files: Path) -> None:
    await migrate(empty, files)
    (files / "0001_first.sql").write_text("CREATE TABLE numbers (n bigint PRIMARY KEY);")
    with pytest.raises(MigrationChanged, match=r"0001_first\.sql .* restore it"):
        await migrate(empty, files)


async def test_of_a_file_that_fails_nothing_is_kept(empty: str, files: Path) -> None:
    (files / "0002_second.sql").write_text("INSERT INTO numbers VALUES (2); SELECT 1 / 0;")
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(empty, files)
    assert await numbers(empty) == []
    (files / "0002_second.sql").write_text("INSERT INTO numbers VALUES (5)")
    assert await migrate(empty, files) == ["0002_second.sql"]


async def test_processes_that_start_at_once_take_turns(empty: str, files: Path) -> None:
    applied = await asyncio.gather(*(migrate(empty, files) for _ in range(5)))
    assert sorted(name for names in applied for name in names) == ["0001_first.sql", "0002_second.sql"]
    assert await numbers(empty) == [2, 3]


async def test_the_product_s_own_files_are_found_and_apply(empty: str) -> None:
    applied = await migrate(empty)
    assert applied[0] == "0001_event_store.sql"
    assert applied == sorted(path.name for path in MIGRATIONS.glob("*.sql"))
