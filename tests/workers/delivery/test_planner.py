"""What tells something becomes one delivery for everybody who wants it, once, whatever dies in between."""

import asyncio
from uuid import UUID, uuid4

from service.domain.values import IncidentStatus
from tests.workers.subscribers import Subscribers
from workers.delivery.planner import Planner


async def told(subscribers: Subscribers, page_id: UUID) -> list[UUID]:
    """Who has a delivery, as often as they have one."""
    rows = await subscribers.deliveries(page_id)
    return sorted(row["subscription_id"] for row in rows)


async def states(subscribers: Subscribers, page_id: UUID) -> list[tuple[str, str]]:
    query = "SELECT kind, state FROM notify.deliveries WHERE page_id = $1 ORDER BY position"
    return [tuple(row) for row in await subscribers.pool.fetch(query, page_id)]


async def readers(subscribers: Subscribers, page_id: UUID, count: int) -> list[UUID]:
    return sorted([await subscribers.reader(page_id) for _ in range(count)])


async def test_who_has_confirmed_and_wants_it_is_told_once(subscribers: Subscribers) -> None:
    api, web = uuid4(), uuid4()
    page_id = await subscribers.page("Acme", api, web)
    of_all, of_api = await subscribers.reader(page_id), await subscribers.reader(page_id, api)
    await subscribers.reader(page_id, web)
    await subscribers.request(page_id)
    await subscribers.cancel(await subscribers.reader(page_id))
    await subscribers.open_incident(page_id, api)
    await subscribers.reader(page_id)
    await subscribers.plan()
    assert await told(subscribers, page_id) == sorted([of_all, of_api])


async def test_a_delivery_is_as_old_as_its_event_and_ends_after_a_day(subscribers: Subscribers) -> None:
    page_id = await subscribers.page()
    await subscribers.reader(page_id)
    incident_id = await subscribers.open_incident(page_id)
    await subscribers.plan()
    [row] = await subscribers.deliveries(page_id)
    assert (row["kind"], row["thing_id"], row["state"]) == ("incident.opened", incident_id, "pending")
    assert (row["expires_at"] - row["created_at"]).total_seconds() == 24 * 3600
    assert row["position"] == (await subscribers.store.read_log(row["position"] - 1, 1))[0].position


async def test_a_delivery_names_its_host_and_none_once_that_is_erased(subscribers: Subscribers) -> None:
    page_id = await subscribers.page()
    await subscribers.verify(await subscribers.request(page_id, "ada@mail.example.org"))
    erased = await subscribers.reader(page_id)
    await subscribers.contacts.erase(erased)
    await subscribers.open_incident(page_id)
    await subscribers.plan()
    assert {row["host"] for row in await subscribers.deliveries(page_id)} == {"mail.example.org", ""}


async def test_what_is_not_to_be_told_is_told_to_nobody(subscribers: Subscribers) -> None:
    page_id = await subscribers.page()
    await subscribers.reader(page_id)
    await subscribers.open_incident(page_id, notify=False)
    await subscribers.plan()
    assert await told(subscribers, page_id) == []


async def test_whoever_left_and_came_back_is_told_from_then_on(subscribers: Subscribers) -> None:
    page_id = await subscribers.page()
    reader = await subscribers.reader(page_id)
    await subscribers.cancel(reader)
    await subscribers.request_again(page_id, reader)
    await subscribers.open_incident(page_id)
    await subscribers.verify(reader)
    await subscribers.open_incident(page_id)
    await subscribers.plan()
    assert await told(subscribers, page_id) == [reader]


async def test_a_plan_is_made_in_parts_and_leaves_out_nobody(subscribers: Subscribers) -> None:
    page_id = await subscribers.page()
    everybody = await readers(subscribers, page_id, 9)
    await subscribers.open_incident(page_id)
    await subscribers.plan(part=3)
    assert await told(subscribers, page_id) == everybody


async def test_a_small_page_does_not_wait_for_a_large_one(subscribers: Subscribers) -> None:
    large, small = await subscribers.page(), await subscribers.page()
    await readers(subscribers, large, 8)
    await readers(subscribers, small, 1)
    await subscribers.open_incident(large)
    await subscribers.open_incident(small)
    await subscribers.catch_up(subscribers.notifying())
    planner = Planner(subscribers.pool, asyncio.sleep, part=2)
    assert [await planner.plan() for _ in range(2)] == [True, True]
    assert (len(await told(subscribers, large)), len(await told(subscribers, small))) == (2, 1)
    await subscribers.plan()


async def test_interruptions_lose_nobody_and_tell_nobody_twice(subscribers: Subscribers) -> None:
    page_id = await subscribers.page()
    everybody = await readers(subscribers, page_id, 20)
    await subscribers.open_incident(page_id)
    await subscribers.catch_up(subscribers.notifying())
    for moment in range(100):
        await interrupted(Planner(subscribers.pool, asyncio.sleep, part=1), moment * 0.0002)
    await subscribers.plan(part=1)
    assert await told(subscribers, page_id) == everybody


async def interrupted(planner: Planner, seconds: float) -> None:
    """Let it plan, and cancel it wherever it is by then."""
    task = asyncio.create_task(planner.plan())
    await asyncio.wait([task], timeout=seconds)
    task.cancel()
    await asyncio.wait([task])


async def test_planners_at_once_share_the_work(subscribers: Subscribers) -> None:
    pages = [await subscribers.page() for _ in range(3)]
    everybody = [await readers(subscribers, page_id, 6) for page_id in pages]
    for page_id in pages:
        await subscribers.open_incident(page_id)
    await subscribers.catch_up(subscribers.notifying())
    await asyncio.gather(*(subscribers.plan(part=2) for _ in range(3)))
    await subscribers.plan()
    assert [await told(subscribers, page_id) for page_id in pages] == everybody


async def test_a_plan_made_again_makes_nothing_again(subscribers: Subscribers) -> None:
    page_id = await subscribers.page()
    await readers(subscribers, page_id, 3)
    await subscribers.open_incident(page_id)
    await subscribers.plan()
    before = await subscribers.deliveries(page_id)
    await subscribers.pool.execute("UPDATE notify.plans SET done_at = NULL, cursor = DEFAULT")
    await subscribers.plan()
    assert await subscribers.deliveries(page_id) == before


class TestSupersession:
    async def test_what_waits_is_superseded_by_what_is_newer(self, subscribers: Subscribers) -> None:
        page_id = await subscribers.page()
        await subscribers.reader(page_id)
        incident_id = await subscribers.open_incident(page_id)
        for status in (IncidentStatus.IDENTIFIED, IncidentStatus.RESOLVED):
            await subscribers.plan()
            await subscribers.update_incident(incident_id, status)
        await subscribers.plan()
        assert await states(subscribers, page_id) == [
            ("incident.opened", "superseded"),
            ("incident.updated", "superseded"),
            ("incident.resolved", "pending"),
        ]

    async def test_what_is_sent_or_being_sent_stays_what_it_is(self, subscribers: Subscribers) -> None:
        page_id = await subscribers.page()
        await readers(subscribers, page_id, 2)
        incident_id = await subscribers.open_incident(page_id)
        await subscribers.plan()
        put = "UPDATE notify.deliveries SET state = $2 WHERE delivery_id = $1"
        rows = await subscribers.deliveries(page_id)
        for row, state in zip(rows, ("sent", "sending"), strict=True):
            await subscribers.pool.execute(put, row["delivery_id"], state)
        await subscribers.update_incident(incident_id, IncidentStatus.RESOLVED)
        await subscribers.plan()
        found = sorted(await states(subscribers, page_id))
        assert found[:2] == [("incident.opened", "sending"), ("incident.opened", "sent")]

    async def test_another_incident_supersedes_nothing(self, subscribers: Subscribers) -> None:
        page_id = await subscribers.page()
        await subscribers.reader(page_id)
        for _ in range(2):
            await subscribers.open_incident(page_id)
        await subscribers.plan()
        assert await states(subscribers, page_id) == [("incident.opened", "pending")] * 2
