"""What happens to a subscription. Pages are found by their names' streams, never by a read model."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.commands.work import Work
from service.domain.errors import Fault, Invalid, NotAllowed, NotFound
from service.domain.name import DOMAIN, SUBDOMAIN
from service.domain.statuspage import STATUSPAGE, Page
from service.domain.subscription import (
    SUBSCRIPTION,
    CancelReason,
    CancelSubscription,
    QuarantineReason,
    QuarantineSubscription,
    ReactivateSubscription,
    RequestSubscription,
    Status,
    Subscription,
    VerifySubscription,
)
from service.domain.subscription import existing as existing_subscription
from service.domain.values import ChannelType, PageType

UNKNOWN_PAGE = "unknown_page"
"""The code of the fault of an address that leads to no page."""


@dataclass(frozen=True, slots=True)
class Address:
    """How the caller named the page: by its id, its subdomain or its own domain; exactly one is given."""

    page_id: UUID | None = None
    subdomain: str | None = None
    domain: str | None = None


@dataclass(frozen=True, slots=True)
class FindPage:
    """The page that visitors reach there; changes nothing.

    Raises Invalid for a page that is unknown, hidden or private, all alike, and NotAllowed when it takes
    no subscriptions.
    """

    address: Address
    component_ids: tuple[UUID, ...] = ()

    async def __call__(self, work: Work) -> Page:
        page = await self._visible(work)
        if not page.settings.subscription_enabled:
            raise NotAllowed("This status page takes no subscriptions.")
        _check_components(page, self.component_ids)
        return page

    async def _visible(self, work: Work) -> Page:
        page_id = await _page_id(work, self.address)
        state = None if page_id is None else await work.load(STATUSPAGE, page_id)
        if state is None or state.deleted or not state.enabled or state.settings.type is PageType.PRIVATE:
            raise _unknown(self.address)
        return state


async def _page_id(work: Work, address: Address) -> UUID | None:
    if address.page_id is not None:
        return address.page_id
    if address.subdomain is not None:
        return (await work.load(SUBDOMAIN, address.subdomain)).holder
    return (await work.load(DOMAIN, address.domain)).holder


def _unknown(address: Address) -> Invalid:
    pointer = "/statuspage_id" if address.page_id else "/domain"
    return Invalid([Fault(pointer, UNKNOWN_PAGE, "There is no public status page there.")])


def _check_components(page: Page, component_ids: tuple[UUID, ...]) -> None:
    own = set(page.layout.all_component_ids())
    faults = [
        Fault(f"/component_ids/{i}", "unknown_id", "The page has no such component.")
        for i, component_id in enumerate(component_ids)
        if component_id not in own
    ]
    if faults:
        raise Invalid(faults)


@dataclass(frozen=True, slots=True)
class Subscribe:
    """`may_confirm`: the address's budget of confirmation mails allows one more."""

    subscription_id: UUID
    find: FindPage
    channel_type: ChannelType
    incident_id: UUID | None
    may_confirm: bool
    at: datetime

    async def __call__(self, work: Work) -> None:
        page = await self.find(work)
        work.about(page.organisation_id, page.page_id)
        request = RequestSubscription(
            self.subscription_id,
            page.page_id,
            page.organisation_id,
            self.channel_type,
            self.find.component_ids,
            self.incident_id,
            self.may_confirm,
            self.at,
        )
        await work.decide(SUBSCRIPTION, self.subscription_id, request)


@dataclass(frozen=True, slots=True)
class Verify:
    subscription_id: UUID
    at: datetime

    async def __call__(self, work: Work) -> Subscription:
        await _open(work, self.subscription_id)
        await work.decide(SUBSCRIPTION, self.subscription_id, VerifySubscription(self.at))
        return existing_subscription(await work.load(SUBSCRIPTION, self.subscription_id))


@dataclass(frozen=True, slots=True)
class Cancel:
    subscription_id: UUID
    reason: CancelReason
    at: datetime

    async def __call__(self, work: Work) -> None:
        await _open(work, self.subscription_id)
        await work.decide(SUBSCRIPTION, self.subscription_id, CancelSubscription(self.reason, self.at))


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Nothing arrives there any more. Only a verified subscription is quarantined."""

    subscription_id: UUID
    reason: QuarantineReason
    at: datetime

    async def __call__(self, work: Work) -> None:
        await _open(work, self.subscription_id)
        await work.decide(SUBSCRIPTION, self.subscription_id, QuarantineSubscription(self.reason, self.at))


@dataclass(frozen=True, slots=True)
class Reactivate:
    """Raises NotAllowed while it waits for its confirmation."""

    subscription_id: UUID
    at: datetime

    async def __call__(self, work: Work) -> None:
        await _open(work, self.subscription_id)
        await work.decide(SUBSCRIPTION, self.subscription_id, ReactivateSubscription(self.at))


@dataclass(frozen=True, slots=True)
class Look:
    """A subscription and its page, which may be deleted; changes nothing."""

    subscription_id: UUID

    async def __call__(self, work: Work) -> tuple[Subscription, Page]:
        subscription = existing_subscription(await work.load(SUBSCRIPTION, self.subscription_id))
        page = await work.load(STATUSPAGE, subscription.page_id)
        if page is None:
            raise NotFound("There is no such status page.")
        return subscription, page


@dataclass(frozen=True, slots=True)
class FindUnconfirmed:
    """The page of a subscription that waits for its confirmation; changes nothing.

    Raises NotFound, NotAllowed when it does not wait any more, and what FindPage raises.
    """

    subscription_id: UUID

    async def __call__(self, work: Work) -> Page:
        subscription = existing_subscription(await work.load(SUBSCRIPTION, self.subscription_id))
        if subscription.status is not Status.PENDING:
            raise NotAllowed("The subscription waits for no confirmation.")
        return await FindPage(Address(page_id=subscription.page_id))(work)


async def _open(work: Work, subscription_id: UUID) -> None:
    subscription = existing_subscription(await work.load(SUBSCRIPTION, subscription_id))
    work.about(subscription.organisation_id, subscription.page_id)
