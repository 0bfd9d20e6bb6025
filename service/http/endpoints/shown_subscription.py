"""A subscription as the API shows it to those who came by its link."""

from typing import Any

from service.domain.subscription import Subscription
from service.timestamps import text


def shown_subscription(subscription: Subscription, channel_value: str | None) -> dict[str, Any]:
    verified_at, incident_id = subscription.verified_at, subscription.incident_id
    return {
        "id": str(subscription.subscription_id),
        "channel_type": subscription.channel_type,
        "channel_value": channel_value,
        "status": subscription.status,
        "component_ids": [str(component_id) for component_id in subscription.component_ids],
        "incident_id": None if incident_id is None else str(incident_id),
        "created_at": text(subscription.requested_at),
        "verified_at": None if verified_at is None else text(verified_at),
    }
