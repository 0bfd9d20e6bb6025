"""A delivery as the message that its reader gets: the question whether to confirm, or a notice."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from service.commands.handler import CommandHandler, Origin
from service.commands.subscriptions import FindUnconfirmed
from service.domain.errors import NotAllowed
from service.domain.statuspage import Page
from service.notices import Letter, letter_of
from service.notices.languages import language_for
from service.vault.links import Link, Links, Purpose, token
from workers.delivery.channel import Message, Tidings
from workers.delivery.confirmation import confirmation_letter
from workers.delivery.delivery import Delivery
from workers.delivery.kept import Kept
from workers.delivery.message import one_line
from workers.delivery.tidings import TidingsDesk


@dataclass(frozen=True, slots=True)
class Pattern:
    """A notice as one of its readers gets it, whose own is `token`: nobody can guess it, so that it stands
    nowhere but in their link."""

    first: Letter
    token: str

    def letter(self, token: str) -> Letter:
        own = self.token, token
        return Letter(self.first.subject, self.first.text.replace(*own), self.first.html.replace(*own))


@dataclass(frozen=True, slots=True)
class Composer:
    """`base_url`: where this deployment answers, without a slash at its end. `secret` makes links' tokens."""

    commands: CommandHandler
    links: Links
    tidings: TidingsDesk
    base_url: str
    secret: bytes
    _letters: Kept[Tidings, Pattern] = field(default_factory=Kept)

    async def prepare(self, deliveries: Sequence[Delivery]) -> None:
        """Make their links valid, before their messages are out. Raises StoreUnavailable."""
        links = {
            self._token(each, purpose): Link(each.subscription_id, purpose)
            for each in deliveries
            for purpose in _purposes(each)
        }
        if links:
            await self.links.put_all(links)

    async def compose(self, delivery: Delivery) -> Message:
        """Of one that is prepared.

        Raises Rejected for what nobody wants any more, TooManyConflicts, StoreUnavailable.
        """
        if delivery.thing_id is None:
            return await self._confirmation(delivery)
        return await self._notice(delivery)

    async def _confirmation(self, delivery: Delivery) -> Message:
        page = await self._unconfirmed(delivery)
        tokens = [self._token(delivery, purpose) for purpose in (Purpose.VERIFY, Purpose.MANAGE)]
        name, page_url = one_line(page.settings.name), f"{self.base_url}/p/{page.settings.subdomain}"
        verify_url, manage_url = (f"{self.base_url}/subscription/{each}" for each in tokens)
        language = language_for(page.settings.language)
        return Message(
            delivery.delivery_id,
            delivery.page_id,
            name,
            None,
            confirmation_letter(language, name, page_url, verify_url, manage_url),
            delivery.created_at,
            manage_url,
            self._one_click(tokens[1]),
            verify_url,
            language,
        )

    async def _notice(self, delivery: Delivery) -> Message:
        if not delivery.verified:
            raise NotAllowed("The subscription is not confirmed.")
        tidings = await self.tidings.of(delivery)
        manage = self._token(delivery, Purpose.MANAGE)
        manage_url = f"{self.base_url}/subscription/{manage}"
        pattern = self._letters.of(tidings, lambda: Pattern(letter_of(tidings.notice, manage_url), manage))
        return Message(
            delivery.delivery_id,
            delivery.page_id,
            one_line(tidings.notice.letterhead.name),
            tidings,
            pattern.letter(manage),
            delivery.created_at,
            manage_url,
            self._one_click(manage),
        )

    async def _unconfirmed(self, delivery: Delivery) -> Page:
        done = await self.commands.run(_looking(), str(uuid4()), FindUnconfirmed(delivery.subscription_id))
        if done.result is None:
            raise LookupError("a look is never repeated, so it has a result")
        return done.result

    def _token(self, delivery: Delivery, purpose: Purpose) -> str:
        """A subscription has one to manage it, so that no notice makes a link; each question has its own."""
        of = delivery.subscription_id if purpose is Purpose.MANAGE else delivery.delivery_id
        return token(self.secret, purpose, of)

    def _one_click(self, manage: str) -> str:
        return f"{self.base_url}/v1/subscription/{manage}/unsubscribe"


def _purposes(delivery: Delivery) -> Sequence[Purpose]:
    return (Purpose.VERIFY, Purpose.MANAGE) if delivery.thing_id is None else (Purpose.MANAGE,)


def _looking() -> Origin:
    return Origin(uuid4(), "deliverer")
