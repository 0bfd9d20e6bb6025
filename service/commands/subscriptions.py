"""What happens to a subscription."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from service.commands.subscribable import Address, FindPage, unknown_components
from service.commands.work import Work
from service.domain.component import COMPONENT
from service.domain.errors import Invalid, NotAllowed, NotFound
from service.domain.incident import INCIDENT
from service.domain.statuspage import STATUSPAGE, Page
from service.domain.subscription import (
    SUBSCRIPTION,
    CancelReason,
    CancelSubscription,
    ChangeSubscriptionChoice,
    QuarantineReason,
    QuarantineSubscription,
    ReactivateSubscription,
    RequestSubscription,
    Status,
    Subscription,
    VerifySubscription,
)
from service.domain.subscription import existing as existing_subscription
from service.domain.values import ChannelType


class Find(Protocol):
    """Finds the page to subscribe to, and says what to subscribe to there."""

    @property
    def component_ids(self) -> tuple[UUID, ...]: ...

    @property
    def incident_id(self) -> UUID | None: ...

    async def __call__(self, work: Work) -> Page: ...


@dataclass(frozen=True, slots=True)
class Subscribe:
    """`may_confirm`: the address's budget of confirmation mails allows one more."""

    subscription_id: UUID
    find: Find
    channel_type: ChannelType
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
            self.find.incident_id,
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
class EndWithIncident:
    """End a subscription to one incident if that is over or was retracted; what is to more goes on."""

    subscription_id: UUID
    at: datetime

    async def __call__(self, work: Work) -> None:
        await _open(work, self.subscription_id)
        subscription = existing_subscription(await work.load(SUBSCRIPTION, self.subscription_id))
        if subscription.incident_id is None:
            return
        incident = await work.load(INCIDENT, subscription.incident_id)
        if incident is not None and (incident.over or incident.retracted):
            end = CancelSubscription(CancelReason.INCIDENT_OVER, self.at)
            await work.decide(SUBSCRIPTION, self.subscription_id, end)


@dataclass(frozen=True, slots=True)
class Choose:
    """What to be told of from now on. Raises Invalid for components that the page has not."""

    subscription_id: UUID
    component_ids: tuple[UUID, ...]
    at: datetime

    async def __call__(self, work: Work) -> None:
        _, page = await Look(self.subscription_id)(work)
        faults = unknown_components(page, self.component_ids)
        if faults:
            raise Invalid(faults)
        work.about(page.organisation_id, page.page_id)
        command = ChangeSubscriptionChoice(self.component_ids, self.at)
        await work.decide(SUBSCRIPTION, self.subscription_id, command)


@dataclass(frozen=True, slots=True)
class Choice:
    """`names`: of all the page's components, in its order."""

    subscription: Subscription
    page: Page
    names: Mapping[UUID, str]


@dataclass(frozen=True, slots=True)
class LookAtChoice:
    """A subscription, and what it could be to; changes nothing."""

    subscription_id: UUID

    async def __call__(self, work: Work) -> Choice:
        subscription, page = await Look(self.subscription_id)(work)
        component_ids = tuple(page.layout.all_component_ids())
        await work.preload(COMPONENT, component_ids)
        names = {each: await _name(work, each) for each in component_ids}
        return Choice(subscription, page, names)


async def _name(work: Work, component_id: UUID) -> str:
    component = await work.load(COMPONENT, component_id)
    return "" if component is None else component.details.name


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
