"""What a subscriber can do: ask, confirm, leave. Addresses go to the vault, facts to the log."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from service.clock import Clock
from service.commands.handler import CommandHandler, Done, Origin
from service.commands.subscribable import UNKNOWN_PAGE, Address, FindPage
from service.commands.subscriptions import Cancel, Choice, Choose, Look, LookAtChoice, Subscribe, Verify
from service.domain.errors import Invalid, NotFound
from service.domain.statuspage import Page
from service.domain.subscription import SUBSCRIPTION, CancelReason, Subscription
from service.room import require_room
from service.vault.channel_address import ChannelAddress
from service.vault.confirmations import Confirmations, Ticket
from service.vault.contacts import Contacts, NewContact
from service.vault.leavers import Leavers
from service.vault.links import Link, Links, Purpose


@dataclass(frozen=True, slots=True)
class Wish:
    """`places`: where the page may be, the likeliest first; at least one."""

    places: Sequence[Address]
    component_ids: tuple[UUID, ...]
    address: ChannelAddress
    incident_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link leads to."""

    purpose: Purpose
    subscription: Subscription
    page_name: str


class Subscriptions:
    """Raises Rejected, TooManyConflicts and StoreUnavailable."""

    def __init__(
        self,
        commands: CommandHandler,
        contacts: Contacts,
        links: Links,
        confirmations: Confirmations,
        leavers: Leavers,
        clock: Clock,
    ) -> None:
        self._commands = commands
        self._contacts = contacts
        self._links = links
        self._confirmations = confirmations
        self._leavers = leavers
        self._clock = clock

    async def request(self, origin: Origin, wish: Wish) -> int:
        """Ask for an address to be told; the log holds the outcome up to the position returned.

        Whether the address was known before shows nowhere, but in the time this takes.
        """
        find, page, position = await self._find(wish)
        await require_room(self._contacts, page.page_id)
        ticket = await self._confirmations.take(wish.address.mailbox)
        if ticket is None:
            return position
        return await self._subscribe(origin, find, page, wish.address, ticket)

    async def verify(self, origin: Origin, token: str) -> Done[Subscription]:
        link = await self._link(token, Purpose.VERIFY)
        stream = SUBSCRIPTION.stream(link.subscription_id)
        done = await self._commands.run(origin, stream, Verify(link.subscription_id, self._clock()))
        await self._leavers.welcome(link.subscription_id)
        return done

    async def cancel(self, origin: Origin, token: str) -> Done[None]:
        """End it and erase the address; a policy does so too, should this process end in between."""
        link = await self._link(token, Purpose.MANAGE)
        stream = SUBSCRIPTION.stream(link.subscription_id)
        command = Cancel(link.subscription_id, CancelReason.UNSUBSCRIBED, self._clock())
        done = await self._commands.run(origin, stream, command)
        await self._leavers.note(link.subscription_id)
        await self._contacts.erase(link.subscription_id)
        return done

    async def choice(self, token: str) -> Choice:
        """What the subscription is to, and could be to; changes nothing."""
        link = await self._link(token, Purpose.MANAGE)
        done = await self._commands.run(_looking(), str(uuid4()), LookAtChoice(link.subscription_id))
        return done.value

    async def choose(self, origin: Origin, token: str, component_ids: Sequence[UUID]) -> Done[None]:
        link = await self._link(token, Purpose.MANAGE)
        chosen = tuple(dict.fromkeys(component_ids))
        command = Choose(link.subscription_id, chosen, self._clock())
        return await self._commands.run(origin, SUBSCRIPTION.stream(link.subscription_id), command)

    async def open(self, token: str) -> Opened:
        """Look where a link leads; changes nothing."""
        link = await self._links.find(token)
        if link is None:
            raise _unknown()
        done = await self._commands.run(_looking(), str(uuid4()), Look(link.subscription_id))
        subscription, page = done.value
        return Opened(link.purpose, subscription, page.settings.name)

    async def _find(self, wish: Wish) -> tuple[FindPage, Page, int]:
        """The first place that has a page. Raises what the last one is refused for."""
        *others, last = (FindPage(place, wish.component_ids, wish.incident_id) for place in wish.places)
        for find in others:
            try:
                done = await self._commands.run(_looking(), str(uuid4()), find)
            except Invalid as error:
                if error.faults[0].code != UNKNOWN_PAGE:
                    raise
                continue
            return find, done.value, done.position
        done = await self._commands.run(_looking(), str(uuid4()), last)
        return last, done.value, done.position

    async def _subscribe(
        self, origin: Origin, find: FindPage, page: Page, address: ChannelAddress, ticket: Ticket
    ) -> int:
        contact = NewContact(
            page.page_id, address.channel_type, address.text, address.key, find.incident_id, address.host
        )
        subscription_id = await self._contacts.claim(uuid4(), contact)
        command = Subscribe(subscription_id, find, address.channel_type, may_confirm=True, at=self._clock())
        done = await self._commands.run(origin, SUBSCRIPTION.stream(subscription_id), command)
        if not done.changed:
            await self._confirmations.give_back(ticket)
        return done.position

    async def _link(self, token: str, purpose: Purpose) -> Link:
        link = await self._links.find(token)
        if link is None or link.purpose is not purpose:
            raise _unknown()
        return link


def _looking() -> Origin:
    return Origin(uuid4(), "visitor")


def _unknown() -> NotFound:
    return NotFound("There is no such link.")
