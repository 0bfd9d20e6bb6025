"""What becomes of a delivery that cannot be sent now, or ever."""

from uuid import UUID

import pytest

from service.domain.subscription import SUBSCRIPTION
from service.domain.values import IncidentStatus
from tests.environment.scripted_smtp import END_OF_DATA, ScriptedSmtp
from tests.workers.delivery.delivering import attempted, deliverer_of, make_due, planned, running, settled
from tests.workers.subscribers import Subscribers
from workers.delivery.outcomes import RETRY_AFTER


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
    assert all(wait < after for after, wait in zip(RETRY_AFTER, waits, strict=True))


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
