"""Why a subscription ended, and why it rests."""

from enum import StrEnum


class CancelReason(StrEnum):
    UNSUBSCRIBED = "unsubscribed"
    EXPIRED = "expired"
    PAGE_DELETED = "page_deleted"
    REMOVED = "removed"
    INCIDENT_OVER = "incident_over"


class QuarantineReason(StrEnum):
    """What told that nothing arrives there any more."""

    MAILBOX_GONE = "mailbox_gone"
    ENDPOINT_GONE = "endpoint_gone"
