"""Notices: in their words, in their order, and to nobody who has left."""

from email import message_from_bytes
from uuid import UUID

from service.domain.values import IncidentStatus
from tests.environment.scripted_smtp import END_OF_DATA, ScriptedSmtp
from tests.workers.delivery.delivering import deliverer_of, make_due, running, settled
from tests.workers.subscribers import Subscribers


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
