"""A delivery as the API shows it."""

from datetime import datetime
from typing import Any

from service.deliveries.listing import Listed
from service.timestamps import text
from service.vault.email_address import masked

SUBJECTS = ("incident", "maintenance")


def shown_delivery(listed: Listed, *, whole: bool) -> dict[str, Any]:
    """`whole`: with the recipient's address as it is."""
    address = listed.address
    return {
        "id": str(listed.delivery_id),
        "statuspage_id": str(listed.page_id),
        "event": {"id": str(listed.event_id), "kind": listed.kind, "position": listed.position},
        "subject": _subject(listed),
        "subscription_id": str(listed.subscription_id),
        "channel_type": listed.channel_type,
        "recipient": address if whole or address is None else masked(address),
        "state": listed.state,
        "attempts": listed.attempts,
        "reason": listed.reason,
        "created_at": text(listed.created_at),
        "next_attempt_at": _moment(listed.next_attempt_at if listed.state == "pending" else None),
        "finished_at": _moment(listed.finished_at),
    }


def _subject(listed: Listed) -> dict[str, str] | None:
    kind = listed.kind.partition(".")[0]
    if listed.thing_id is None or kind not in SUBJECTS:
        return None
    return {"kind": kind, "id": str(listed.thing_id)}


def _moment(at: datetime | None) -> str | None:
    return None if at is None else text(at)
