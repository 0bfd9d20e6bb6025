"""Subscriptions by page, as the log has them at a position: who is to be told, and never where."""

from eventstore.events import RecordedEvent
from eventstore.pool import Connection

ASK = """
INSERT INTO notify.subscribers (page_id, subscription_id, channel_type, component_ids, incident_id)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (page_id, subscription_id) DO UPDATE
SET channel_type = excluded.channel_type, component_ids = excluded.component_ids,
    incident_id = excluded.incident_id, verified_position = NULL, ended_position = NULL
"""
CHOOSE = "UPDATE notify.subscribers SET component_ids = $3 WHERE page_id = $1 AND subscription_id = $2"
BEGIN = """
UPDATE notify.subscribers SET verified_position = $3, ended_position = NULL
WHERE page_id = $1 AND subscription_id = $2
"""
END = "UPDATE notify.subscribers SET ended_position = $3 WHERE page_id = $1 AND subscription_id = $2"
TURNS = {
    "SubscriptionVerified": BEGIN,
    "SubscriptionReactivated": BEGIN,
    "SubscriptionQuarantined": END,
    "SubscriptionCancelled": END,
}
ASKED, CHOSE_ANEW = "SubscriptionRequested", "SubscriptionChoiceChanged"
REACTS_TO = frozenset({ASKED, CHOSE_ANEW, *TURNS})


async def note(conn: Connection, event: RecordedEvent) -> None:
    """In the caller's transaction. One that is asked for again waits to be confirmed again."""
    data = event.data
    key = data["page_id"], data["subscription_id"]
    if event.type == ASKED:
        choices = data["channel_type"], data["component_ids"], data["incident_id"]
        await conn.execute(ASK, *key, *choices)
    elif event.type == CHOSE_ANEW:
        await conn.execute(CHOOSE, *key, data["component_ids"])
    else:
        await conn.execute(TURNS[event.type], *key, event.position)
