"""A message as a signed webhook (standardwebhooks.com, v1), and the challenge that proves its receiver.

The secret is told once, in the challenge: to the receiver itself, which keeps it from then on.
"""

import hmac
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

import orjson

from service.domain.headline import Headline
from service.vault.contacts import Contact
from service.vault.webhook_secrets import WebhookSecrets, shown
from workers.delivery.channel import Message
from workers.delivery.channels.payload import challenge_of, payload_of
from workers.delivery.channels.posting import Poster
from workers.delivery.outcomes import Later, Outcome, Refused, Sent

Confirm = Callable[[UUID], Awaitable[object]]
TellHeadline = Callable[[UUID], Awaitable[Headline | None]]


@dataclass(frozen=True, slots=True)
class WebhookChannel:
    """`confirm(subscription_id)`: the receiver has answered its challenge. `headline(delivery_id)`: the
    page's, or None where it is not known yet."""

    poster: Poster
    secrets: WebhookSecrets
    confirm: Confirm
    headline: TellHeadline

    async def send(self, message: Message, contact: Contact) -> Outcome:
        """Raises what `confirm` raises, and StoreUnavailable."""
        secrets = await self.secrets.of(contact.subscription_id)
        if not secrets:
            return Refused("erased")
        if message.tidings is None:
            return await self._challenge(message, contact, secrets)
        headline = await self.headline(message.delivery_id)
        body = orjson.dumps(payload_of(message, message.tidings, headline))
        return await self.poster.send(contact.address, body, self._signed(message, body, secrets))

    async def close(self) -> None:
        await self.poster.outgoing.close()

    async def _challenge(self, message: Message, contact: Contact, secrets: Sequence[bytes]) -> Outcome:
        challenge = _challenge_text(secrets[-1], message.delivery_id)
        body = orjson.dumps(challenge_of(message, challenge, shown(secrets[0])))
        headers = self._signed(message, body, secrets)
        outcome, answer = await self.poster.ask(contact.address, body, headers)
        if not isinstance(outcome, Sent):
            return outcome
        if challenge.encode() not in answer:
            return Later("challenge_not_answered")
        await self.confirm(contact.subscription_id)
        return outcome

    def _signed(self, message: Message, body: bytes, secrets: Sequence[bytes]) -> Mapping[str, str]:
        return signed(message.delivery_id, int(self.poster.clock().timestamp()), body, secrets)


def signed(delivery_id: UUID, timestamp: int, body: bytes, secrets: Sequence[bytes]) -> Mapping[str, str]:
    """The headers; `timestamp`: seconds since 1970. One signature for each secret, the first one's first."""
    content = f"{delivery_id}.{timestamp}.".encode() + body
    signatures = (b64encode(hmac.digest(secret, content, sha256)).decode() for secret in secrets)
    return {
        "webhook-id": str(delivery_id),
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def _challenge_text(secret: bytes, delivery_id: UUID) -> str:
    """The same at every attempt, so that an answer is never one too late."""
    return hmac.digest(secret, f"challenge:{delivery_id}".encode(), sha256).hex()
