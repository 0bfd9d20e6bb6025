"""What is asked of a subscription, and what happens to it."""

from service.domain.subscription import (
    VERIFICATION_PERIOD,
    CancelReason,
    QuarantineReason,
    RequestSubscription,
    SubscriptionCancelled,
    SubscriptionQuarantined,
    SubscriptionReactivated,
    SubscriptionRequested,
    SubscriptionVerified,
)
from service.domain.values import ChannelType
from tests.service.domain.facts import (
    COMPONENT_ID,
    HOUR,
    INCIDENT_ID,
    INSTANT,
    NOON,
    ORGANISATION_ID,
    PAGE_ID,
    SUBSCRIPTION_ID,
)

LATER = NOON + HOUR
EXPIRY = NOON + VERIFICATION_PERIOD
REQUEST = RequestSubscription(
    SUBSCRIPTION_ID,
    PAGE_ID,
    ORGANISATION_ID,
    ChannelType.EMAIL,
    (COMPONENT_ID,),
    INCIDENT_ID,
    may_confirm=True,
    at=NOON,
)
REQUESTED = SubscriptionRequested(
    SUBSCRIPTION_ID, PAGE_ID, ORGANISATION_ID, ChannelType.EMAIL, (COMPONENT_ID,), INCIDENT_ID, NOON
)
VERIFIED = SubscriptionVerified(SUBSCRIPTION_ID, PAGE_ID, LATER)
UNSUBSCRIBED = SubscriptionCancelled(SUBSCRIPTION_ID, PAGE_ID, CancelReason.UNSUBSCRIBED, LATER)
QUARANTINED = SubscriptionQuarantined(SUBSCRIPTION_ID, PAGE_ID, QuarantineReason.MAILBOX_GONE, LATER)
REACTIVATED = SubscriptionReactivated(SUBSCRIPTION_ID, PAGE_ID, LATER + HOUR)
EXPIRED = SubscriptionCancelled(SUBSCRIPTION_ID, PAGE_ID, CancelReason.EXPIRED, EXPIRY + INSTANT)
