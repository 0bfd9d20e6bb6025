"""Every event that tells something gets one plan; who is to be told is known as of the same position."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from eventstore.checkpoints import CheckpointMoved
from eventstore.events import NEW, Append, Context, StreamWrite
from eventstore.pool import connection
from service.commands.pages import SetPageEnabled
from service.domain.incident import INCIDENT, IncidentOpened, RetractIncident, UpdateIncident
from service.domain.maintenance import (
    MAINTENANCE,
    CancelMaintenance,
    CompleteMaintenance,
    EditMaintenance,
    MaintenanceScheduled,
    Place,
    Plan,
    RemindOfMaintenance,
    StartMaintenance,
    UpdateMaintenance,
)
from service.domain.statuspage import STATUSPAGE
from service.domain.subscription import SUBSCRIPTION
from service.domain.values import IncidentStatus, MaintenanceStatus
from service.notices import Kind
from tests.service.domain.facts import COMPONENT_ID, DAY, HOUR, NOON, UPDATE_ID
from tests.workers.subscribers import ORGANISATION_ID, Subscribers, a_visitor
from workers.policies.subscribers import note

START = NOON + DAY
WINDOW = Plan("Upgrade", "Writes wait.", START, START + HOUR, (COMPONENT_ID,), remind_before_minutes=60)
STARTED = [StartMaintenance(START)]
SAYS_VERIFYING = UpdateMaintenance(UPDATE_ID, MaintenanceStatus.VERIFYING, "News.", True, START + HOUR / 2)
LATER = NOON + HOUR
IDENTIFIED, RESOLVED = IncidentStatus.IDENTIFIED, IncidentStatus.RESOLVED
STORIES: dict[Kind, Sequence[Any]] = {
    Kind.INCIDENT_OPENED: [],
    Kind.INCIDENT_UPDATED: [UpdateIncident(UPDATE_ID, IDENTIFIED, "News.", {}, True, LATER)],
    Kind.INCIDENT_RESOLVED: [UpdateIncident(UPDATE_ID, RESOLVED, "Over.", {}, True, LATER)],
    Kind.INCIDENT_RETRACTED: [RetractIncident(NOON + HOUR)],
    Kind.MAINTENANCE_SCHEDULED: [],
    Kind.MAINTENANCE_MOVED: [EditMaintenance(replace(WINDOW, ends_at=START + 2 * HOUR), NOON)],
    Kind.MAINTENANCE_REMINDED: [RemindOfMaintenance(START - HOUR)],
    Kind.MAINTENANCE_STARTED: STARTED,
    Kind.MAINTENANCE_VERIFYING: [*STARTED, SAYS_VERIFYING],
    Kind.MAINTENANCE_UPDATED: [*STARTED, replace(SAYS_VERIFYING, status=MaintenanceStatus.IN_PROGRESS)],
    Kind.MAINTENANCE_COMPLETED: [*STARTED, CompleteMaintenance(START + HOUR)],
    Kind.MAINTENANCE_CANCELLED: [CancelMaintenance(True, NOON)],
}


def beginning(kind: Kind, page_id: UUID) -> tuple[Any, UUID, Any]:
    """The rules of the thing, its id and its first event."""
    thing_id = uuid4()
    of = thing_id, page_id, ORGANISATION_ID
    if kind.startswith("incident."):
        status, words = IncidentStatus.INVESTIGATING, "We look into it."
        opened = IncidentOpened(*of, "Slow", status, uuid4(), words, {}, None, True, {}, NOON, NOON)
        return INCIDENT, thing_id, opened
    place = Place(thing_id, 1, START, START + HOUR)
    return (
        MAINTENANCE,
        thing_id,
        MaintenanceScheduled(*of, WINDOW, place, NOON),
    )


async def record(subscribers: Subscribers, kind: Kind, page_id: UUID) -> None:
    decider, thing_id, first = beginning(kind, page_id)
    events = [first]
    for command in STORIES[kind]:
        events += decider.decide(decider.fold(events), command)
    encoded = tuple(subscribers.codec.encode(event) for event in events)
    write = StreamWrite(decider.stream(thing_id), NEW, encoded)
    await subscribers.store.append(Append((write,), Context(uuid4())))


async def kinds_planned(subscribers: Subscribers, page_id: UUID) -> list[str]:
    query = "SELECT kind FROM notify.plans WHERE page_id = $1 ORDER BY position"
    return [row["kind"] for row in await subscribers.pool.fetch(query, page_id)]


async def positions(subscribers: Subscribers, subscription_id: UUID) -> tuple[bool, bool]:
    """Whether it has been confirmed, and whether it has ended."""
    query = """
    SELECT verified_position IS NOT NULL AS verified, ended_position IS NOT NULL AS ended
    FROM notify.subscribers WHERE subscription_id = $1
    """
    [row] = await subscribers.pool.fetch(query, subscription_id)
    return row["verified"], row["ended"]


@pytest.mark.parametrize("kind", Kind)
async def test_what_tells_is_planned_once_for_who_wants_it(subscribers: Subscribers, kind: Kind) -> None:
    page_id = await subscribers.page("Acme", uuid4())
    reader = await subscribers.reader(page_id)
    await record(subscribers, kind, page_id)
    await subscribers.plan()
    planned = await kinds_planned(subscribers, page_id)
    assert planned[-1] == kind
    rows = await subscribers.deliveries(page_id)
    assert [row["kind"] for row in sorted(rows, key=lambda row: row["position"])] == planned
    assert {row["subscription_id"] for row in rows} == {reader}


async def test_a_page_that_nobody_can_see_tells_nothing(subscribers: Subscribers) -> None:
    page_id = await subscribers.page()
    await subscribers.open_incident(page_id)
    command = SetPageEnabled(page_id, ORGANISATION_ID, False, None, subscribers.clock())
    await subscribers.commands.run(a_visitor(), STATUSPAGE.stream(page_id), command)
    await subscribers.catch_up(subscribers.notifying())
    assert await kinds_planned(subscribers, page_id) == []


async def test_a_repeated_batch_plans_nothing_and_moves_nothing(subscribers: Subscribers) -> None:
    page_id = await subscribers.page()
    await subscribers.reader(page_id)
    await subscribers.open_incident(page_id)
    policy = subscribers.notifying()
    batch = await subscribers.ahead(policy)
    await policy.apply(batch, epoch=1)
    with pytest.raises(CheckpointMoved):
        await policy.apply(batch, epoch=1)
    assert await kinds_planned(subscribers, page_id) == ["incident.opened"]


async def test_a_subscription_is_followed_from_its_request_to_its_end(subscribers: Subscribers) -> None:
    reader = await subscribers.request(page_id := await subscribers.page())
    seen = []
    for step in (subscribers.verify, subscribers.cancel, None):
        await subscribers.catch_up(subscribers.notifying())
        seen.append(await positions(subscribers, reader))
        if step is not None:
            await step(reader)
    await subscribers.request_again(page_id, reader)
    await subscribers.catch_up(subscribers.notifying())
    assert [*seen, await positions(subscribers, reader)] == [
        (False, False),
        (True, False),
        (True, True),
        (False, False),
    ]


async def test_one_that_rests_is_told_nothing_until_it_goes_on(subscribers: Subscribers) -> None:
    reader = await subscribers.reader(await subscribers.page())
    await subscribers.catch_up(subscribers.notifying())
    verified = (await subscribers.store.read_stream(SUBSCRIPTION.stream(reader)))[-1]
    seen = []
    for turn in ("SubscriptionQuarantined", "SubscriptionReactivated"):
        async with connection(subscribers.pool) as conn:
            await note(conn, replace(verified, type=turn))
        seen.append(await positions(subscribers, reader))
    assert seen == [(True, True), (True, False)]


async def test_another_choice_holds_from_then_on(subscribers: Subscribers) -> None:
    api, web = uuid4(), uuid4()
    page_id = await subscribers.page("Acme", api, web)
    reader = await subscribers.reader(page_id, api)
    await subscribers.open_incident(page_id, web)
    await subscribers.plan()
    verified = (await subscribers.store.read_stream(SUBSCRIPTION.stream(reader)))[-1]
    data = {**verified.data, "component_ids": [str(web)]}
    async with connection(subscribers.pool) as conn:
        await note(conn, replace(verified, type="SubscriptionChoiceChanged", data=data))
    incident_id = await subscribers.open_incident(page_id, web)
    await subscribers.plan()
    assert [row["thing_id"] for row in await subscribers.deliveries(page_id)] == [incident_id]


async def test_no_address_is_kept_beside_the_vault(subscribers: Subscribers) -> None:
    address = f"secret-{uuid4().hex}@example.com"
    await subscribers.request(await subscribers.page(), address)
    await subscribers.catch_up(subscribers.notifying())
    query = "SELECT count(*) FROM notify.subscribers s WHERE s::text LIKE '%' || $1 || '%'"
    assert await subscribers.pool.fetchval(query, address) == 0
