"""A person's wish to be told about a page. The address is never here: it lives in an erasable place."""

from service.domain.decider import Decider
from service.domain.subscription.commands import (
    CancelSubscription,
    ChangeSubscriptionChoice,
    Command,
    QuarantineSubscription,
    ReactivateSubscription,
    RequestSubscription,
    VerifySubscription,
    VouchForSubscription,
)
from service.domain.subscription.events import (
    Event,
    SubscriptionCancelled,
    SubscriptionChoiceChanged,
    SubscriptionQuarantined,
    SubscriptionReactivated,
    SubscriptionRequested,
    SubscriptionVerified,
)
from service.domain.subscription.reasons import (
    CancelReason,
    QuarantineReason,
)
from service.domain.subscription.rules import (
    REPEAT_AFTER,
    VERIFICATION_PERIOD,
    decide,
)
from service.domain.subscription.state import (
    State,
    Status,
    Subscription,
    evolve,
    existing,
)

SUBSCRIPTION: Decider[State, Command, Event] = Decider("subscription", None, decide, evolve)

__all__ = [
    "REPEAT_AFTER",
    "SUBSCRIPTION",
    "VERIFICATION_PERIOD",
    "CancelReason",
    "CancelSubscription",
    "ChangeSubscriptionChoice",
    "Command",
    "Event",
    "QuarantineReason",
    "QuarantineSubscription",
    "ReactivateSubscription",
    "RequestSubscription",
    "State",
    "Status",
    "Subscription",
    "SubscriptionCancelled",
    "SubscriptionChoiceChanged",
    "SubscriptionQuarantined",
    "SubscriptionReactivated",
    "SubscriptionRequested",
    "SubscriptionVerified",
    "VerifySubscription",
    "VouchForSubscription",
    "decide",
    "evolve",
    "existing",
]
