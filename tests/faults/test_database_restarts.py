"""PostgreSQL goes and comes back: 503 meanwhile, everything at once afterwards, nothing acknowledged lost."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.faults.database import OwnDatabase
from tests.faults.nemesis import grows, say
from tests.faults.product import running, under_load

pytestmark = pytest.mark.faults
ROUNDS = 5
WRITERS = 8
BETWEEN = 100
ANSWER_SECONDS = 6
RECOVERY_SECONDS = 2

Action = Callable[[OwnDatabase], Awaitable[None]]


@pytest.mark.parametrize(
    ("goes", "comes_back"),
    [
        pytest.param(OwnDatabase.stop, OwnDatabase.start, id="stopped"),
        pytest.param(OwnDatabase.kill, OwnDatabase.start, id="killed"),
        pytest.param(OwnDatabase.freeze, OwnDatabase.thaw, id="frozen"),
    ],
)
async def test_without_postgresql_writes_are_503_and_with_it_they_go_on_at_once(
    own_database: OwnDatabase, tmp_path: Path, goes: Action, comes_back: Action
) -> None:
    recovery = slowest = 0.0
    async with running(tmp_path, own_database.dsn) as product:
        async with under_load(product, WRITERS) as writer:
            for _ in range(ROUNDS):
                await grows(writer.caller.progress, "writers at work", by=BETWEEN)
                await goes(own_database)
                await grows(writer.caller.refusals, "503 without the database", by=WRITERS)
                await comes_back(own_database)
                recovery = max(recovery, await writer.first_write())
                slowest = writer.caller.slowest_refusal
                say(f"slowest 503 {slowest:.1f} s, writes again {recovery:.1f} s after its return")
            await grows(product.progress, "read models at work")
        length = await product.check()
    say(f"{product.history}; {length} events")
    assert {program.starts for program in product.programs} == {1}
    assert slowest < ANSWER_SECONDS
    assert recovery < RECOVERY_SECONDS
