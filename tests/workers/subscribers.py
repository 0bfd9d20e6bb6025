"""A page and people who want to hear of it, on a real database, without HTTP."""

import asyncio
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from eventstore.codec import Codec
from eventstore.events import RecordedEvent
from eventstore.pool import Pool
from eventstore.postgres import PostgresStore
from eventstore.shared_moves import SharedMoves
from service.clock import Clock, system_clock
from service.codec import build_codec
from service.commands.drafts import ComponentDraft, PageDraft
from service.commands.handler import CommandHandler, Origin
from service.commands.incidents import OpenIncident, UpdateIncident
from service.commands.own_subscriptions import FindOwnPage
from service.commands.pages import CreatePage, DeletePage
from service.commands.subscribable import Address, FindPage
from service.commands.subscriptions import Cancel, Subscribe, Verify
from service.commands.vouching import Vouched, VouchFor
from service.domain import incident
from service.domain.component import Details
from service.domain.incident import INCIDENT
from service.domain.statuspage import STATUSPAGE
from service.domain.subscription import SUBSCRIPTION, CancelReason
from service.domain.values import ChannelType, ComponentStatus, IncidentStatus, PageType
from service.readmodels.rendering import Places
from service.vault.contacts import Contacts, NewContact
from service.vault.leavers import Leavers
from service.vault.links import Links
from service.vault.passwords import Passwords
from workers.consume import Reaction
from workers.delivery.compose import Composer
from workers.delivery.planner import Planner
from workers.delivery.tidings import TidingsDesk
from workers.policies import confirmation, erasure, notifications
from workers.policies.bookmark import Bookmark

ORGANISATION_ID = uuid4()
SECRET = b"a secret of the tests, thirty-two bytes long"


@dataclass
class Subscribers:
    pool: Pool
    clock: Clock = system_clock
    codec: Codec = field(default_factory=build_codec)

    def __post_init__(self) -> None:
        self.store = PostgresStore(self.pool)
        self.commands = CommandHandler(self.store, self.codec)
        self.contacts = Contacts(self.pool)
        self.links = Links(self.pool)

    async def page(self, name: str = "Acme", *component_ids: UUID) -> UUID:
        page_id = uuid4()
        settings = {"name": name, "description": "", "type": PageType.PUBLIC}
        components = tuple(
            ComponentDraft(each, Details("API"), ComponentStatus.OPERATIONAL, f"/components/{index}")
            for index, each in enumerate(component_ids)
        )
        draft = PageDraft(settings | {"subdomain": f"page-{page_id.hex[:12]}"}, components or None, None)
        command = CreatePage(page_id, ORGANISATION_ID, draft, None, "target", self.clock())
        await self.commands.run(a_visitor(), STATUSPAGE.stream(page_id), command)
        return page_id

    async def request(self, page_id: UUID, address: str | None = None, *component_ids: UUID) -> UUID:
        """Asked for, its address in the vault."""
        text = address or an_address()
        host = text.rpartition("@")[2]
        contact = NewContact(page_id, ChannelType.EMAIL, text, str(uuid4()), host=host)
        subscription_id = await self.contacts.claim(uuid4(), contact)
        await self.request_again(page_id, subscription_id, *component_ids)
        return subscription_id

    async def request_again(self, page_id: UUID, subscription_id: UUID, *component_ids: UUID) -> None:
        find, at = FindPage(Address(page_id=page_id), component_ids), self.clock()
        command = Subscribe(subscription_id, find, ChannelType.EMAIL, may_confirm=True, at=at)
        await self.commands.run(a_visitor(), SUBSCRIPTION.stream(subscription_id), command)

    async def vouch(self, page_id: UUID) -> UUID:
        """Added by the page's owner, who has the address's consent."""
        subscription_id = uuid4()
        command = VouchFor(FindOwnPage(page_id, ORGANISATION_ID), [Vouched(subscription_id)], self.clock())
        await self.commands.run(a_visitor(), SUBSCRIPTION.stream(subscription_id), command)
        return subscription_id

    async def verify(self, subscription_id: UUID) -> None:
        command = Verify(subscription_id, self.clock())
        await self.commands.run(a_visitor(), SUBSCRIPTION.stream(subscription_id), command)

    async def cancel(self, subscription_id: UUID) -> None:
        command = Cancel(subscription_id, CancelReason.UNSUBSCRIBED, self.clock())
        await self.commands.run(a_visitor(), SUBSCRIPTION.stream(subscription_id), command)

    async def delete(self, page_id: UUID) -> None:
        command = DeletePage(page_id, ORGANISATION_ID, None, self.clock())
        await self.commands.run(a_visitor(), STATUSPAGE.stream(page_id), command)

    def confirming(self) -> confirmation.ConfirmationPolicy:
        bookmark = Bookmark(confirmation.NAME, self.pool, self.store, SharedMoves(self.pool, "bell"))
        return confirmation.ConfirmationPolicy(self.pool, bookmark, self.store, self.codec)

    def erasing(self) -> erasure.ErasurePolicy:
        bookmark = Bookmark(erasure.NAME, self.pool, self.store, SharedMoves(self.pool, "bell"))
        vault = erasure.Vault(self.contacts, Passwords(self.pool), Leavers(self.pool, SECRET))
        return erasure.ErasurePolicy(self.pool, bookmark, self.store, self.codec, self.commands, vault)

    def notifying(self) -> notifications.NotificationPolicy:
        bookmark = Bookmark(notifications.NAME, self.pool, self.store, SharedMoves(self.pool, "bell"))
        return notifications.NotificationPolicy(self.pool, bookmark, self.store, self.codec, self.commands)

    def composer(self) -> Composer:
        places = Places("https://status.example.com", None)
        desk = TidingsDesk(self.store, self.codec, self.commands, places)
        return Composer(self.commands, self.links, desk, places.base_url, SECRET)

    async def plan(self, part: int = 5000) -> None:
        """Until every plan is done."""
        await self.catch_up(self.notifying())
        planner = Planner(self.pool, asyncio.sleep, part)
        while await planner.plan():
            pass

    async def reader(self, page_id: UUID, *component_ids: UUID) -> UUID:
        """Whoever has confirmed."""
        subscription_id = await self.request(page_id, None, *component_ids)
        await self.verify(subscription_id)
        return subscription_id

    async def open_incident(self, page_id: UUID, *component_ids: UUID, notify: bool = True) -> UUID:
        incident_id = uuid4()
        command = incident.OpenIncident(
            incident_id,
            page_id,
            ORGANISATION_ID,
            "Slow",
            IncidentStatus.INVESTIGATING,
            uuid4(),
            "We **look** into it.",
            dict.fromkeys(component_ids, ComponentStatus.MAJOR_OUTAGE),
            None,
            notify,
            {},
            self.clock(),
        )
        await self.commands.run(a_visitor(), INCIDENT.stream(incident_id), OpenIncident(command))
        return incident_id

    async def update_incident(self, incident_id: UUID, status: IncidentStatus) -> None:
        command = incident.UpdateIncident(uuid4(), status, "News.", {}, notify=True, at=self.clock())
        use_case = UpdateIncident(incident_id, ORGANISATION_ID, None, command)
        await self.commands.run(a_visitor(), INCIDENT.stream(incident_id), use_case)

    async def catch_up(self, policy: Reaction) -> None:
        """Until it has seen the whole log, its own events included."""
        while events := await self.ahead(policy):
            await policy.apply(events, epoch=1)

    async def ahead(self, policy: Reaction) -> list[RecordedEvent]:
        return await self.store.read_log(await policy.position(), 500)

    async def deliveries(self, page_id: UUID) -> list[dict[str, Any]]:
        query = "SELECT * FROM notify.deliveries WHERE page_id = $1 ORDER BY created_at"
        return [dict(row) for row in await self.pool.fetch(query, page_id)]


def a_visitor() -> Origin:
    return Origin(uuid4(), "visitor")


def an_address() -> str:
    return f"reader-{uuid4().hex[:12]}@example.com"
