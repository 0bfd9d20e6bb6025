"""What is asked again and again reads no more of the ledger when the ledger is long."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import orjson
import pytest

from eventstore.pool import Pool, connect_pool
from service.deliveries import backlog, listing, tally
from service.deliveries.wanted import PHASES
from service.domain.values import ChannelType
from tests.service.deliveries.rows import Rows

LONG = 10_000
CHANNELS = list(map(str, ChannelType))


@pytest.fixture(scope="module")
async def long(database: str) -> AsyncIterator[Rows]:
    """The ledger of one page."""
    async with await connect_pool(database, command_timeout=60) as pool:
        rows = Rows(pool)
        await rows.put("sent", LONG)
        await rows.put("pending", LONG)
        await pool.execute("ANALYZE notify.deliveries")
        yield rows


async def blocks(pool: Pool, query: str, *values: Any) -> int:
    """How many of the database's pages of 8 KB it looks at; the ledger has hundreds."""
    [[plan]] = await pool.fetch(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query}", *values)
    top = orjson.loads(plan)[0]["Plan"]
    return int(top["Shared Hit Blocks"] + top["Shared Read Blocks"])


async def test_a_part_of_a_pages_list(long: Rows) -> None:
    asked = (*listing.END, 10, long.page_id, [*PHASES], CHANNELS, *listing.EVER, None, None, None)
    assert await blocks(long.pool, listing.OF_PAGE, *asked) < 300


@pytest.mark.parametrize(
    ("query", "values"),
    [(tally.TOTALS, ()), (backlog.OVERDUE, (CHANNELS,)), (backlog.PLANS, ())],
    ids=["totals", "overdue", "plans"],
)
async def test_a_figure(long: Rows, query: str, values: tuple[Any, ...]) -> None:
    assert await blocks(long.pool, query, *values) < 60


async def test_the_counts_of_a_page_read_no_more_than_what_waits_on_it(long: Rows) -> None:
    assert await blocks(long.pool, tally.OF_PAGE, long.page_id) < 700
    assert await blocks(long.pool, tally.OF_PAGE, uuid4()) < 60


async def test_a_count_of_all_would_be_found_out(long: Rows) -> None:
    assert await blocks(long.pool, "SELECT count(*) FROM notify.deliveries WHERE reason = 'x'") > 300
