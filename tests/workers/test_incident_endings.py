"""A subscription to one incident ends with it: not at once, and not while anything is on its way."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from eventstore.shared_moves import SharedMoves
from service.clock import system_clock
from service.commands.incidents import RetractIncident
from service.commands.subscribable import Address, FindPage
from service.commands.subscriptions import Subscribe
from service.deliveries.retention import Retention
from service.deliveries.tally import Tally
from service.domain.incident import INCIDENT
from service.domain.subscription import SUBSCRIPTION
from service.domain.values import ChannelType, IncidentStatus
from service.readmodels.subscriptions import SubscriptionList
from service.vault.confirmations import Confirmations
from service.vault.contacts import NewContact
from tests.workers.subscribers import ORGANISATION_ID, Subscribers, a_visitor, an_address
from workers.projections.registry import PROJECTIONS
from workers.projector import Projector
from workers.upkeep import SILENT_AFTER, Upkeep

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def page_id(subscribers: Subscribers) -> UUID:
    return await subscribers.page()


async def follower(subscribers: Subscribers, page_id: UUID, incident_id: UUID) -> UUID:
    """Whoever wants to hear of that incident, and has confirmed."""
    contact = NewContact(page_id, ChannelType.EMAIL, an_address(), str(uuid4()), incident_id)
    subscription_id = await subscribers.contacts.claim(uuid4(), contact)
    find = FindPage(Address(page_id=page_id), (), incident_id)
    command = Subscribe(subscription_id, find, ChannelType.EMAIL, may_confirm=True, at=system_clock())
    await subscribers.commands.run(a_visitor(), SUBSCRIPTION.stream(subscription_id), command)
    await subscribers.verify(subscription_id)
    return subscription_id


async def upkeep(subscribers: Subscribers, later: timedelta = timedelta(0)) -> None:
    """What the scheduler does that much later."""

    async def purge_keys() -> None: ...

    def clock() -> datetime:
        return system_clock() + later

    for name in ("subscriptions", "incidents"):
        moves = SharedMoves(subscribers.pool, "bell")
        await subscribers.catch_up(Projector(PROJECTIONS[name], subscribers.pool, subscribers.codec, moves))
    found, budget = SubscriptionList(subscribers.pool), Confirmations(subscribers.pool, b"secret")
    keeper = Upkeep(
        subscribers.commands,
        found,
        subscribers.contacts,
        budget,
        subscribers.links,
        purge_keys,
        Tally(subscribers.pool),
        Retention(subscribers.pool),
        clock,
    )
    await keeper.end_with_incidents()
    await subscribers.catch_up(subscribers.erasing())


async def reasons(subscribers: Subscribers, page_id: UUID) -> list[str]:
    events = await subscribers.store.read_subject(page_id, await subscribers.store.head())
    return [event.data["reason"] for event in events if event.type == "SubscriptionCancelled"]


async def test_it_ends_two_weeks_after_the_last_word_and_its_address_is_erased(
    subscribers: Subscribers, page_id: UUID
) -> None:
    incident_id = await subscribers.open_incident(page_id)
    await follower(subscribers, page_id, incident_id)
    of_all = await subscribers.reader(page_id)
    await subscribers.update_incident(incident_id, IncidentStatus.RESOLVED)
    await upkeep(subscribers, SILENT_AFTER - MINUTE)
    assert await reasons(subscribers, page_id) == []
    for _ in range(2):
        await upkeep(subscribers, SILENT_AFTER + MINUTE)
    assert await reasons(subscribers, page_id) == ["incident_over"]
    assert await subscribers.contacts.of_page(page_id) == [of_all]


async def test_while_the_incident_is_open_it_goes_on(subscribers: Subscribers, page_id: UUID) -> None:
    incident_id = await subscribers.open_incident(page_id)
    await follower(subscribers, page_id, incident_id)
    await upkeep(subscribers, 2 * SILENT_AFTER)
    assert await reasons(subscribers, page_id) == []


async def test_a_postmortem_or_a_correction_gives_it_two_more_weeks(
    subscribers: Subscribers, page_id: UUID
) -> None:
    earlier = Subscribers(subscribers.pool, clock=lambda: system_clock() - 2 * SILENT_AFTER)
    incident_id = await earlier.open_incident(page_id)
    await follower(subscribers, page_id, incident_id)
    await earlier.update_incident(incident_id, IncidentStatus.RESOLVED)
    await subscribers.update_incident(incident_id, IncidentStatus.POSTMORTEM)
    await upkeep(subscribers)
    assert await reasons(subscribers, page_id) == []


async def test_with_an_incident_that_is_retracted_it_ends_at_once(
    subscribers: Subscribers, page_id: UUID
) -> None:
    incident_id = await subscribers.open_incident(page_id)
    await follower(subscribers, page_id, incident_id)
    command = RetractIncident(incident_id, ORGANISATION_ID, None, system_clock())
    await subscribers.commands.run(a_visitor(), INCIDENT.stream(incident_id), command)
    await upkeep(subscribers)
    assert await reasons(subscribers, page_id) == ["incident_over"]


async def test_nobody_is_cut_off_while_something_is_on_its_way(
    subscribers: Subscribers, page_id: UUID
) -> None:
    incident_id = await subscribers.open_incident(page_id)
    await follower(subscribers, page_id, incident_id)
    await subscribers.update_incident(incident_id, IncidentStatus.RESOLVED)
    await subscribers.plan()
    await upkeep(subscribers, 2 * SILENT_AFTER)
    assert await reasons(subscribers, page_id) == []
    sent = "UPDATE notify.deliveries SET state = 'sent' WHERE page_id = $1"
    await subscribers.pool.execute(sent, page_id)
    await upkeep(subscribers, 2 * SILENT_AFTER)
    assert await reasons(subscribers, page_id) == ["incident_over"]


async def test_a_read_model_that_lags_behind_ends_nothing(subscribers: Subscribers, page_id: UUID) -> None:
    await upkeep(subscribers)
    await follower(subscribers, page_id, await subscribers.open_incident(page_id))
    keeper_sees = SubscriptionList(subscribers.pool)
    assert len(await keeper_sees.of_over_incidents(system_clock(), UUID(int=0), 10)) >= 1
    await upkeep(subscribers)
    assert await reasons(subscribers, page_id) == []
