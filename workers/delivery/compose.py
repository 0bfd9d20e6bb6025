"""A delivery as the message that its reader gets: the question whether to confirm, or a notice."""

from dataclasses import dataclass
from uuid import uuid4

from service.commands.handler import CommandHandler, Origin
from service.commands.subscriptions import FindUnconfirmed, Look
from service.domain.errors import NotAllowed
from service.domain.statuspage import Page
from service.domain.subscription import Status
from service.notices import letter_of
from service.notices.languages import language_for
from service.vault.links import Links, Purpose, token
from workers.delivery.channel import Message
from workers.delivery.confirmation import confirmation_letter
from workers.delivery.ledger import Delivery
from workers.delivery.message import one_line
from workers.delivery.tidings import TidingsDesk


@dataclass(frozen=True, slots=True)
class Composer:
    """`base_url`: where this deployment answers, without a slash at its end. `secret` makes links' tokens."""

    commands: CommandHandler
    links: Links
    tidings: TidingsDesk
    base_url: str
    secret: bytes

    async def compose(self, delivery: Delivery) -> Message:
        """With links that are valid from now on.

        Raises Rejected for what nobody wants any more, TooManyConflicts, StoreUnavailable.
        """
        if delivery.thing_id is None:
            return await self._confirmation(delivery)
        return await self._notice(delivery)

    async def _confirmation(self, delivery: Delivery) -> Message:
        page = await self._unconfirmed(delivery)
        tokens = await self._tokens(delivery, Purpose.VERIFY, Purpose.MANAGE)
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
        await self._require_verified(delivery)
        tidings = await self.tidings.of(delivery)
        [manage] = await self._tokens(delivery, Purpose.MANAGE)
        manage_url = f"{self.base_url}/subscription/{manage}"
        return Message(
            delivery.delivery_id,
            delivery.page_id,
            one_line(tidings.notice.letterhead.name),
            tidings,
            letter_of(tidings.notice, manage_url),
            delivery.created_at,
            manage_url,
            self._one_click(manage),
        )

    async def _unconfirmed(self, delivery: Delivery) -> Page:
        done = await self.commands.run(_looking(), str(uuid4()), FindUnconfirmed(delivery.subscription_id))
        if done.result is None:
            raise LookupError("a look is never repeated, so it has a result")
        return done.result

    async def _require_verified(self, delivery: Delivery) -> None:
        done = await self.commands.run(_looking(), str(uuid4()), Look(delivery.subscription_id))
        if done.result is None or done.result[0].status is not Status.VERIFIED:
            raise NotAllowed("The subscription is not confirmed.")

    async def _tokens(self, delivery: Delivery, *purposes: Purpose) -> list[str]:
        """Valid before the message is out."""
        tokens = {purpose: token(self.secret, purpose, delivery.delivery_id) for purpose in purposes}
        await self.links.put(delivery.subscription_id, tokens)
        return list(tokens.values())

    def _one_click(self, manage: str) -> str:
        return f"{self.base_url}/v1/subscription/{manage}/unsubscribe"


def _looking() -> Origin:
    return Origin(uuid4(), "deliverer")
