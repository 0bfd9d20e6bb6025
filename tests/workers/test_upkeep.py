"""What the scheduler clears away, and what it must leave."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from eventstore.shared_moves import SharedMoves
from service.clock import system_clock
from service.deliveries.retention import Retention
from service.deliveries.tally import Tally
from service.readmodels.subscriptions import SubscriptionList
from service.vault.confirmations import Confirmations
from tests.workers.subscribers import Subscribers
from workers.projections.registry import PROJECTIONS
from workers.projector import Projector
from workers.upkeep import Upkeep

DAY = timedelta(days=1)


def ago(age: timedelta) -> datetime:
    return system_clock() - age


@pytest.fixture
async def page_id(subscribers: Subscribers) -> UUID:
    return await subscribers.page()


async def asked(subscribers: Subscribers, page_id: UUID, age: timedelta) -> UUID:
    earlier = Subscribers(subscribers.pool, clock=lambda: ago(age))
    subscription_id = await earlier.request(page_id)
    await grow_old(subscribers, subscription_id, age)
    return subscription_id


async def grow_old(subscribers: Subscribers, subscription_id: UUID, age: timedelta) -> None:
    await subscribers.pool.execute(
        "UPDATE vault.contacts SET created_at = clock_timestamp() - $2::interval WHERE subscription_id = $1",
        subscription_id,
        age,
    )


async def project(subscribers: Subscribers) -> None:
    """Bring the read model of subscriptions to the head of the log."""
    moves = SharedMoves(subscribers.pool, "bell")
    await subscribers.catch_up(
        Projector(PROJECTIONS["subscriptions"], subscribers.pool, subscribers.codec, moves)
    )


def upkeep(subscribers: Subscribers) -> Upkeep:
    async def purge_keys() -> None: ...

    return Upkeep(
        subscribers.commands,
        SubscriptionList(subscribers.pool),
        subscribers.contacts,
        Confirmations(subscribers.pool, b"secret"),
        subscribers.links,
        purge_keys,
        Tally(subscribers.pool),
        Retention(subscribers.pool),
        system_clock,
    )


async def ended(subscribers: Subscribers, page_id: UUID) -> list[tuple[str, str]]:
    events = await subscribers.store.read_subject(page_id, await subscribers.store.head())
    cancelled = [event.data for event in events if event.type == "SubscriptionCancelled"]
    return [(data["subscription_id"], data["reason"]) for data in cancelled]


async def test_a_request_unconfirmed_for_seven_days_expires_once(
    subscribers: Subscribers, page_id: UUID
) -> None:
    old = await asked(subscribers, page_id, 7 * DAY + timedelta(seconds=1))
    await asked(subscribers, page_id, 6 * DAY)
    confirmed = await asked(subscribers, page_id, 8 * DAY)
    await Subscribers(subscribers.pool, clock=lambda: ago(7 * DAY)).verify(confirmed)
    await project(subscribers)
    for _ in range(2):
        await upkeep(subscribers).expire()
        await project(subscribers)
    assert await ended(subscribers, page_id) == [(str(old), "expired")]


async def test_whoever_asked_again_lately_has_seven_more_days(
    subscribers: Subscribers, page_id: UUID
) -> None:
    subscription_id = await asked(subscribers, page_id, 8 * DAY)
    await subscribers.request_again(page_id, subscription_id)
    await project(subscribers)
    await upkeep(subscribers).expire()
    assert await ended(subscribers, page_id) == []


async def test_contacts_without_a_living_subscription_are_erased_after_a_day(
    subscribers: Subscribers, page_id: UUID
) -> None:
    pending, cancelled, verified, fresh = [await subscribers.request(page_id) for _ in range(4)]
    await subscribers.verify(verified)
    await subscribers.cancel(cancelled)
    await subscribers.cancel(fresh)
    for subscription_id in (pending, cancelled, verified):
        await grow_old(subscribers, subscription_id, 2 * DAY)
    await project(subscribers)
    await upkeep(subscribers).erase_orphans()
    assert set(await subscribers.contacts.of_page(page_id)) == {pending, verified, fresh}


async def test_a_read_model_that_lags_behind_erases_nobody(subscribers: Subscribers, page_id: UUID) -> None:
    await project(subscribers)
    unseen = await subscribers.request(page_id)
    await grow_old(subscribers, unseen, 2 * DAY)
    await upkeep(subscribers).erase_orphans()
    assert await subscribers.contacts.of_page(page_id) == [unseen]


async def test_a_contact_that_was_never_asked_for_is_erased(subscribers: Subscribers, page_id: UUID) -> None:
    subscription_id = await subscribers.request(page_id)
    await subscribers.pool.execute(
        "UPDATE vault.contacts SET subscription_id = gen_random_uuid() WHERE subscription_id = $1",
        subscription_id,
    )
    await subscribers.pool.execute(
        "UPDATE vault.contacts SET created_at = created_at - interval '2 days' WHERE page_id = $1", page_id
    )
    await upkeep(subscribers).erase_orphans()
    assert await subscribers.contacts.of_page(page_id) == []


def test_every_job_has_a_period_of_minutes_or_hours(subscribers: Subscribers) -> None:
    jobs = upkeep(subscribers).jobs()
    assert len({job.name for job in jobs}) == len(jobs) == 8
    assert all(60 <= job.period <= 3600 for job in jobs)
