"""A subscription: asked for, confirmed, ended."""

from dataclasses import replace

import pytest

from service.domain.errors import Gone, NotAllowed, NotFound
from service.domain.subscription import (
    REPEAT_AFTER,
    SUBSCRIPTION,
    VERIFICATION_PERIOD,
    CancelReason,
    CancelSubscription,
    ChangeSubscriptionChoice,
    QuarantineReason,
    QuarantineSubscription,
    ReactivateSubscription,
    Status,
    SubscriptionCancelled,
    SubscriptionChoiceChanged,
    VerifySubscription,
    existing,
)
from tests.service.domain.facts import (
    COMPONENT_ID,
    DAY,
    HOUR,
    INSTANT,
    MINUTE,
    NOON,
    OTHER_COMPONENT_ID,
    PAGE_ID,
    SUBSCRIPTION_ID,
)
from tests.service.domain.scenario import given
from tests.service.domain.subscription_story import (
    EXPIRED,
    EXPIRY,
    LATER,
    QUARANTINED,
    REACTIVATED,
    REQUEST,
    REQUESTED,
    UNSUBSCRIBED,
    VERIFIED,
)


def test_a_subscription_nobody_asked_for_is_not_found() -> None:
    given(SUBSCRIPTION).when(VerifySubscription(NOON)).then_refused(NotFound)
    given(SUBSCRIPTION).when(CancelSubscription(CancelReason.UNSUBSCRIBED, NOON)).then_refused(NotFound)


class TestRequest:
    def test_a_request_is_recorded(self) -> None:
        given(SUBSCRIPTION).when(REQUEST).then(REQUESTED)

    def test_without_budget_for_a_confirmation_nothing_is_recorded(self) -> None:
        given(SUBSCRIPTION).when(replace(REQUEST, may_confirm=False)).then_nothing()

    def test_a_double_click_asks_once(self) -> None:
        assert REPEAT_AFTER == MINUTE
        again = replace(REQUEST, at=NOON + MINUTE - INSTANT)
        given(SUBSCRIPTION, REQUESTED).when(again).then_nothing()

    def test_whoever_lost_the_mail_may_ask_again_after_a_minute(self) -> None:
        again = replace(REQUEST, at=NOON + MINUTE)
        given(SUBSCRIPTION, REQUESTED).when(again).then(replace(REQUESTED, at=NOON + MINUTE))

    def test_asking_again_starts_the_seven_days_anew(self) -> None:
        again = replace(REQUESTED, at=NOON + DAY)
        verified = replace(VERIFIED, at=EXPIRY + DAY)
        given(SUBSCRIPTION, REQUESTED, again).when(VerifySubscription(EXPIRY + DAY)).then(verified)

    def test_a_verified_subscriber_is_not_asked_again(self) -> None:
        given(SUBSCRIPTION, REQUESTED, VERIFIED).when(replace(REQUEST, at=NOON + DAY)).then_nothing()

    @pytest.mark.parametrize("end", [UNSUBSCRIBED, EXPIRED], ids=["unsubscribed", "expired"])
    def test_what_has_ended_may_be_asked_for_at_once(self, end: SubscriptionCancelled) -> None:
        again = replace(REQUESTED, at=end.at + INSTANT, component_ids=())
        request = replace(REQUEST, at=end.at + INSTANT, component_ids=())
        given(SUBSCRIPTION, REQUESTED, end).when(request).then(again)

    def test_a_new_request_after_the_end_has_to_be_verified_again(self) -> None:
        again = replace(REQUESTED, at=LATER + HOUR)
        state = SUBSCRIPTION.fold([REQUESTED, VERIFIED, UNSUBSCRIBED, again])
        assert existing(state).verified_at is None
        verified = replace(VERIFIED, at=LATER + DAY)
        history = (REQUESTED, VERIFIED, EXPIRED, again)
        given(SUBSCRIPTION, *history).when(VerifySubscription(LATER + DAY)).then(verified)


class TestVerification:
    def test_a_request_is_verified(self) -> None:
        given(SUBSCRIPTION, REQUESTED).when(VerifySubscription(LATER)).then(VERIFIED)

    def test_it_remembers_since_when_it_is_verified(self) -> None:
        assert existing(SUBSCRIPTION.fold([REQUESTED, VERIFIED])).verified_at == LATER

    def test_verifying_again_changes_nothing_even_after_seven_days(self) -> None:
        given(SUBSCRIPTION, REQUESTED, VERIFIED).when(VerifySubscription(LATER + HOUR)).then_nothing()
        given(SUBSCRIPTION, REQUESTED, VERIFIED).when(VerifySubscription(EXPIRY + DAY)).then_nothing()

    def test_the_link_holds_for_seven_days(self) -> None:
        assert VERIFICATION_PERIOD == 7 * DAY
        given(SUBSCRIPTION, REQUESTED).when(VerifySubscription(EXPIRY)).then(replace(VERIFIED, at=EXPIRY))

    def test_after_seven_days_the_link_is_gone(self) -> None:
        given(SUBSCRIPTION, REQUESTED).when(VerifySubscription(EXPIRY + INSTANT)).then_refused(Gone)

    def test_it_stays_gone_when_the_request_has_been_cleared_away(self) -> None:
        given(SUBSCRIPTION, REQUESTED, EXPIRED).when(VerifySubscription(EXPIRY + DAY)).then_refused(Gone)

    @pytest.mark.parametrize(
        "reason", [CancelReason.UNSUBSCRIBED, CancelReason.PAGE_DELETED, CancelReason.REMOVED]
    )
    def test_what_was_cancelled_is_not_found(self, reason: CancelReason) -> None:
        cancelled = replace(UNSUBSCRIBED, reason=reason)
        given(SUBSCRIPTION, REQUESTED, cancelled).when(VerifySubscription(LATER)).then_refused(NotFound)


class TestCancellation:
    @pytest.mark.parametrize(
        "reason", [reason for reason in CancelReason if reason is not CancelReason.EXPIRED]
    )
    def test_it_ends_before_and_after_verification(self, reason: CancelReason) -> None:
        cancel = CancelSubscription(reason, LATER)
        cancelled = SubscriptionCancelled(SUBSCRIPTION_ID, PAGE_ID, reason, LATER)
        given(SUBSCRIPTION, REQUESTED).when(cancel).then(cancelled)
        given(SUBSCRIPTION, REQUESTED, VERIFIED).when(cancel).then(cancelled)

    @pytest.mark.parametrize("reason", list(CancelReason))
    def test_it_ends_once(self, reason: CancelReason) -> None:
        cancel = CancelSubscription(reason, EXPIRY + DAY)
        given(SUBSCRIPTION, REQUESTED, UNSUBSCRIBED).when(cancel).then_nothing()

    def test_an_unverified_request_expires_after_seven_days(self) -> None:
        cancel = CancelSubscription(CancelReason.EXPIRED, EXPIRY + INSTANT)
        given(SUBSCRIPTION, REQUESTED).when(cancel).then(EXPIRED)

    def test_it_does_not_expire_while_its_link_still_holds(self) -> None:
        given(SUBSCRIPTION, REQUESTED).when(CancelSubscription(CancelReason.EXPIRED, EXPIRY)).then_nothing()

    def test_a_verified_subscription_never_expires(self) -> None:
        cancel = CancelSubscription(CancelReason.EXPIRED, EXPIRY + DAY)
        given(SUBSCRIPTION, REQUESTED, VERIFIED).when(cancel).then_nothing()


class TestChoice:
    EVERYTHING = replace(REQUESTED, incident_id=None)

    def test_a_choice_is_recorded_before_and_after_verification(self) -> None:
        choose = ChangeSubscriptionChoice((OTHER_COMPONENT_ID,), LATER)
        chosen = SubscriptionChoiceChanged(SUBSCRIPTION_ID, PAGE_ID, (OTHER_COMPONENT_ID,), LATER)
        given(SUBSCRIPTION, self.EVERYTHING).when(choose).then(chosen)
        given(SUBSCRIPTION, self.EVERYTHING, VERIFIED).when(choose).then(chosen)

    def test_it_is_what_counts_from_then_on(self) -> None:
        chosen = SubscriptionChoiceChanged(SUBSCRIPTION_ID, PAGE_ID, (), LATER)
        assert existing(SUBSCRIPTION.fold([self.EVERYTHING, VERIFIED, chosen])).component_ids == ()

    def test_the_same_choice_is_no_event(self) -> None:
        same = ChangeSubscriptionChoice((COMPONENT_ID,), LATER)
        given(SUBSCRIPTION, self.EVERYTHING).when(same).then_nothing()

    def test_a_subscription_to_one_incident_has_no_choice(self) -> None:
        given(SUBSCRIPTION, REQUESTED).when(ChangeSubscriptionChoice((), LATER)).then_refused(NotAllowed)

    def test_one_that_has_ended_is_not_found(self) -> None:
        history = (self.EVERYTHING, UNSUBSCRIBED)
        given(SUBSCRIPTION, *history).when(ChangeSubscriptionChoice((), LATER)).then_refused(NotFound)


class TestQuarantine:
    REST = QuarantineSubscription(QuarantineReason.MAILBOX_GONE, LATER)
    WAKE = ReactivateSubscription(LATER + HOUR)

    def test_a_verified_subscription_is_quarantined_once(self) -> None:
        given(SUBSCRIPTION, REQUESTED, VERIFIED).when(self.REST).then(QUARANTINED)
        given(SUBSCRIPTION, REQUESTED, VERIFIED, QUARANTINED).when(self.REST).then_nothing()

    def test_one_that_gets_nothing_anyway_is_not(self) -> None:
        given(SUBSCRIPTION, REQUESTED).when(self.REST).then_nothing()
        given(SUBSCRIPTION, REQUESTED, VERIFIED, UNSUBSCRIBED).when(self.REST).then_nothing()

    def test_it_is_reactivated_and_keeps_since_when_it_is_verified(self) -> None:
        history = (REQUESTED, VERIFIED, QUARANTINED)
        given(SUBSCRIPTION, *history).when(self.WAKE).then(REACTIVATED)
        state = existing(SUBSCRIPTION.fold([*history, REACTIVATED]))
        assert (state.status, state.verified_at) == (Status.VERIFIED, LATER)

    def test_the_old_link_reactivates_it_too_however_old_it_is(self) -> None:
        history = (REQUESTED, VERIFIED, QUARANTINED)
        reactivated = replace(REACTIVATED, at=EXPIRY + DAY)
        given(SUBSCRIPTION, *history).when(VerifySubscription(EXPIRY + DAY)).then(reactivated)

    def test_asking_again_asks_for_a_new_confirmation(self) -> None:
        history = (REQUESTED, VERIFIED, QUARANTINED)
        again = replace(REQUEST, at=NOON + DAY)
        given(SUBSCRIPTION, *history).when(again).then(replace(REQUESTED, at=NOON + DAY))

    def test_only_what_rests_is_reactivated(self) -> None:
        given(SUBSCRIPTION, REQUESTED).when(self.WAKE).then_refused(NotAllowed)
        given(SUBSCRIPTION, REQUESTED, VERIFIED).when(self.WAKE).then_nothing()
        given(SUBSCRIPTION, REQUESTED, UNSUBSCRIBED).when(self.WAKE).then_refused(NotFound)

    def test_it_can_be_left_while_it_rests(self) -> None:
        cancel = CancelSubscription(CancelReason.UNSUBSCRIBED, LATER)
        given(SUBSCRIPTION, REQUESTED, VERIFIED, QUARANTINED).when(cancel).then(UNSUBSCRIBED)
