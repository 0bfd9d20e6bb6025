"""Subscriptions by id, without their addresses. A cancelled one stays, so that its owner can count it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from eventstore.events import RecordedEvent
from workers.projections.projection import Document, Projection


def _key(event: RecordedEvent) -> Sequence[str]:
    return (event.data["subscription_id"],)


def _requested(key: str, document: Document | None, event: RecordedEvent) -> Document:
    data = event.data
    return {
        "id": key,
        "page_id": data["page_id"],
        "channel_type": data["channel_type"],
        "status": "pending",
        "component_ids": data["component_ids"],
        "incident_id": data["incident_id"],
        "created_at": document["created_at"] if document else data["at"],
        "verified_at": None,
    }


def _verified(_: str, document: Document | None, event: RecordedEvent) -> Document | None:
    return document and {**document, "status": "verified", "verified_at": event.data["at"]}


def _cancelled(_: str, document: Document | None, __: RecordedEvent) -> Document | None:
    return document and {**document, "status": "cancelled"}


def _chosen(_: str, document: Document | None, event: RecordedEvent) -> Document | None:
    return document and {**document, "component_ids": event.data["component_ids"]}


def _quarantined(_: str, document: Document | None, __: RecordedEvent) -> Document | None:
    return document and {**document, "status": "quarantined"}


def _reactivated(_: str, document: Document | None, __: RecordedEvent) -> Document | None:
    return document and {**document, "status": "verified"}


FOLDS = {
    "SubscriptionRequested": _requested,
    "SubscriptionVerified": _verified,
    "SubscriptionCancelled": _cancelled,
    "SubscriptionChoiceChanged": _chosen,
    "SubscriptionQuarantined": _quarantined,
    "SubscriptionReactivated": _reactivated,
}


def _row(_: str, document: Document) -> Sequence[Any]:
    created_at = datetime.fromisoformat(document["created_at"])
    return UUID(document["page_id"]), document["status"], created_at


SUBSCRIPTIONS = Projection(
    name="subscriptions",
    fold_version=2,
    keys=dict.fromkeys(FOLDS, _key),
    folds=FOLDS,
    columns={"page_id": "uuid", "status": "text", "created_at": "timestamptz"},
    row=_row,
    indexes=("page_id, created_at, key", "page_id, status"),
)
