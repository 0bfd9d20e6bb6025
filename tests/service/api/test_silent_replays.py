"""Read models are built anew from the log again and again: nobody is told anything of it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any

import pytest

from benchmarks.product.built import Silent
from tests.environment.sink import Sink, sink, status
from tests.environment.waiting import eventually
from tests.service.mailing import Mailing, mailing, somebody
from workers.projections.registry import PROJECTIONS
from workers.replay.replay import Replay

TIMES = 3
NOTED = "SELECT array_agg(d::text ORDER BY delivery_id) FROM notify.deliveries d"
PLANNED = "SELECT array_agg(p::text ORDER BY event_id) FROM notify.plans p"


@dataclass(frozen=True)
class Readers:
    """One by mail, one by webhook, both of one page."""

    post: Mailing
    page: dict[str, Any]
    webhook: Sink

    @property
    def got(self) -> tuple[int, int]:
        """How many mails, and how many messages at the webhook."""
        return len(self.post.sink.messages), len(self.webhook.received)

    async def tell(self) -> None:
        """Open an incident; both have been told of it."""
        mails, posts = self.got
        body = {"name": "Slow answers", "body": "We look into it."}
        opened = await self.post.owner.post(f"/v1/statuspage/{self.page['id']}/incident", body)
        assert opened.status == 201, opened.json
        await eventually(lambda: self.got == (mails + 1, posts + 1), 10, "one message each")
        await self._settled()

    async def _settled(self) -> None:
        async def none_is_left() -> bool:
            query = "SELECT count(*) FROM notify.deliveries WHERE state <> 'sent'"
            return not await self.post.value(query)

        await eventually(none_is_left, 10, "every delivery sent")

    async def state(self) -> list[Any]:
        """What was sent, what is noted of it, and how long the log is."""
        noted = [await self.post.value(query) for query in (NOTED, PLANNED)]
        return [self.got, *noted, await self.post.deployment.core.store.head()]


@pytest.fixture
async def readers(database: str) -> AsyncIterator[Readers]:
    loopback = (ip_network("127.0.0.0/8"),)
    async with sink() as webhook, mailing(database, outgoing_allowed=loopback) as post:
        webhook.answer = lambda request: status(200, body=request.body)(request)  # the challenge is in it
        page = await post.page(components=[{"name": "API"}])
        await post.subscribed(page, somebody())
        body = {"channel_type": "webhook", "channel_value": webhook.url(), "statuspage_id": page["id"]}
        assert (await post.ask(body)).status == 201

        async def both_are_verified() -> bool:
            return bool((await post.listed(page))["counts"]["verified"] == 2)

        await eventually(both_are_verified, 10, "both verified")
        yield Readers(post, page, webhook)


async def test_replaying_every_projection_three_times_tells_nobody_anything(readers: Readers) -> None:
    core = readers.post.deployment.core
    await readers.tell()
    before = await readers.state()
    for _ in range(TIMES):
        for name in PROJECTIONS:
            outcome = await Replay(core.pool, core.codec, core.leases, Silent()).rebuild(name)
            assert outcome.swapped
    await readers.post.policies_are_done()
    assert await readers.state() == before
    await readers.tell()  # what would have been on its way is here before that
