"""A message as an Adaptive Card for Microsoft Teams (workflows and incoming webhooks; at most 28 KB)."""

from dataclasses import dataclass
from typing import Any

import orjson

from service.vault.contacts import Contact
from workers.delivery.channel import Message
from workers.delivery.channels.card import Card, card_of, clipped
from workers.delivery.channels.posting import Poster
from workers.delivery.outcomes import Outcome

LONGEST_TITLE, LONGEST_TEXT, LONGEST_VALUE = 256, 4000, 400
CARD = "application/vnd.microsoft.card.adaptive"
SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"


@dataclass(frozen=True, slots=True)
class TeamsChannel:
    poster: Poster

    async def send(self, message: Message, contact: Contact) -> Outcome:
        return await self.poster.send(contact.address, orjson.dumps(adaptive_card(card_of(message))))

    async def close(self) -> None:
        await self.poster.outgoing.close()


def adaptive_card(card: Card) -> dict[str, Any]:
    """Mentions need entities beside the text, and there are none."""
    facts = [{"title": label, "value": clipped(value, LONGEST_VALUE)} for label, value in card.facts]
    body: list[dict[str, Any]] = [
        {**_text(card.title, LONGEST_TITLE), "weight": "Bolder", "size": "Medium"},
        _text(card.text, LONGEST_TEXT),
    ]
    if facts:
        body.append({"type": "FactSet", "facts": facts})
    content = {
        "$schema": SCHEMA,
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
        "actions": [
            {"type": "Action.OpenUrl", "title": button.label, "url": button.url} for button in card.buttons
        ],
    }
    return {"type": "message", "attachments": [{"contentType": CARD, "contentUrl": None, "content": content}]}


def _text(text: str, longest: int) -> dict[str, Any]:
    return {"type": "TextBlock", "text": clipped(text, longest), "wrap": True}
