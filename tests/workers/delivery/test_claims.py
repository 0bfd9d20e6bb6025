"""What a deliverer gets of the ledger, and keeps from others."""

import asyncio
from uuid import UUID

from tests.workers.delivery.delivering import claim, in_hand_and_newer, make_due, planned
from tests.workers.subscribers import Subscribers
from workers.delivery.choice import Choice, Kind
from workers.delivery.from_ledger import FromLedger
from workers.delivery.ledger import Ledger
from workers.delivery.outcomes import Later, Refused, Sent, Untried


async def test_while_its_lease_holds_a_delivery_is_nobody_elses(
    subscribers: Subscribers, page_id: UUID
) -> None:
    await planned(subscribers, page_id)
    assert len(await claim(subscribers)) == 1
    assert await claim(subscribers) == []


async def test_a_deliverer_that_wakes_too_late_notes_nothing(subscribers: Subscribers, page_id: UUID) -> None:
    await planned(subscribers, page_id)
    [stale] = await claim(subscribers)
    await make_due(subscribers, page_id)
    [newer] = await claim(subscribers)
    for outcome in (Untried(), Sent(), Later("later"), Refused("no")):
        await Ledger(subscribers.pool).settle([(stale, outcome)])
    [row] = await subscribers.deliveries(page_id)
    assert (row["state"], row["attempts"]) == ("sending", newer.attempts)


async def test_what_became_pending_again_after_something_newer_is_superseded_when_claimed(
    subscribers: Subscribers, page_id: UUID
) -> None:
    older, newer = await in_hand_and_newer(subscribers, page_id)
    await subscribers.pool.execute(
        "UPDATE notify.deliveries"
        " SET state = 'pending', lease_until = NULL, next_attempt_at = clock_timestamp()"
    )
    claimed = await claim(subscribers)
    assert {each.delivery_id: each.superseded for each in claimed} == {older: True, newer: False}


async def test_what_is_newer_waits_for_what_is_being_sent(subscribers: Subscribers, page_id: UUID) -> None:
    await in_hand_and_newer(subscribers, page_id)
    assert await claim(subscribers) == []


async def test_pages_take_turns_and_behind_the_last_come_the_first_again(
    subscribers: Subscribers, page_id: UUID
) -> None:
    pages = sorted([page_id, await subscribers.page(), await subscribers.page()])
    for page in pages:
        for number in range(4):
            await subscribers.request(page, f"ada@{number}.example.org")
    await subscribers.catch_up(subscribers.confirming())
    source = FromLedger(Kind.MAILS, Ledger(subscribers.pool), asyncio.sleep, after=pages[1])
    turns = [[each.page_id for each in await source.claim(Choice(6, per_host=5))] for _ in range(3)]
    assert [sorted(set(turn)) for turn in turns] == [[pages[0], pages[2]], pages[:2], []]
