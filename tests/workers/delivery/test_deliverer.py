"""Deliveries from the ledger to a mail server: once each, whatever dies in between."""

import asyncio
from contextlib import suppress
from uuid import UUID

from eventstore.pool import connect_pool
from tests.environment.scripted_smtp import END_OF_DATA, FALL_SILENT, ScriptedSmtp
from tests.environment.waiting import eventually
from tests.proxy import Proxy, target_of, through
from tests.workers.delivery.delivering import deliverer_of, make_due, message_id, planned, running, settled
from tests.workers.subscribers import Subscribers
from workers.delivery.gate import MAILS


async def test_every_delivery_is_sent_once_and_says_so(
    subscribers: Subscribers, smtp: ScriptedSmtp, page_id: UUID
) -> None:
    await planned(subscribers, page_id, 30)
    async with running(deliverer_of(subscribers, smtp)):
        rows = await settled(subscribers, page_id)
    assert [(row["state"], row["attempts"], row["reason"]) for row in rows] == [("sent", 1, None)] * 30
    assert len({message_id(raw) for raw in smtp.messages}) == len(smtp.messages) == 30
    assert smtp.connections <= MAILS.per_host


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
    states = {(row["state"], row["attempts"]) for row in await subscribers.deliveries(page_id)}
    assert states == {("pending", 0), ("sent", 1)}
    async with running(deliverer_of(subscribers, smtp)):
        await settled(subscribers, page_id)
    assert len({message_id(raw) for raw in smtp.messages}) == len(smtp.messages) == 10


async def test_a_kill_between_sending_and_noting_it_repeats_the_very_same_mail(
    subscribers: Subscribers, smtp: ScriptedSmtp, page_id: UUID
) -> None:
    await planned(subscribers, page_id)
    task = asyncio.create_task(deliverer_of(subscribers, smtp).run(asyncio.Event()))

    def taken() -> None:
        smtp.script[END_OF_DATA] = FALL_SILENT
        task.cancel()

    smtp.on_message = taken
    with suppress(asyncio.CancelledError):
        await task
    [row] = await subscribers.deliveries(page_id)
    assert (row["state"], row["attempts"]) == ("sending", 1)
    await make_due(subscribers, page_id)  # its lease is over
    smtp.on_message = lambda: None
    smtp.script.clear()
    async with running(deliverer_of(subscribers, smtp)):
        [row] = await settled(subscribers, page_id)
    assert (row["state"], row["attempts"]) == ("sent", 2)
    first, second = smtp.messages
    assert first == second


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
