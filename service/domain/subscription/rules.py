"""What may happen to a subscription."""

from datetime import datetime, timedelta
from typing import assert_never

from service.domain.errors import Gone, NotAllowed, NotFound
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
from service.domain.subscription.reasons import CancelReason
from service.domain.subscription.state import State, Status, Subscription, existing

VERIFICATION_PERIOD = timedelta(days=7)
"""How long an unverified request waits; then it has expired and its address is erased."""

REPEAT_AFTER = timedelta(minutes=1)
"""A request repeated sooner is a double click and sends no second confirmation."""


def decide(state: State, command: Command) -> list[Event]:
    match command:
        case RequestSubscription():
            return _request(state, command)
        case VouchForSubscription():
            return _vouch(state, command.wish)
        case VerifySubscription():
            return _verify(existing(state), command)
        case CancelSubscription():
            return _cancel(existing(state), command)
        case ChangeSubscriptionChoice():
            return _choose(existing(state), command)
        case QuarantineSubscription():
            return _quarantine(existing(state), command)
        case ReactivateSubscription():
            return _reactivate(existing(state), command)
        case _:
            assert_never(command)


def _request(state: State, command: RequestSubscription) -> list[Event]:
    if not command.may_confirm or (state is not None and _needs_nothing(state, command)):
        return []
    return [_asked(command)]


def _asked(command: RequestSubscription) -> SubscriptionRequested:
    return SubscriptionRequested(
        command.subscription_id,
        command.page_id,
        command.organisation_id,
        command.channel_type,
        command.component_ids,
        command.incident_id,
        command.at,
    )


def _needs_nothing(state: Subscription, command: RequestSubscription) -> bool:
    if state.status is Status.VERIFIED:
        return True
    return state.status is Status.PENDING and command.at < state.requested_at + REPEAT_AFTER


def _vouch(state: State, wish: RequestSubscription) -> list[Event]:
    """Nobody is woken who left or rests: that takes more than an owner's word."""
    confirmed = SubscriptionVerified(wish.subscription_id, wish.page_id, wish.at)
    if state is None or state.status is Status.CANCELLED:
        left = state is not None and state.cancelled_for is CancelReason.UNSUBSCRIBED
        return [] if left else [_asked(wish), confirmed]
    if state.status is Status.PENDING:
        return [_asked(wish), confirmed] if _expired(state, wish.at) else [confirmed]
    return []


def _verify(state: Subscription, command: VerifySubscription) -> list[Event]:
    if state.status is Status.VERIFIED:
        return []
    if state.status is Status.QUARANTINED:
        return [SubscriptionReactivated(state.subscription_id, state.page_id, command.at)]
    if _expired(state, command.at):
        raise Gone("The link has expired; please subscribe again.")
    if state.status is Status.CANCELLED:
        raise NotFound("There is no such subscription.")
    return [SubscriptionVerified(state.subscription_id, state.page_id, command.at)]


def _cancel(state: Subscription, command: CancelSubscription) -> list[Event]:
    if state.status is Status.CANCELLED:
        return []
    if command.reason is CancelReason.EXPIRED and not _expired(state, command.at):
        return []
    return [SubscriptionCancelled(state.subscription_id, state.page_id, command.reason, command.at)]


def _expired(state: Subscription, at: datetime) -> bool:
    if state.cancelled_for is CancelReason.EXPIRED:
        return True
    return state.status is Status.PENDING and at > state.requested_at + VERIFICATION_PERIOD


def _choose(state: Subscription, command: ChangeSubscriptionChoice) -> list[Event]:
    if state.status is Status.CANCELLED:
        raise NotFound("There is no such subscription.")
    if state.incident_id is not None:
        raise NotAllowed("The subscription is to one incident, with all its components.")
    if command.component_ids == state.component_ids:
        return []
    chosen = command.component_ids
    return [SubscriptionChoiceChanged(state.subscription_id, state.page_id, chosen, command.at)]


def _quarantine(state: Subscription, command: QuarantineSubscription) -> list[Event]:
    """A pending request is left to expire: nothing but its confirmation is sent to it anyway."""
    if state.status is not Status.VERIFIED:
        return []
    return [SubscriptionQuarantined(state.subscription_id, state.page_id, command.reason, command.at)]


def _reactivate(state: Subscription, command: ReactivateSubscription) -> list[Event]:
    if state.status is Status.CANCELLED:
        raise NotFound("There is no such subscription.")
    if state.status is Status.PENDING:
        raise NotAllowed("The subscription waits for its confirmation.")
    if state.status is Status.VERIFIED:
        return []
    return [SubscriptionReactivated(state.subscription_id, state.page_id, command.at)]
