"""0035: deliveries from before are in the tally."""

import shutil
from pathlib import Path

from eventstore.migrate import MIGRATIONS, migrate
from eventstore.pool import connect_pool
from service.deliveries.tally import Tally
from tests.environment.postgres import fresh_database
from tests.service.deliveries.rows import Rows

BEFORE = {"pending": 3, "sending": 1, "sent": 2}


async def test_what_was_there_before_is_counted(postgres_dsn: str, tmp_path: Path) -> None:
    for file in MIGRATIONS.glob("*.sql"):
        if file.name < "0035":
            shutil.copy(file, tmp_path)
    async with fresh_database(postgres_dsn) as dsn:
        await migrate(dsn, tmp_path)
        async with await connect_pool(dsn) as pool:
            rows = Rows(pool)
            for state, count in BEFORE.items():
                await rows.put(state, count)
            await Rows(pool).put("sent")  # of another page
            await migrate(dsn)
            counts = await Tally(pool).of_page(rows.page_id)
    assert {state: count for state, count in counts.items() if count} == BEFORE
