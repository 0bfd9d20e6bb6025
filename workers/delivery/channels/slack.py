"""A message as blocks of Slack (docs.slack.dev: incoming webhooks, Block Kit and its limits)."""

from dataclasses import dataclass
from typing import Any

import orjson

from service.vault.contacts import Contact
from workers.delivery.channel import Message
from workers.delivery.channels.card import Card, card_of, clipped
from workers.delivery.channels.posting import Poster
from workers.delivery.outcomes import Outcome

LONGEST_HEADER, LONGEST_TEXT, LONGEST_FIELD, MOST_FIELDS = 150, 3000, 2000, 10
MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


@dataclass(frozen=True, slots=True)
class SlackChannel:
    poster: Poster

    async def send(self, message: Message, contact: Contact) -> Outcome:
        return await self.poster.send(contact.address, orjson.dumps(blocks(card_of(message))))

    async def close(self) -> None:
        await self.poster.outgoing.close()


def blocks(card: Card) -> dict[str, Any]:
    """`plain_text` is shown as it is: what somebody wrote can mention nobody and hide no link."""
    body: list[dict[str, Any]] = [
        {"type": "header", "text": _plain(card.title, LONGEST_HEADER)},
        {"type": "section", "text": _plain(card.text, LONGEST_TEXT)},
    ]
    if card.facts:
        fields = [_plain(f"{label}: {value}", LONGEST_FIELD) for label, value in card.facts[:MOST_FIELDS]]
        body.append({"type": "section", "fields": fields})
    links = " · ".join(f"<{button.url}|{button.label.translate(MARKUP)}>" for button in card.buttons)
    body.append({"type": "context", "elements": [{"type": "mrkdwn", "text": links}]})
    text = clipped(card.title, LONGEST_TEXT).translate(MARKUP)
    return {"text": text, "blocks": body, "unfurl_links": False}


def _plain(text: str, longest: int) -> dict[str, Any]:
    return {"type": "plain_text", "text": clipped(text, longest), "emoji": False}
