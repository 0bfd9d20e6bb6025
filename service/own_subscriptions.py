"""What a page's owner can do: add an address, take one off, wake one that rests."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from service.clock import Clock
from service.commands.handler import CommandHandler, Done, Origin
from service.commands.own_subscriptions import FindOwnPage, Owned, ReactivateOwned, RemoveSubscription
from service.commands.subscriptions import Subscribe
from service.commands.vouching import Vouched, VouchFor
from service.domain.errors import TooMany
from service.domain.subscription import SUBSCRIPTION, Subscription
from service.domain.values import ChannelType
from service.room import require_room
from service.vault.confirmations import PERIOD, Confirmations, Ticket
from service.vault.contacts import Contacts, NewContact
from service.vault.email_address import EmailAddress
from service.vault.leavers import Leavers


@dataclass(frozen=True, slots=True)
class Added:
    subscription_id: UUID
    changed: bool
    position: int


class OwnSubscriptions:
    """Raises Rejected, TooManyConflicts and StoreUnavailable."""

    def __init__(
        self,
        commands: CommandHandler,
        contacts: Contacts,
        confirmations: Confirmations,
        leavers: Leavers,
        clock: Clock,
    ) -> None:
        self._commands = commands
        self._contacts = contacts
        self._confirmations = confirmations
        self._leavers = leavers
        self._clock = clock

    async def add(self, origin: Origin, find: FindOwnPage, email: EmailAddress, *, confirmed: bool) -> Added:
        """`confirmed`: ask the address nothing, unless its reader left this page before. Raises TooMany when
        it was asked often enough today."""
        await self._commands.run(Origin(uuid4(), origin.actor), str(uuid4()), find)
        await require_room(self._contacts, find.page_id)
        contact = contact_of(find.page_id, email, find.incident_id)
        if confirmed and await self._leavers.left([contact]) == [False]:
            return await self._vouch(origin, find, contact)
        return await self._ask(origin, find, contact, await self._ticket(email))

    async def look(self, owned: Owned) -> Subscription:
        return (await self._commands.run(Origin(uuid4(), "visitor"), str(uuid4()), owned)).value

    async def remove(self, origin: Origin, owned: Owned) -> Done[None]:
        """End it and erase the address; a policy does so too, should this process end in between."""
        stream = SUBSCRIPTION.stream(owned.subscription_id)
        done = await self._commands.run(origin, stream, RemoveSubscription(owned, self._clock()))
        await self._contacts.erase(owned.subscription_id)
        return done

    async def reactivate(self, origin: Origin, owned: Owned) -> Done[None]:
        stream = SUBSCRIPTION.stream(owned.subscription_id)
        return await self._commands.run(origin, stream, ReactivateOwned(owned, self._clock()))

    async def _vouch(self, origin: Origin, find: FindOwnPage, contact: NewContact) -> Added:
        subscription_id = await self._contacts.claim(uuid4(), contact)
        person = Vouched(subscription_id, find.component_ids, find.incident_id)
        command = VouchFor(find, [person], self._clock())
        done = await self._commands.run(origin, SUBSCRIPTION.stream(subscription_id), command)
        return Added(subscription_id, done.changed, done.position)

    async def _ask(self, origin: Origin, find: FindOwnPage, contact: NewContact, ticket: Ticket) -> Added:
        subscription_id = await self._contacts.claim(uuid4(), contact)
        command = Subscribe(subscription_id, find, ChannelType.EMAIL, may_confirm=True, at=self._clock())
        done = await self._commands.run(origin, SUBSCRIPTION.stream(subscription_id), command)
        if not done.changed:
            await self._confirmations.give_back(ticket)
        return Added(subscription_id, done.changed, done.position)

    async def _ticket(self, email: EmailAddress) -> Ticket:
        ticket = await self._confirmations.take(email.mailbox)
        if ticket is None:
            seconds = int(PERIOD.total_seconds())
            raise TooMany("This address was asked to confirm often enough today.", seconds)
        return ticket


def contact_of(page_id: UUID, email: EmailAddress, incident_id: UUID | None) -> NewContact:
    return NewContact(page_id, ChannelType.EMAIL, str(email), email.key, incident_id, email.domain)
