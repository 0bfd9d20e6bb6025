"""Subscriptions that are confirmed from the beginning, of every channel and with any address."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from yarl import URL

from service.commands.handler import Origin
from service.commands.work import Work
from service.domain.subscription import SUBSCRIPTION, RequestSubscription, VouchForSubscription
from service.domain.values import ChannelType
from service.vault.contacts import Contacts, NewContact
from tests.service.mailing import Mailing

AT_ONCE = 16


async def subscribed(post: Mailing, page: dict[str, Any], channel: ChannelType, address: str) -> UUID:
    """As if an older release had let the address in: nothing judges it on the way to the tables."""
    core, page_id = post.deployment.core, UUID(page["id"])
    contact = NewContact(page_id, channel, address, str(uuid4()), host=_host(channel, address))
    subscription_id = await Contacts(core.pool).claim(uuid4(), contact)
    wish = RequestSubscription(
        subscription_id, page_id, post.organisation_id, channel, (), None, may_confirm=True, at=core.clock()
    )

    async def vouch(work: Work) -> None:
        work.about(post.organisation_id, page_id)
        await work.decide(SUBSCRIPTION, subscription_id, VouchForSubscription(wish))

    await core.commands.run(Origin(uuid4(), "test"), SUBSCRIPTION.stream(subscription_id), vouch)
    return subscription_id


async def all_subscribed(
    post: Mailing, page: dict[str, Any], channel: ChannelType, addresses: Sequence[str]
) -> dict[str, UUID]:
    """By their addresses."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(address: str) -> UUID:
        async with turns:
            return await subscribed(post, page, channel, address)

    return dict(zip(addresses, await asyncio.gather(*map(one, addresses)), strict=True))


def _host(channel: ChannelType, address: str) -> str | None:
    if channel is ChannelType.EMAIL:
        return address.rpartition("@")[2]
    try:
        return URL(address).host
    except ValueError:
        return None
