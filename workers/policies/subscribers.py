"""Subscriptions by page, as the log has them at a position: who is to be told, and never where."""

from eventstore.pool import Connection
from service.domain.subscription import (
    Event,
    SubscriptionCancelled,
    SubscriptionRequested,
    SubscriptionVerified,
)

REACTS_TO = frozenset(
    {SubscriptionRequested.__name__, SubscriptionVerified.__name__, SubscriptionCancelled.__name__}
)
ASK = """
INSERT INTO notify.subscribers (page_id, subscription_id, channel_type, component_ids, incident_id)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (page_id, subscription_id) DO UPDATE
SET channel_type = excluded.channel_type, component_ids = excluded.component_ids,
    incident_id = excluded.incident_id, verified_position = NULL, ended_position = NULL
"""
VERIFY = "UPDATE notify.subscribers SET verified_position = $3 WHERE page_id = $1 AND subscription_id = $2"
END = "UPDATE notify.subscribers SET ended_position = $3 WHERE page_id = $1 AND subscription_id = $2"


async def note(conn: Connection, event: Event, position: int) -> None:
    """In the caller's transaction. One that is asked for again waits to be confirmed again."""
    key = event.page_id, event.subscription_id
    match event:
        case SubscriptionRequested():
            choices = event.channel_type, list(event.component_ids), event.incident_id
            await conn.execute(ASK, *key, *choices)
        case SubscriptionVerified():
            await conn.execute(VERIFY, *key, position)
        case SubscriptionCancelled():
            await conn.execute(END, *key, position)
