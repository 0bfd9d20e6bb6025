"""What the table of deliveries remembers of an attempt."""

from datetime import timedelta
from typing import Any

import pytest

from tests.workers.subscribers import Subscribers
from workers.delivery.ledger import Ledger
from workers.delivery.outcomes import RETRY_AFTER, Later

WAIT = "SELECT next_attempt_at - clock_timestamp() AS wait FROM notify.deliveries WHERE page_id = $1"


@pytest.mark.parametrize(
    ("asked_for", "waited"),
    [
        (None, RETRY_AFTER[0]),
        (timedelta(seconds=1), RETRY_AFTER[0]),
        (timedelta(hours=2), timedelta(hours=2)),
    ],
)
async def test_who_asks_for_more_time_gets_it_and_never_less_than_usual(
    subscribers: Subscribers, asked_for: timedelta | None, waited: timedelta
) -> None:
    await subscribers.pool.execute("DELETE FROM notify.deliveries")
    page_id = await subscribers.page()
    await subscribers.request(page_id)
    await subscribers.catch_up(subscribers.confirming())
    ledger = Ledger(subscribers.pool)
    [delivery] = await ledger.claim(1)
    await ledger.settle(delivery, Later("http 429", asked_for))
    row: Any = await subscribers.pool.fetchrow(WAIT, page_id)
    assert waited - timedelta(seconds=3) < row["wait"] <= waited
