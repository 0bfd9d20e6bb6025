"""What has ended is forgotten, however often that is carried out, and nothing else is."""

import asyncio
from uuid import UUID, uuid4

import pytest

from eventstore.checkpoints import CheckpointMoved
from tests.workers.subscribers import Subscribers
from workers.policies.erasure import AT_ONCE


async def has_address(subscribers: Subscribers, subscription_id: UUID) -> bool:
    return await subscribers.contacts.get(subscription_id) is not None


async def test_a_cancelled_subscription_loses_its_address_and_its_pending_mails(
    subscribers: Subscribers,
) -> None:
    page_id = await subscribers.page()
    gone, stays = await subscribers.request(page_id), await subscribers.request(page_id)
    await subscribers.catch_up(subscribers.confirming())
    await subscribers.cancel(gone)
    await subscribers.catch_up(subscribers.erasing())
    assert (await has_address(subscribers, gone), await has_address(subscribers, stays)) == (False, True)
    states = {row["subscription_id"]: row["state"] for row in await subscribers.deliveries(page_id)}
    assert states == {gone: "refused", stays: "pending"}


async def test_a_mail_that_was_sent_stays_sent(subscribers: Subscribers) -> None:
    page_id = await subscribers.page()
    subscription_id = await subscribers.request(page_id)
    await subscribers.catch_up(subscribers.confirming())
    await subscribers.pool.execute("UPDATE notify.deliveries SET state = 'sent' WHERE page_id = $1", page_id)
    await subscribers.cancel(subscription_id)
    await subscribers.catch_up(subscribers.erasing())
    assert [row["state"] for row in await subscribers.deliveries(page_id)] == ["sent"]


async def test_whoever_came_back_before_the_policy_did_is_not_forgotten(subscribers: Subscribers) -> None:
    page_id = await subscribers.page()
    subscription_id = await subscribers.request(page_id)
    await subscribers.cancel(subscription_id)
    await subscribers.pool.execute(
        "UPDATE vault.contacts SET created_at = clock_timestamp() WHERE subscription_id = $1",
        subscription_id,
    )
    await subscribers.request_again(page_id, subscription_id)
    await subscribers.catch_up(subscribers.confirming())
    await subscribers.catch_up(subscribers.erasing())
    assert await has_address(subscribers, subscription_id)
    assert [row["state"] for row in await subscribers.deliveries(page_id)] == ["refused", "pending"]


async def test_a_deleted_page_ends_all_its_subscriptions_once(subscribers: Subscribers) -> None:
    page_id, other_page_id = await subscribers.page(), await subscribers.page()
    ended = [await subscribers.request(page_id) for _ in range(AT_ONCE + 3)]
    stays = await subscribers.request(other_page_id)
    await subscribers.delete(page_id)
    await subscribers.catch_up(subscribers.erasing())
    cancelled = await cancellations(subscribers, page_id)
    assert sorted(cancelled) == sorted(map(str, ended))
    assert await subscribers.contacts.of_page(page_id) == []
    assert await has_address(subscribers, stays)


async def test_carried_out_again_after_a_crash_it_records_nothing_new(subscribers: Subscribers) -> None:
    page_id = await subscribers.page()
    for _ in range(3):
        await subscribers.request(page_id)
    await subscribers.delete(page_id)
    policy = subscribers.erasing()
    batch = await subscribers.ahead(policy)
    for event in batch:  # the effects, and then a crash before the checkpoint
        await policy._react(event)
    assert len(await cancellations(subscribers, page_id)) == 3
    await subscribers.catch_up(policy)
    assert len(await cancellations(subscribers, page_id)) == 3


async def test_two_copies_at_once_do_no_harm(subscribers: Subscribers) -> None:
    page_id = await subscribers.page()
    for _ in range(5):
        await subscribers.request(page_id)
    await subscribers.delete(page_id)
    copies = [subscribers.erasing() for _ in range(2)]
    batch = await subscribers.ahead(copies[0])
    outcomes = await asyncio.gather(
        *(policy.apply(batch, epoch=1) for policy in copies), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes if not isinstance(outcome, int)] == [CheckpointMoved]
    assert len(await cancellations(subscribers, page_id)) == 5


async def test_a_contact_whose_request_was_never_recorded_goes_with_its_page(
    subscribers: Subscribers,
) -> None:
    page_id = await subscribers.page()
    subscription_id = await subscribers.request(page_id)
    await subscribers.pool.execute(
        "UPDATE vault.contacts SET subscription_id = $2 WHERE subscription_id = $1", subscription_id, uuid4()
    )
    await subscribers.delete(page_id)
    await subscribers.catch_up(subscribers.erasing())
    assert await subscribers.contacts.of_page(page_id) == []


async def test_an_older_lease_moves_nothing(subscribers: Subscribers) -> None:
    await subscribers.catch_up(subscribers.erasing())
    await subscribers.page()
    policy = subscribers.erasing()
    batch = await subscribers.ahead(policy)
    with pytest.raises(CheckpointMoved):
        await policy.apply(batch, epoch=0)


async def cancellations(subscribers: Subscribers, page_id: UUID) -> list[str]:
    """The subscriptions of the page that were cancelled, an entry for each time."""
    events = await subscribers.store.read_subject(page_id, await subscribers.store.head())
    return [event.data["subscription_id"] for event in events if event.type == "SubscriptionCancelled"]
