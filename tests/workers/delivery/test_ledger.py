"""What the table of deliveries remembers of an attempt."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.workers.delivery.delivering import claim, planned
from tests.workers.subscribers import Subscribers
from workers.delivery.ledger import Ledger
from workers.delivery.outcomes import RETRY_AFTER, Later, Untried

WAIT = "SELECT next_attempt_at - clock_timestamp() AS wait FROM notify.deliveries WHERE page_id = $1"
DAY = timedelta(hours=24)


@pytest.mark.parametrize(
    ("asked_for", "part", "waited"),
    [
        (None, 1.0, RETRY_AFTER[0]),
        (None, 0.0, timedelta(0)),
        (timedelta(seconds=1), 1.0, RETRY_AFTER[0]),
        (DAY, 0.0, DAY),
    ],
)
async def test_any_part_of_the_wait_is_waited_and_never_less_than_was_asked_for(
    subscribers: Subscribers, page_id: UUID, asked_for: timedelta | None, part: float, waited: timedelta
) -> None:
    await planned(subscribers, page_id)
    ledger = Ledger(subscribers.pool, jitter=lambda: part)
    await ledger.settle([(each, Later("http 429", asked_for)) for each in await claim(subscribers)])
    row: Any = await subscribers.pool.fetchrow(WAIT, page_id)
    assert waited - timedelta(seconds=3) < row["wait"] <= waited


async def test_what_was_not_tried_is_as_if_it_had_not_been_claimed(
    subscribers: Subscribers, page_id: UUID
) -> None:
    await planned(subscribers, page_id, 2)
    ledger = Ledger(subscribers.pool, jitter=lambda: 0)
    first, second = await claim(subscribers)
    await ledger.settle([(first, Later("rcpt: 450")), (second, Untried())])
    again = await claim(subscribers)
    await ledger.settle([(each, Untried()) for each in again])
    rows = {row["delivery_id"]: row for row in await subscribers.deliveries(page_id)}
    assert {delivery_id: (row["attempts"], row["reason"]) for delivery_id, row in rows.items()} == {
        first.delivery_id: (1, "rcpt: 450"),
        second.delivery_id: (0, None),
    }
