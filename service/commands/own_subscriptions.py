"""What a page's owner does with its subscriptions."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.commands.pages import open_page
from service.commands.subscribable import check_choice
from service.commands.work import Work
from service.domain.errors import NotAllowed, NotFound
from service.domain.statuspage import Page
from service.domain.subscription import (
    SUBSCRIPTION,
    CancelReason,
    CancelSubscription,
    ReactivateSubscription,
    Subscription,
    existing,
)
from service.domain.values import PageType


@dataclass(frozen=True, slots=True)
class FindOwnPage:
    """Raises NotFound for somebody else's page, NotAllowed for one that tells its subscribers nothing."""

    page_id: UUID
    organisation_id: UUID
    component_ids: tuple[UUID, ...] = ()
    incident_id: UUID | None = None

    async def __call__(self, work: Work) -> Page:
        page = await open_page(work, self.page_id, self.organisation_id)
        if not page.settings.subscription_enabled:
            raise NotAllowed("This status page takes no subscriptions.")
        if not page.enabled or page.settings.type is PageType.PRIVATE:
            raise NotAllowed("A page that visitors cannot see has no subscribers.")
        await check_choice(work, page, self.component_ids, self.incident_id)
        return page


@dataclass(frozen=True, slots=True)
class Owned:
    """A subscription to a page of the organisation."""

    subscription_id: UUID
    page_id: UUID
    organisation_id: UUID

    async def __call__(self, work: Work) -> Subscription:
        """Raises NotFound."""
        found = existing(await work.load(SUBSCRIPTION, self.subscription_id))
        if (found.page_id, found.organisation_id) != (self.page_id, self.organisation_id):
            raise NotFound("There is no such subscription.")
        work.about(found.organisation_id, found.page_id)
        return found


@dataclass(frozen=True, slots=True)
class RemoveSubscription:
    owned: Owned
    at: datetime

    async def __call__(self, work: Work) -> None:
        await self.owned(work)
        removal = CancelSubscription(CancelReason.REMOVED, self.at)
        await work.decide(SUBSCRIPTION, self.owned.subscription_id, removal)


@dataclass(frozen=True, slots=True)
class ReactivateOwned:
    """Raises NotAllowed while it waits for its confirmation."""

    owned: Owned
    at: datetime

    async def __call__(self, work: Work) -> None:
        await self.owned(work)
        await work.decide(SUBSCRIPTION, self.owned.subscription_id, ReactivateSubscription(self.at))
