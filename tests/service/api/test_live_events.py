"""Events as they happen: in order, once, from where the client left off, through every trouble."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import orjson
import pytest

from eventstore.feed import POLL_SECONDS
from service.config import Settings
from tests.environment.waiting import eventually
from tests.proxy import Proxy, target_of, through
from tests.service.api.seed import minimal_body
from tests.service.client import Client
from tests.service.deployment import Deployment, deploy
from tests.service.listener import Listener, listening

STREAM = "/v1/events/stream"


@asynccontextmanager
async def following(client: Client, query: str = "", **headers: Any) -> AsyncIterator[Listener]:
    authorization = f"Bearer {client.token}"
    url = f"{client.base_url}{STREAM}{query}"
    async with listening(client.session, url, Authorization=authorization, **headers) as listener:
        yield listener


async def feed(client: Client, query: str = "") -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = (await client.get(f"/v1/events?limit=200{query}")).json["events"]
    return events


async def created(client: Client) -> dict[str, Any]:
    page: dict[str, Any] = (await client.post("/v1/statuspage", minimal_body())).json["statuspage"]
    return page


async def test_first_what_was_and_then_what_happens(deployment: Deployment) -> None:
    _, owner = await deployment.organisation()
    _, other = await deployment.organisation()
    await created(owner)
    before = await feed(owner)
    async with following(owner) as listener:
        await listener.heard(len(before))
        await created(other)
        page = await created(owner)
        await owner.put(f"/v1/statuspage/{page['id']}/status", {"enabled": False})
        events = await feed(owner)
        assert len(events) > len(before)
        await listener.heard(len(events))
        assert [orjson.loads(data) for _, data in listener.events] == events
        assert listener.ids == [event["position"] for event in events]


async def test_an_event_is_there_long_before_anybody_looks_by_the_clock(deployment: Deployment) -> None:
    _, owner = await deployment.organisation()
    head = (await owner.get("/v1/events")).json["head"]
    took = []
    async with following(owner, f"?after={head}&types=PageCreated") as listener:
        await eventually(lambda: bool(listener.retries))
        for count in range(1, 6):
            await created(owner)
            answered = time.monotonic()
            await listener.heard(count)
            took.append(time.monotonic() - answered)
    assert sorted(took)[1] < POLL_SECONDS / 4


async def test_who_comes_back_goes_on_where_it_was(deployment: Deployment) -> None:
    _, owner = await deployment.organisation()
    async with following(owner) as listener:
        await listener.heard(2)
        last = listener.ids[-1]
    await created(owner)
    async with following(owner, "?after=0", Last_Event_ID=last) as listener:
        missed = await feed(owner, f"&after={last}")
        await listener.heard(len(missed))
        assert listener.ids == [event["position"] for event in missed]


async def test_only_what_was_asked_for_comes(deployment: Deployment) -> None:
    _, owner = await deployment.organisation()
    page, _ = await created(owner), await created(owner)
    async with following(owner, f"?types=PageEnabled,PageDisabled&statuspage_id={page['id']}") as listener:
        for enabled in (False, True):
            await owner.put(f"/v1/statuspage/{page['id']}/status", {"enabled": enabled})
        await listener.heard(2)
        found = [orjson.loads(data) for _, data in listener.events]
        assert [event["type"] for event in found] == ["PageDisabled", "PageEnabled"]


@pytest.mark.parametrize("given", ["x", "-1", "1.5", "9" * 19])
async def test_a_last_event_id_that_is_none_is_400(deployment: Deployment, given: str) -> None:
    _, owner = await deployment.organisation()
    assert (await owner.get(STREAM, Last_Event_ID=given)).status == 400


async def test_a_revoked_token_soon_hears_no_more(deployment: Deployment) -> None:
    administration = deployment.core.administration
    organisation_id, owner = await deployment.organisation()
    token = await administration.issue_token(organisation_id)
    weak = Client(deployment.session, deployment.base_url, token.secret)
    await eventually(weak.is_known)
    async with following(weak) as listener:
        await listener.heard(1)
        await administration.revoke_token(organisation_id, token.token_id)
        await eventually(lambda: listener.ended == "in order", timeout=3)
        heard = len(listener.events)
    await created(owner)
    assert len(await feed(owner)) > heard


async def test_an_expired_token_hears_no_more(deployment: Deployment) -> None:
    organisation_id, _ = await deployment.organisation()
    lifetime = timedelta(seconds=3)
    token = await deployment.core.administration.issue_token(organisation_id, lifetime=lifetime)
    client = Client(deployment.session, deployment.base_url, token.secret)
    await eventually(client.is_known)
    async with following(client) as listener:
        await listener.heard(1)
        await eventually(lambda: listener.ended == "in order", timeout=5)


async def test_everybody_who_follows_hears_everything_once(deployment: Deployment) -> None:
    owners = [(await deployment.organisation())[1] for _ in range(3)]

    async def follow(owner: Client) -> list[int]:
        async with following(owner) as listener:
            await asyncio.gather(*(created(owner) for _ in range(5)))
            events = await feed(owner)
            await listener.heard(len(events))
            assert listener.ids == [event["position"] for event in events]
            return listener.ids

    heard = await asyncio.gather(*(follow(owner) for owner in owners for _ in range(3)))
    assert len(heard) == 9


@pytest.fixture
async def proxied(database: str) -> AsyncIterator[tuple[Deployment, Proxy]]:
    """A second process on the database, at the other end of a link that can break."""
    async with Proxy(target_of(database, 5432)) as proxy:
        settings = Settings.model_validate({"DATABASE_URL": through(database, proxy)})
        async with deploy(settings.model_copy(update={"amqp_url": None})) as deployed:
            yield deployed, proxy
            proxy.heal()


async def test_while_the_database_is_away_it_stays_open_and_then_goes_on(
    proxied: tuple[Deployment, Proxy], deployment: Deployment
) -> None:
    behind, proxy = proxied
    organisation_id, owner = await deployment.organisation()
    follower = await behind.client(organisation_id)
    async with following(follower) as listener:
        await listener.heard(len(await feed(owner)))
        proxy.cut()
        await created(owner)
        events = await feed(owner)
        await eventually(lambda: _refused(follower))
        assert listener.ended is None
        proxy.heal()
        await listener.heard(len(events), timeout=15)
        assert listener.ids == [event["position"] for event in events]


async def _refused(client: Client) -> bool:
    return (await client.get("/v1/events")).status == 503
