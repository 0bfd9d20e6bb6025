"""0050: deliveries from before have the phase of their state."""

import shutil
from pathlib import Path

from eventstore.migrate import MIGRATIONS, migrate
from eventstore.pool import connect_pool
from service.deliveries.listing import DeliveryList
from service.deliveries.wanted import STATES, Wanted
from tests.environment.postgres import fresh_database
from tests.service.deliveries.rows import Rows


async def test_what_was_there_before_is_found_by_its_state(postgres_dsn: str, tmp_path: Path) -> None:
    for file in MIGRATIONS.glob("*.sql"):
        if file.name < "0050":
            shutil.copy(file, tmp_path)
    async with fresh_database(postgres_dsn) as dsn:
        await migrate(dsn, tmp_path)
        async with await connect_pool(dsn) as pool:
            rows = Rows(pool)
            put = {state: await rows.put(state) for state in STATES}
            await migrate(dsn)
            for state in STATES:
                found, _ = await DeliveryList(pool).list(Wanted(page_id=rows.page_id, state=state), 10)
                assert [each.delivery_id for each in found] == put[state], state
