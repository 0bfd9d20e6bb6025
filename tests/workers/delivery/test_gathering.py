"""What flaps is told a few times and then gathered: the last message says how it stands, and for how many."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from service.domain.values import IncidentStatus
from tests.workers.delivery.delivering import claim
from tests.workers.subscribers import Subscribers
from workers.delivery.delivery import Delivery
from workers.delivery.gathering import FEW, QUIET, WINDOW
from workers.delivery.ledger import Ledger
from workers.delivery.outcomes import Sent, Superseded

FLAPS = (IncidentStatus.MONITORING, IncidentStatus.INVESTIGATING)


async def pass_time(subscribers: Subscribers, page_id: UUID, time: timedelta) -> None:
    """Everything that was noted of the page's deliveries is that much longer ago."""
    query = """
    UPDATE notify.deliveries SET next_attempt_at = next_attempt_at - $2::interval,
        finished_at = finished_at - $2::interval, created_at = created_at - $2::interval
    WHERE page_id = $1
    """
    await subscribers.pool.execute(query, page_id, time)


async def send_what_is_due(subscribers: Subscribers) -> list[Delivery]:
    ledger, sent = Ledger(subscribers.pool), []
    while claimed := await claim(subscribers, 100, 100):
        await ledger.settle([(each, Superseded() if each.superseded else Sent()) for each in claimed])
        sent += [each for each in claimed if not each.superseded]
    return sent


async def tell(subscribers: Subscribers, incident_id: UUID, status: IncidentStatus) -> list[Delivery]:
    """What is sent at once of an update."""
    await subscribers.update_incident(incident_id, status)
    await subscribers.plan()
    return await send_what_is_due(subscribers)


async def flapping(subscribers: Subscribers) -> tuple[UUID, UUID]:
    """A page and its incident, of which a reader has been told as often as goes at once."""
    page_id = await subscribers.page()
    await subscribers.reader(page_id)
    incident_id = await subscribers.open_incident(page_id)
    await subscribers.plan()
    sent = await send_what_is_due(subscribers)
    for number in range(FEW - 1):
        sent += await tell(subscribers, incident_id, FLAPS[number % 2])
    assert [each.gathered for each in sent] == [0] * FEW
    return page_id, incident_id


async def waiting(subscribers: Subscribers, page_id: UUID) -> dict[str, Any]:
    [row] = [each for each in await subscribers.deliveries(page_id) if each["state"] == "pending"]
    return row


async def test_thirty_flaps_in_five_minutes_are_few_messages_and_the_last_is_the_end(
    subscribers: Subscribers,
) -> None:
    page_id = await subscribers.page()
    await subscribers.reader(page_id)
    incident_id = await subscribers.open_incident(page_id)
    await subscribers.plan()
    sent = await send_what_is_due(subscribers)
    for number in range(29):
        await pass_time(subscribers, page_id, timedelta(seconds=10))
        sent += await send_what_is_due(subscribers)
        sent += await tell(subscribers, incident_id, FLAPS[number % 2])
    sent += await tell(subscribers, incident_id, IncidentStatus.RESOLVED)
    for _ in range(12):
        await pass_time(subscribers, page_id, QUIET)
        sent += await send_what_is_due(subscribers)
    assert len(sent) == FEW + 1
    assert (sent[-1].kind, sent[-1].gathered) == ("incident.resolved", 30 - FEW)
    assert [each.position for each in sent] == sorted(each.position or 0 for each in sent)


async def test_what_is_gathered_goes_out_after_a_quiet_minute(subscribers: Subscribers) -> None:
    page_id, incident_id = await flapping(subscribers)
    assert await tell(subscribers, incident_id, IncidentStatus.RESOLVED) == []
    await pass_time(subscribers, page_id, QUIET)
    [end] = await send_what_is_due(subscribers)
    assert (end.kind, end.gathered) == ("incident.resolved", 0)


async def test_what_never_comes_to_rest_is_told_when_the_window_ends(subscribers: Subscribers) -> None:
    page_id, incident_id = await flapping(subscribers)
    sent: list[Delivery] = []
    minutes = 0.0
    while not sent:
        await pass_time(subscribers, page_id, QUIET / 2)
        minutes += 0.5
        sent = await send_what_is_due(subscribers) or await tell(subscribers, incident_id, FLAPS[0])
    assert WINDOW - QUIET <= timedelta(minutes=minutes) <= WINDOW
    assert sent[0].gathered > FEW


async def test_what_was_told_long_ago_holds_up_nothing(subscribers: Subscribers) -> None:
    page_id, incident_id = await flapping(subscribers)
    await pass_time(subscribers, page_id, WINDOW)
    assert len(await tell(subscribers, incident_id, IncidentStatus.IDENTIFIED)) == 1


async def test_another_incident_and_another_reader_are_not_held_up(subscribers: Subscribers) -> None:
    page_id, incident_id = await flapping(subscribers)
    newcomer = await subscribers.reader(page_id)
    [told] = await tell(subscribers, incident_id, IncidentStatus.IDENTIFIED)
    assert told.subscription_id == newcomer
    await subscribers.open_incident(page_id)
    await subscribers.plan()
    assert len(await send_what_is_due(subscribers)) == 2


async def test_a_message_says_for_how_many_it_stands(subscribers: Subscribers) -> None:
    page_id, incident_id = await flapping(subscribers)
    for status in (*FLAPS, IncidentStatus.RESOLVED):
        await tell(subscribers, incident_id, status)
    await pass_time(subscribers, page_id, QUIET)
    [end] = await claim(subscribers)
    message = await subscribers.composer().compose(end)
    assert "Earlier updates not sent on their own: 2" in message.letter.text
    assert "Resolved" in message.letter.subject
