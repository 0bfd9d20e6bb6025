"""Every request for a subscription becomes one delivery, once, from now on."""

import asyncio
from uuid import UUID, uuid4

import pytest

from eventstore.checkpoints import CheckpointMoved
from eventstore.events import RecordedEvent
from eventstore.postgres import PostgresStore
from eventstore.shared_moves import SharedMoves
from tests.workers.subscribers import Subscribers
from workers.policies.bookmark import Bookmark
from workers.policies.confirmation import ConfirmationPolicy, delivery_id


async def requests_of(subscribers: Subscribers, page_id: UUID) -> list[RecordedEvent]:
    events = await subscribers.store.read_subject(page_id, await subscribers.store.head())
    return [event for event in events if event.type == "SubscriptionRequested"]


async def test_a_request_becomes_one_pending_delivery(subscribers: Subscribers) -> None:
    page_id = await subscribers.page()
    subscription_id = await subscribers.request(page_id)
    await subscribers.catch_up(subscribers.confirming())
    [event] = await requests_of(subscribers, page_id)
    [delivery] = await subscribers.deliveries(page_id)
    assert delivery["delivery_id"] == delivery_id(event.event_id, subscription_id)
    assert (delivery["kind"], delivery["state"], delivery["attempts"]) == ("confirmation", "pending", 0)
    assert delivery["created_at"] == event.recorded_at
    assert delivery["host"] == "example.com"


async def test_no_other_event_becomes_a_delivery(subscribers: Subscribers) -> None:
    page_id = await subscribers.page()
    subscription_id = await subscribers.request(page_id)
    await subscribers.catch_up(subscribers.confirming())
    await subscribers.verify(subscription_id)
    await subscribers.cancel(subscription_id)
    await subscribers.delete(page_id)
    await subscribers.catch_up(subscribers.confirming())
    assert len(await subscribers.deliveries(page_id)) == 1


async def test_who_is_vouched_for_is_asked_nothing(subscribers: Subscribers) -> None:
    page_id = await subscribers.page()
    await subscribers.vouch(page_id)
    policy = subscribers.confirming()
    requested, verified = (await subscribers.ahead(policy))[-2:]
    await policy.apply(
        (await subscribers.ahead(policy))[:-1], epoch=1
    )  # the log is read up to between the two
    assert (requested.type, verified.type) == ("SubscriptionRequested", "SubscriptionVerified")
    await subscribers.vouch(page_id)
    await subscribers.catch_up(policy)
    assert await subscribers.deliveries(page_id) == []


async def test_a_confirmation_of_before_does_not_count_for_what_is_asked_anew(
    subscribers: Subscribers,
) -> None:
    page_id = await subscribers.page()
    reader = await subscribers.vouch(page_id)
    await subscribers.cancel(reader)
    await subscribers.request_again(page_id, reader)
    await subscribers.catch_up(subscribers.confirming())
    assert len(await subscribers.deliveries(page_id)) == 1


async def test_a_repeated_batch_plans_nothing_and_moves_nothing(subscribers: Subscribers) -> None:
    page_id = await subscribers.page()
    await subscribers.request(page_id)
    policy = subscribers.confirming()
    batch = await subscribers.ahead(policy)
    await policy.apply(batch, epoch=1)
    position = await policy.position()
    with pytest.raises(CheckpointMoved):
        await policy.apply(batch, epoch=1)
    assert await policy.position() == position
    assert len(await subscribers.deliveries(page_id)) == 1


async def test_two_copies_at_once_plan_each_delivery_once(subscribers: Subscribers) -> None:
    page_id = await subscribers.page()
    for _ in range(5):
        await subscribers.request(page_id)
    copies = [subscribers.confirming() for _ in range(2)]
    batch = await subscribers.ahead(copies[0])
    outcomes = await asyncio.gather(
        *(policy.apply(batch, epoch=1) for policy in copies), return_exceptions=True
    )
    assert sum(isinstance(outcome, CheckpointMoved) for outcome in outcomes) == 1
    assert len(await subscribers.deliveries(page_id)) == 5


async def test_a_checkpoint_set_back_by_hand_sends_nothing_twice(subscribers: Subscribers) -> None:
    page_id = await subscribers.page()
    await subscribers.request(page_id)
    policy = subscribers.confirming()
    await subscribers.catch_up(policy)
    before = await subscribers.deliveries(page_id)
    await subscribers.pool.execute("UPDATE es.checkpoints SET position = 0 WHERE name = $1", policy.name)
    await subscribers.catch_up(policy)
    assert await subscribers.deliveries(page_id) == before


async def test_a_policy_that_is_new_starts_from_now(subscribers: Subscribers) -> None:
    page_id = await subscribers.page()
    await subscribers.request(page_id)
    store = PostgresStore(subscribers.pool)
    bookmark = Bookmark(f"policy:{uuid4()}", subscribers.pool, store, SharedMoves(subscribers.pool, "bell"))
    policy = ConfirmationPolicy(subscribers.pool, bookmark, store, subscribers.codec)
    assert await policy.position() == await store.head()


async def test_the_policies_know_where_they_start_since_the_deployment_began(
    subscribers: Subscribers,
) -> None:
    await subscribers.page()
    for policy in (subscribers.confirming(), subscribers.erasing()):
        assert await policy.position() < await subscribers.store.head()
