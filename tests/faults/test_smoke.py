"""The harness of `make faults`, in short: it runs with the ordinary tests."""

from pathlib import Path

from tests.faults.chance import seeded
from tests.faults.database import OwnDatabase
from tests.faults.nemesis import grows, kill_repeatedly
from tests.faults.product import running, under_load


async def test_a_few_kills_of_api_worker_and_database_lose_nothing(
    own_database: OwnDatabase, tmp_path: Path
) -> None:
    chance = seeded(1)
    async with running(tmp_path, own_database.dsn) as product:
        async with under_load(product) as writer:
            await kill_repeatedly(product.api, 3, writer.caller.progress, chance)
            await kill_repeatedly(product.worker, 2, product.progress, chance)
            await own_database.kill()
            await own_database.start()
            await grows(writer.caller.progress, "writes after the database came back")
        assert await product.check() > 0
