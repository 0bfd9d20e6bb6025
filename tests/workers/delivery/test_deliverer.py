"""Deliveries from the ledger to a mail server: once each, whatever dies in between."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from email import message_from_bytes
from typing import Any
from uuid import UUID

import pytest

from eventstore.pool import connect_pool
from service.domain.subscription import SUBSCRIPTION
from service.domain.values import ChannelType, IncidentStatus
from tests.environment.scripted_smtp import END_OF_DATA, ScriptedSmtp, scripted_smtp
from tests.environment.waiting import eventually
from tests.proxy import Proxy, target_of, through
from tests.workers.subscribers import Subscribers
from workers.delivery.channels.email import EmailChannel
from workers.delivery.deliverer import Deliverer
from workers.delivery.email import Mailer
from workers.delivery.ledger import Ledger
from workers.delivery.outcomes import RETRY_AFTER, Later, Refused, Sent
from workers.delivery.resting import Resting
from workers.delivery.smtp_url import parse_smtp_url


@pytest.fixture
async def smtp() -> AsyncIterator[ScriptedSmtp]:
    async with scripted_smtp() as smtp:
        yield smtp


@pytest.fixture
async def page_id(subscribers: Subscribers) -> UUID:
    """Of a page whose deliveries are the only ones that are not finished."""
    await subscribers.pool.execute("DELETE FROM notify.deliveries")
    return await subscribers.page()


def deliverer_of(subscribers: Subscribers, smtp: ScriptedSmtp) -> Deliverer:
    async def bell(timeout: float) -> None:  # noqa: ASYNC109 - of the bell
        await asyncio.sleep(0.02)

    mailer = Mailer(parse_smtp_url(f"smtp://127.0.0.1:{smtp.port}"), "example.net", timeout=5)
    return Deliverer(
        Ledger(subscribers.pool),
        subscribers.contacts,
        subscribers.composer(),
        {ChannelType.EMAIL: EmailChannel("status@example.net", mailer)},
        Resting(subscribers.commands, subscribers.clock),
        bell,
    )


@asynccontextmanager
async def running(deliverer: Deliverer) -> AsyncIterator[asyncio.Event]:
    stop = asyncio.Event()
    task = asyncio.create_task(deliverer.run(stop))
    try:
        yield stop
    finally:
        stop.set()
        await asyncio.wait_for(task, 10)


async def planned(subscribers: Subscribers, page_id: UUID, count: int = 1) -> list[UUID]:
    subscription_ids = [await subscribers.request(page_id) for _ in range(count)]
    await subscribers.catch_up(subscribers.confirming())
    return subscription_ids


async def settled(subscribers: Subscribers, page_id: UUID) -> list[dict[str, Any]]:
    """The page's deliveries, once none is about to be sent."""

    async def none_is_due() -> bool:
        query = """
        SELECT count(*) = 0 FROM notify.deliveries WHERE page_id = $1
        AND (state = 'sending' OR state = 'pending' AND next_attempt_at < clock_timestamp())
        """
        return bool(await subscribers.pool.fetchval(query, page_id))

    await eventually(none_is_due, 10, "every delivery settled")
    return await subscribers.deliveries(page_id)


async def make_due(subscribers: Subscribers, page_id: UUID) -> None:
    await subscribers.pool.execute(
        "UPDATE notify.deliveries SET next_attempt_at = clock_timestamp() WHERE page_id = $1", page_id
    )


async def test_every_delivery_is_sent_once_and_says_so(
    subscribers: Subscribers, smtp: ScriptedSmtp, page_id: UUID
) -> None:
    await planned(subscribers, page_id, 30)
    async with running(deliverer_of(subscribers, smtp)):
        rows = await settled(subscribers, page_id)
    assert [(row["state"], row["attempts"], row["reason"]) for row in rows] == [("sent", 1, None)] * 30
    assert len({message_id(raw) for raw in smtp.messages}) == len(smtp.messages) == 30
    assert smtp.connections == 1


async def test_many_deliverers_share_the_work(
    subscribers: Subscribers, smtp: ScriptedSmtp, page_id: UUID
) -> None:
    await planned(subscribers, page_id, 50)
    async with running(deliverer_of(subscribers, smtp)), running(deliverer_of(subscribers, smtp)):
        rows = await settled(subscribers, page_id)
    assert {row["state"] for row in rows} == {"sent"}
    assert len(smtp.messages) == 50


async def test_a_restart_sends_nothing_twice(
    subscribers: Subscribers, smtp: ScriptedSmtp, page_id: UUID
) -> None:
    await planned(subscribers, page_id, 10)
    for _ in range(3):
        async with running(deliverer_of(subscribers, smtp)):
            await settled(subscribers, page_id)
    assert len(smtp.messages) == 10


async def test_a_stop_finishes_the_message_in_hand_and_hands_back_the_others(
    subscribers: Subscribers, smtp: ScriptedSmtp, page_id: UUID
) -> None:
    await planned(subscribers, page_id, 10)
    async with running(deliverer_of(subscribers, smtp)) as stop:
        smtp.on_message = stop.set
        await eventually(lambda: bool(smtp.messages))
    rows = await subscribers.deliveries(page_id)
    states = sorted((row["state"], row["attempts"]) for row in rows)
    assert states == [("pending", 0)] * 9 + [("sent", 1)]
    async with running(deliverer_of(subscribers, smtp)):
        await settled(subscribers, page_id)
    assert len({message_id(raw) for raw in smtp.messages}) == len(smtp.messages) == 10


async def test_a_kill_between_sending_and_noting_it_repeats_the_very_same_mail(
    subscribers: Subscribers, smtp: ScriptedSmtp, page_id: UUID
) -> None:
    await planned(subscribers, page_id)
    task = asyncio.create_task(deliverer_of(subscribers, smtp).run(asyncio.Event()))
    smtp.on_message = task.cancel
    with suppress(asyncio.CancelledError):
        await task
    [row] = await subscribers.deliveries(page_id)
    assert (row["state"], row["attempts"]) == ("sending", 1)
    await make_due(subscribers, page_id)  # its lease is over
    smtp.on_message = lambda: None
    async with running(deliverer_of(subscribers, smtp)):
        [row] = await settled(subscribers, page_id)
    assert (row["state"], row["attempts"]) == ("sent", 2)
    first, second = smtp.messages
    assert first == second


async def test_while_its_lease_holds_a_delivery_is_nobody_elses(
    subscribers: Subscribers, page_id: UUID
) -> None:
    await planned(subscribers, page_id)
    ledger = Ledger(subscribers.pool)
    assert len(await ledger.claim(10)) == 1
    assert await ledger.claim(10) == []


async def test_a_deliverer_that_wakes_too_late_notes_nothing(subscribers: Subscribers, page_id: UUID) -> None:
    await planned(subscribers, page_id)
    ledger = Ledger(subscribers.pool)
    [stale] = await ledger.claim(1)
    await make_due(subscribers, page_id)
    [newer] = await ledger.claim(1)
    await ledger.hand_back([stale])
    for outcome in (Sent(), Later("later"), Refused("no")):
        await ledger.settle(stale, outcome)
    [row] = await subscribers.deliveries(page_id)
    assert (row["state"], row["attempts"]) == ("sending", newer.attempts)


async def test_a_server_in_trouble_is_tried_again_on_schedule_and_then_parked(
    subscribers: Subscribers, smtp: ScriptedSmtp, page_id: UUID
) -> None:
    await planned(subscribers, page_id)
    smtp.script[END_OF_DATA] = "451 4.3.0 later"
    waits = []
    async with running(deliverer_of(subscribers, smtp)):
        for attempt in range(1, len(RETRY_AFTER) + 1):
            await attempted(subscribers, page_id, attempt)
            [row] = await settled(subscribers, page_id)
            waits.append(row["next_attempt_at"] - await subscribers.pool.fetchval("SELECT clock_timestamp()"))
            await make_due(subscribers, page_id)
        await attempted(subscribers, page_id, len(RETRY_AFTER) + 1)
        [row] = await settled(subscribers, page_id)
    assert (row["state"], row["reason"]) == ("parked", "data: 451 4.3.0")
    assert all(
        timedelta(0) <= after - wait < timedelta(seconds=3)
        for after, wait in zip(RETRY_AFTER, waits, strict=True)
    )


async def test_a_refused_recipient_is_not_tried_again(
    subscribers: Subscribers, smtp: ScriptedSmtp, page_id: UUID
) -> None:
    await planned(subscribers, page_id)
    smtp.script["RCPT"] = "550 5.1.1 <somebody@example.com> unknown"
    async with running(deliverer_of(subscribers, smtp)):
        [row] = await settled(subscribers, page_id)
    assert (row["state"], row["reason"]) == ("refused", "rcpt: 550 5.1.1")


async def test_a_reader_whose_mailbox_is_gone_is_told_nothing_more(
    subscribers: Subscribers, smtp: ScriptedSmtp, page_id: UUID
) -> None:
    reader = await subscribers.reader(page_id)
    incident_id = await subscribers.open_incident(page_id)
    await subscribers.plan()
    smtp.script["RCPT"] = "550 5.1.1 <somebody@example.com> unknown"
    async with running(deliverer_of(subscribers, smtp)):
        await settled(subscribers, page_id)
    resting = (await subscribers.store.read_stream(SUBSCRIPTION.stream(reader)))[-1]
    assert (resting.type, resting.data["reason"]) == ("SubscriptionQuarantined", "mailbox_gone")
    await subscribers.update_incident(incident_id, IncidentStatus.RESOLVED)
    await subscribers.plan()
    assert [row["kind"] for row in await subscribers.deliveries(page_id)] == ["incident.opened"]


async def test_a_confirmation_older_than_seven_days_is_not_sent(
    subscribers: Subscribers, smtp: ScriptedSmtp, page_id: UUID
) -> None:
    await planned(subscribers, page_id)
    await subscribers.pool.execute(
        "UPDATE notify.deliveries SET created_at = created_at - interval '7 days' WHERE page_id = $1", page_id
    )
    async with running(deliverer_of(subscribers, smtp)):
        [row] = await settled(subscribers, page_id)
    assert (row["state"], smtp.messages) == ("expired", [])


async def test_nobody_is_asked_to_confirm_what_is_over_or_confirmed(
    subscribers: Subscribers, smtp: ScriptedSmtp, page_id: UUID
) -> None:
    verified, cancelled, erased = await planned(subscribers, page_id, 3)
    await subscribers.verify(verified)
    await subscribers.cancel(cancelled)
    await subscribers.contacts.erase(erased)
    async with running(deliverer_of(subscribers, smtp)):
        rows = await settled(subscribers, page_id)
    assert ({row["state"] for row in rows}, smtp.messages) == ({"refused"}, [])


async def test_a_page_that_is_gone_sends_nothing(
    subscribers: Subscribers, smtp: ScriptedSmtp, page_id: UUID
) -> None:
    await planned(subscribers, page_id)
    await subscribers.delete(page_id)
    async with running(deliverer_of(subscribers, smtp)):
        [row] = await settled(subscribers, page_id)
    assert (row["state"], smtp.messages) == ("refused", [])


@pytest.mark.parametrize("poison", ["a@b.c>\r\nRCPT TO:<x@y.z", "a@b.c, d@e.f", "no address", "a\0@b.c"])
async def test_an_address_that_no_mail_can_be_made_for_costs_nobody_else(
    subscribers: Subscribers, smtp: ScriptedSmtp, page_id: UUID, poison: str
) -> None:
    await subscribers.request(page_id, poison.replace("\0", "\x01"))  # PostgreSQL takes no NUL
    await planned(subscribers, page_id, 2)
    async with running(deliverer_of(subscribers, smtp)):
        rows = await settled(subscribers, page_id)
    assert [row["state"] for row in rows] == ["refused", "sent", "sent"]


async def test_a_name_with_anything_in_it_is_mailed(subscribers: Subscribers, smtp: ScriptedSmtp) -> None:
    page_id = await subscribers.page(name="Größe \u2028 <b>&\x07 🚀")
    await planned(subscribers, page_id)
    async with running(deliverer_of(subscribers, smtp)):
        [row] = await settled(subscribers, page_id)
    assert row["state"] == "sent"
    assert b"<b>" not in smtp.messages[-1]


async def test_a_mail_that_was_sent_is_noted_when_the_database_comes_back(
    subscribers: Subscribers, smtp: ScriptedSmtp, page_id: UUID, database: str
) -> None:
    await planned(subscribers, page_id)
    async with Proxy(target_of(database, 5432)) as proxy:
        pool = await connect_pool(through(database, proxy), command_timeout=1)
        smtp.on_message = proxy.cut
        async with running(deliverer_of(Subscribers(pool), smtp)):
            await eventually(lambda: bool(smtp.messages))
            assert [row["state"] for row in await subscribers.deliveries(page_id)] == ["sending"]
            proxy.heal()
            [row] = await settled(subscribers, page_id)
        await pool.close()
    assert (row["state"], len(smtp.messages)) == ("sent", 1)


async def test_a_notice_is_mailed_with_its_words_and_a_link_of_the_readers_own(
    subscribers: Subscribers, smtp: ScriptedSmtp, page_id: UUID
) -> None:
    readers = [await subscribers.reader(page_id) for _ in range(3)]
    await subscribers.open_incident(page_id)
    await subscribers.plan()
    async with running(deliverer_of(subscribers, smtp)):
        rows = await settled(subscribers, page_id)
    assert [row["state"] for row in rows] == ["sent"] * len(readers)
    mails = [message_from_bytes(raw) for raw in smtp.messages]
    assert {str(mail["Subject"]) for mail in mails} == {"[Acme] Investigating: Slow"}
    assert len({str(mail["List-Unsubscribe"]) for mail in mails}) == len(readers)


async def test_nobody_reads_of_the_beginning_after_the_end(
    subscribers: Subscribers, smtp: ScriptedSmtp, page_id: UUID
) -> None:
    await subscribers.reader(page_id)
    smtp.script[END_OF_DATA] = "451 4.3.0 later"
    incident_id = await subscribers.open_incident(page_id)
    await subscribers.plan()
    async with running(deliverer_of(subscribers, smtp)):
        await settled(subscribers, page_id)
        await subscribers.update_incident(incident_id, IncidentStatus.RESOLVED)
        await subscribers.plan()
        del smtp.script[END_OF_DATA]
        await make_due(subscribers, page_id)
        rows = await settled(subscribers, page_id)
    assert [(row["kind"], row["state"]) for row in rows] == [
        ("incident.opened", "superseded"),
        ("incident.resolved", "sent"),
    ]


async def test_what_became_pending_again_after_something_newer_is_superseded_when_claimed(
    subscribers: Subscribers, page_id: UUID
) -> None:
    older, newer = await in_hand_and_newer(subscribers, page_id)
    await subscribers.pool.execute(
        "UPDATE notify.deliveries SET state = 'pending', next_attempt_at = clock_timestamp()"
    )
    claimed = await Ledger(subscribers.pool).claim(10)
    assert {each.delivery_id: each.superseded for each in claimed} == {older: True, newer: False}


async def test_what_is_newer_waits_for_what_is_being_sent(subscribers: Subscribers, page_id: UUID) -> None:
    await in_hand_and_newer(subscribers, page_id)
    assert await Ledger(subscribers.pool).claim(10) == []


async def test_a_notice_of_yesterday_is_not_sent(
    subscribers: Subscribers, smtp: ScriptedSmtp, page_id: UUID
) -> None:
    await subscribers.reader(page_id)
    await subscribers.open_incident(page_id)
    await subscribers.plan()
    await subscribers.pool.execute("UPDATE notify.deliveries SET expires_at = clock_timestamp()")
    async with running(deliverer_of(subscribers, smtp)):
        [row] = await settled(subscribers, page_id)
    assert (row["state"], smtp.messages) == ("expired", [])


async def test_whoever_has_left_meanwhile_is_not_told(
    subscribers: Subscribers, smtp: ScriptedSmtp, page_id: UUID
) -> None:
    left, erased = [await subscribers.reader(page_id) for _ in range(2)]
    await subscribers.open_incident(page_id)
    await subscribers.plan()
    await subscribers.cancel(left)
    await subscribers.contacts.erase(erased)
    async with running(deliverer_of(subscribers, smtp)):
        rows = await settled(subscribers, page_id)
    assert ({row["state"] for row in rows}, smtp.messages) == ({"refused"}, [])


async def in_hand_and_newer(subscribers: Subscribers, page_id: UUID) -> tuple[UUID, UUID]:
    """The ids of a notice that a deliverer has claimed, and of one that follows it."""
    await subscribers.reader(page_id)
    incident_id = await subscribers.open_incident(page_id)
    await subscribers.plan()
    [older] = await Ledger(subscribers.pool).claim(10)
    await subscribers.update_incident(incident_id, IncidentStatus.RESOLVED)
    await subscribers.plan()
    [newer] = [row for row in await subscribers.deliveries(page_id) if row["state"] == "pending"]
    return older.delivery_id, newer["delivery_id"]


async def attempted(subscribers: Subscribers, page_id: UUID, attempts: int) -> None:
    async def done() -> bool:
        query = "SELECT attempts = $2 AND state <> 'sending' FROM notify.deliveries WHERE page_id = $1"
        return bool(await subscribers.pool.fetchval(query, page_id, attempts))

    await eventually(done, 10, f"attempt {attempts}")


def message_id(raw: bytes) -> str:
    return str(message_from_bytes(raw)["Message-ID"])
