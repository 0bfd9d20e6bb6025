"""A message as an embed of Discord (docs.discord.com: webhooks, and the limits of embeds)."""

from dataclasses import dataclass
from typing import Any

import orjson

from service.vault.contacts import Contact
from workers.delivery.channel import Message
from workers.delivery.channels.card import Card, card_of, clipped
from workers.delivery.channels.posting import Poster
from workers.delivery.outcomes import Outcome

LONGEST_TITLE, LONGEST_NAME, LONGEST_VALUE, MOST_FIELDS = 256, 256, 400, 4
LONGEST_DESCRIPTION = 3000
"""Discord's own are 4096, 1024 and 25, but 6000 for all of an embed together; these never add up to that."""


@dataclass(frozen=True, slots=True)
class DiscordChannel:
    poster: Poster

    async def send(self, message: Message, contact: Contact) -> Outcome:
        return await self.poster.send(contact.address, orjson.dumps(embed(card_of(message))))

    async def close(self) -> None:
        await self.poster.outgoing.close()


def embed(card: Card) -> dict[str, Any]:
    """Mentions in an embed notify nobody, and `allowed_mentions` says so once more."""
    links = "\n".join(f"[{button.label}]({button.url})" for button in card.buttons)
    fields = [
        {"name": clipped(label, LONGEST_NAME), "value": clipped(value, LONGEST_VALUE), "inline": True}
        for label, value in card.facts[:MOST_FIELDS]
    ]
    shown = {
        "title": clipped(card.title, LONGEST_TITLE),
        "description": f"{clipped(card.text, LONGEST_DESCRIPTION)}\n\n{links}",
        "fields": fields,
    }
    return {"embeds": [shown], "allowed_mentions": {"parse": []}}
