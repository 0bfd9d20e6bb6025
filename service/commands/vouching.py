"""Subscribers whose consent the page's owner has: they are asked nothing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.commands.own_subscriptions import FindOwnPage
from service.commands.work import Work
from service.domain.statuspage import Page
from service.domain.subscription import (
    SUBSCRIPTION,
    RequestSubscription,
    Status,
    VouchForSubscription,
    existing,
)
from service.domain.values import ChannelType

ADDED, KNOWN = "added", "known"


@dataclass(frozen=True, slots=True)
class Vouched:
    """`is_new`: nobody had this id before, so there is no past to read."""

    subscription_id: UUID
    component_ids: tuple[UUID, ...] = ()
    incident_id: UUID | None = None
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class VouchFor:
    """All in one append. Answers how many are `added`, `known` already, or left as they were: `quarantined`
    or `cancelled`. Raises what `find` raises."""

    find: FindOwnPage
    people: Sequence[Vouched]
    at: datetime

    async def __call__(self, work: Work) -> Counter[str]:
        page = await self.find(work)
        work.about(page.organisation_id, page.page_id)
        for each in self.people:
            if each.is_new:
                work.begin(SUBSCRIPTION, each.subscription_id)
        await work.preload(SUBSCRIPTION, [each.subscription_id for each in self.people])
        return Counter([await self._vouch(work, page, each) for each in self.people])

    async def _vouch(self, work: Work, page: Page, person: Vouched) -> str:
        command = VouchForSubscription(self._wish(page, person))
        if await work.decide(SUBSCRIPTION, person.subscription_id, command):
            return ADDED
        found = existing(await work.load(SUBSCRIPTION, person.subscription_id))
        return KNOWN if found.status is Status.VERIFIED else found.status

    def _wish(self, page: Page, person: Vouched) -> RequestSubscription:
        return RequestSubscription(
            person.subscription_id,
            page.page_id,
            page.organisation_id,
            ChannelType.EMAIL,
            person.component_ids,
            person.incident_id,
            may_confirm=True,
            at=self.at,
        )
