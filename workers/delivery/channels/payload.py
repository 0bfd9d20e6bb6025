"""The bodies of webhooks: ours, with the `page` and `incident` which receivers of Atlassian know."""

from typing import Any

from service.notices import Told
from service.timestamps import text
from workers.delivery.channel import Message, Tidings


def payload_of(message: Message, tidings: Tidings) -> dict[str, Any]:
    """`id` is the same for every attempt. What is not known here is left out, never made up."""
    told, notice = tidings.told, tidings.notice
    return {
        "id": str(message.delivery_id),
        "type": told.kind,
        "timestamp": text(message.written_at),
        "meta": {"unsubscribe": message.manage_url, "generated_at": text(message.written_at)},
        "page": {"id": str(message.page_id), "name": message.page_name, "url": notice.letterhead.url},
        "incident": _incident(message, told, notice.link),
        "notice": {
            "subject": notice.subject,
            "lead": notice.lead,
            "body": notice.body,
            "text": message.letter.text,
            "gathered": notice.gathered,
        },
    }


def challenge_of(message: Message, challenge: str, secret: str) -> dict[str, Any]:
    """An answer of 2xx with the challenge in its body confirms the subscription."""
    return {
        "id": str(message.delivery_id),
        "type": "subscription.verification",
        "timestamp": text(message.written_at),
        "challenge": challenge,
        "secret": secret,
        "manage_url": message.manage_url,
        "page": {"id": str(message.page_id), "name": message.page_name},
    }


def _incident(message: Message, told: Told, link: str) -> dict[str, Any]:
    """A maintenance is an incident with a window and the impact `maintenance`, as it is there."""
    update = {"body": told.body, "status": told.status, "created_at": text(message.written_at)}
    body: dict[str, Any] = {
        "id": str(told.thing_id),
        "name": told.name,
        "status": told.status,
        "impact": "maintenance" if told.impact is None else told.impact,
        "shortlink": link,
        "updated_at": text(message.written_at),
        "incident_updates": [update],
        "components": [
            {"id": str(component_id), "status": status} for component_id, status in told.components.items()
        ],
    }
    if told.window is not None:
        body["scheduled_for"], body["scheduled_until"] = (
            text(told.window.starts_at),
            text(told.window.ends_at),
        )
    return body
