"""The page's owner vouches for an address: it is subscribed at once, and nobody is woken."""

from dataclasses import replace

from service.domain.subscription import (
    SUBSCRIPTION,
    CancelReason,
    SubscriptionVerified,
    VouchForSubscription,
)
from tests.service.domain.facts import INSTANT, NOON, PAGE_ID, SUBSCRIPTION_ID
from tests.service.domain.scenario import given
from tests.service.domain.subscription_story import (
    EXPIRY,
    QUARANTINED,
    REQUEST,
    REQUESTED,
    UNSUBSCRIBED,
    VERIFIED,
)

VOUCH = VouchForSubscription(REQUEST)
VOUCHED = SubscriptionVerified(SUBSCRIPTION_ID, PAGE_ID, NOON)


def test_who_is_new_is_subscribed_at_once() -> None:
    given(SUBSCRIPTION).when(VOUCH).then(REQUESTED, VOUCHED)


def test_a_request_that_waits_is_confirmed() -> None:
    given(SUBSCRIPTION, REQUESTED).when(VOUCH).then(VOUCHED)


def test_one_that_waited_too_long_is_asked_for_anew() -> None:
    late = VouchForSubscription(replace(REQUEST, at=EXPIRY + INSTANT))
    confirmed = replace(VOUCHED, at=EXPIRY + INSTANT)
    given(SUBSCRIPTION, REQUESTED).when(late).then(replace(REQUESTED, at=EXPIRY + INSTANT), confirmed)


def test_who_is_subscribed_rests_or_has_left_stays_as_it_is() -> None:
    for past in ([VERIFIED], [VERIFIED, QUARANTINED], [VERIFIED, UNSUBSCRIBED]):
        given(SUBSCRIPTION, REQUESTED, *past).when(VOUCH).then_nothing()


def test_who_was_removed_or_never_confirmed_may_come_back() -> None:
    for reason in (CancelReason.REMOVED, CancelReason.EXPIRED, CancelReason.INCIDENT_OVER):
        ended = replace(UNSUBSCRIBED, reason=reason)
        given(SUBSCRIPTION, REQUESTED, VERIFIED, ended).when(VOUCH).then(REQUESTED, VOUCHED)
