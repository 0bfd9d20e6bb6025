"""The bodies of webhooks: ours, with the `page` and `incident` which receivers of Atlassian know."""

from typing import Any

from service.domain.headline import Headline
from service.notices import Notice
from service.timestamps import text
from workers.delivery.channel import Message, Tidings


def payload_of(message: Message, tidings: Tidings, headline: Headline | None) -> dict[str, Any]:
    """`id` is the same for every attempt. `headline`: the page's. What is not known here is left out, never
    made up."""
    told, notice = tidings.told, tidings.notice
    return {
        "id": str(message.delivery_id),
        "type": told.kind,
        "timestamp": text(message.written_at),
        "meta": {"unsubscribe": message.manage_url, "generated_at": text(message.written_at)},
        "page": _page(message, notice, headline),
        "incident": _incident(message, tidings),
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


def _page(message: Message, notice: Notice, headline: Headline | None) -> dict[str, Any]:
    page = {"id": str(message.page_id), "name": message.page_name, "url": notice.letterhead.url}
    if headline is not None:
        page |= {"status_indicator": headline.indicator, "status_description": headline.description}
    return page


def _incident(message: Message, tidings: Tidings) -> dict[str, Any]:
    """A maintenance is an incident with a window and the impact `maintenance`, as it is there."""
    told = tidings.told
    update = {
        "body": told.body,
        "status": told.status,
        "created_at": text(message.written_at),
        "affected_components": _affected(tidings),
    }
    body: dict[str, Any] = {
        "id": str(told.thing_id),
        "name": told.name,
        "status": told.status,
        "impact": "maintenance" if told.impact is None else told.impact,
        "shortlink": tidings.notice.link,
        "updated_at": text(message.written_at),
        "incident_updates": [update],
        "components": [
            {"id": str(line.component_id), "name": line.name, "status": told.components[line.component_id]}
            for line in tidings.notice.components
        ],
    }
    if told.window is not None:
        body["scheduled_for"], body["scheduled_until"] = (
            text(told.window.starts_at),
            text(told.window.ends_at),
        )
    return body


def _affected(tidings: Tidings) -> list[dict[str, Any]]:
    """The components whose status changes with this update, by the names that the page has for them."""
    told = tidings.told
    return [
        {
            "code": str(line.component_id),
            "name": line.name,
            "old_status": told.changed[line.component_id],
            "new_status": told.components[line.component_id],
        }
        for line in tidings.notice.components
        if line.component_id in told.changed
    ]
