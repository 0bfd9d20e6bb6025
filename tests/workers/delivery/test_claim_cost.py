"""A claim costs the same whether ten deliveries are due or a hundred thousand."""

from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest

from tests.workers.subscribers import Subscribers
from workers.delivery.choice import Choice, Kind, chosen, values
from workers.delivery.ledger import CLAIM

HOLE = "hole.example.org"
DUE = """
INSERT INTO notify.deliveries (delivery_id, event_id, subscription_id, page_id, channel_type, host, kind)
SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), $1, 'email',
    CASE WHEN $2 THEN $3 ELSE 'mail' || number % 500 || '.example.org' END, 'incident.opened'
FROM generate_series(1, $4::int) AS number
"""
MOST_BUFFERS = 5_000
"""Of 8 KiB; a look at every row that is due would take a hundred thousand."""


@pytest.fixture(scope="module")
async def crowded(subscribers: Subscribers) -> UUID:
    """The page of 100,000 due deliveries, of which 10,000 are to one host that is full."""
    page_id = uuid4()
    for part in range(10):
        await subscribers.pool.execute(DUE, page_id, part == 0, HOLE, 10_000, timeout=20)
    await subscribers.pool.execute("ANALYZE notify.deliveries")
    return page_id


async def claimed(subscribers: Subscribers, choice: Choice) -> tuple[int, int]:
    """How many rows, by looking at how many buffers."""
    statement = CLAIM.format(chosen=chosen(Kind.MAILS))
    explain = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}"
    async with subscribers.pool.acquire() as conn:
        [plan] = orjson.loads(await conn.fetchval(explain, *values(choice)))
    top: dict[str, Any] = plan["Plan"]
    return top["Actual Rows"], top["Shared Hit Blocks"] + top["Shared Read Blocks"]


@pytest.mark.parametrize("narrow", [{}, {HOLE: 0}])
async def test_it_looks_at_little_more_than_it_takes(
    subscribers: Subscribers, crowded: UUID, narrow: dict[str, int]
) -> None:
    rows, buffers = await claimed(subscribers, Choice(64, 5, narrow))
    assert rows == 64
    assert buffers < MOST_BUFFERS


async def test_a_host_that_is_full_costs_one_look(subscribers: Subscribers, crowded: UUID) -> None:
    hosts = {f"mail{number}.example.org": 0 for number in range(500)} | {HOLE: 0}
    rows, buffers = await claimed(subscribers, Choice(64, 5, hosts))
    assert rows == 0
    assert buffers < MOST_BUFFERS
