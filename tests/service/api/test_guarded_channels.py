"""As it is delivered: no webhook leads into a private network, neither asked for nor put into the tables."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from service.commands.handler import Origin
from service.commands.subscribable import Address, FindPage
from service.commands.subscriptions import Subscribe
from service.domain.subscription import SUBSCRIPTION
from service.domain.values import ChannelType
from service.vault.contacts import Contacts, NewContact
from tests.environment.sink import sink
from tests.environment.waiting import eventually
from tests.service.mailing import Mailing, mailing
from tests.service.outgoing.forbidden import FORBIDDEN


@pytest.fixture(scope="module")
async def post(database: str) -> AsyncIterator[Mailing]:
    async with mailing(database) as running:
        yield running


@pytest.fixture(scope="module")
async def page(post: Mailing) -> dict[str, Any]:
    return await post.page()


@pytest.mark.parametrize("url", [each for each in FORBIDDEN if each.isprintable() and 0 < len(each) <= 1000])
async def test_a_forbidden_place_is_named_as_such(post: Mailing, page: dict[str, Any], url: str) -> None:
    body = {"channel_type": "webhook", "channel_value": url, "statuspage_id": page["id"]}
    answer = await post.ask(body)
    assert answer.status == 422, answer.json
    assert [(each["pointer"], each["code"]) for each in answer.json["errors"]] == [
        ("/channel_value", "url_not_allowed")
    ]


@pytest.mark.parametrize(
    ("scheme", "host", "outcome"),
    [
        ("http", "127.0.0.1", ("refused", "url_not_allowed")),
        ("https", "127.1", ("refused", "url_not_allowed")),
        ("https", "[::ffff:7f00:1]", ("refused", "url_not_allowed")),
        ("https", "localhost", ("refused", "url_not_allowed")),
    ],
)
async def test_a_row_put_there_by_hand_reaches_nobody(
    post: Mailing, page: dict[str, Any], scheme: str, host: str, outcome: tuple[str, str]
) -> None:
    async with sink() as listener:
        url = f"{scheme}://{host}:{listener.port}/"
        subscription_id = await put(post, UUID(page["id"]), url)

        async def tried() -> bool:
            return bool(await post.value(f"{ROW} AND attempts > 0 AND state <> 'sending'", subscription_id))

        await eventually(tried, 10, "the delivery was tried")
        assert await post.value(ROW, subscription_id) == "|".join(outcome)
        assert listener.connections == 0


ROW = "SELECT state || '|' || reason FROM notify.deliveries WHERE subscription_id = $1"


async def put(post: Mailing, page_id: UUID, url: str) -> UUID:
    core = post.deployment.core
    contact = NewContact(page_id, ChannelType.WEBHOOK, url, url)
    subscription_id = await Contacts(core.pool).claim(uuid4(), contact)
    find = FindPage(Address(page_id=page_id))
    command = Subscribe(subscription_id, find, ChannelType.WEBHOOK, may_confirm=True, at=core.clock())
    await core.commands.run(Origin(uuid4(), "test"), SUBSCRIPTION.stream(subscription_id), command)
    return subscription_id
