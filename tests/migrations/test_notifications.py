"""0020: who subscribed before notices were planned is known, and nothing from before is told."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from eventstore.events import ANY, Append, Context, StreamWrite
from eventstore.migrate import MIGRATIONS, migrate
from eventstore.pool import connect_pool
from eventstore.postgres import PostgresStore
from service.codec import build_codec
from service.domain.subscription import (
    SUBSCRIPTION,
    CancelReason,
    SubscriptionCancelled,
    SubscriptionRequested,
    SubscriptionVerified,
)
from service.domain.values import ChannelType
from tests.environment.postgres import fresh_database
from tests.service.domain.facts import COMPONENT_ID, NOON, ORGANISATION_ID, PAGE_ID
from tests.workers.subscribers import Subscribers

CODEC = build_codec()


@pytest.fixture
async def before(postgres_dsn: str, tmp_path: Path) -> AsyncIterator[str]:
    """A database as it was before this migration."""
    for file in sorted(MIGRATIONS.glob("*.sql")):
        if file.name < "0020":
            shutil.copy(file, tmp_path)
    async with fresh_database(postgres_dsn) as dsn:
        await migrate(dsn, tmp_path)
        yield dsn


def requested(subscription_id: UUID) -> SubscriptionRequested:
    return SubscriptionRequested(
        subscription_id, PAGE_ID, ORGANISATION_ID, ChannelType.EMAIL, (COMPONENT_ID,), None, NOON
    )


def story(*steps: str) -> tuple[UUID, list[Any]]:
    subscription_id = uuid4()
    events = {
        "asked": requested(subscription_id),
        "verified": SubscriptionVerified(subscription_id, PAGE_ID, NOON),
        "left": SubscriptionCancelled(subscription_id, PAGE_ID, CancelReason.UNSUBSCRIBED, NOON),
    }
    return subscription_id, [events[step] for step in steps]


async def test_who_subscribed_before_is_known_as_the_log_has_it(before: str) -> None:
    stories = [
        (story("asked"), (None, None)),
        (story("asked", "verified"), (2, None)),
        (story("asked", "verified", "left"), (2, 3)),
        (story("asked", "verified", "left", "asked"), (None, None)),
        (story("asked", "verified", "left", "asked", "verified"), (5, None)),
    ]
    expected: dict[UUID, tuple[int | None, ...]] = {}
    async with await connect_pool(before) as pool:
        head = 0
        for (subscription_id, events), at in stories:
            encoded = tuple(CODEC.encode(event) for event in events)
            write = StreamWrite(SUBSCRIPTION.stream(subscription_id), ANY, encoded)
            await PostgresStore(pool).append(Append((write,), Context(uuid4())))
            expected[subscription_id] = tuple(step and head + step for step in at)
            head += len(events)
        await migrate(before, MIGRATIONS)
        rows = await pool.fetch("SELECT * FROM notify.subscribers")
        assert {r["subscription_id"]: (r["verified_position"], r["ended_position"]) for r in rows} == expected
        assert {tuple(row["component_ids"]) for row in rows} == {(COMPONENT_ID,)}
        assert await Subscribers(pool).notifying().position() == head
