"""Queries and answers of the calls about deliveries."""

from typing import Literal

from pydantic import Field

from service.deliveries.wanted import State
from service.http.schemas.base import Answer, Id, Page
from service.http.schemas.components import Shown

Channel = Literal["email", "webhook", "slack", "discord", "teams"]


class DeliveriesQuery(Page):
    """The deliveries that are asked for; without a word all of them."""

    state: State | None = None
    channel_type: Channel | None = None
    event_id: Id | None = Field(default=None, description="Only what tells of this event.")
    subject_id: Id | None = Field(
        default=None, description="Only what tells of this incident or maintenance."
    )
    subscription_id: Id | None = None


class DeliveredEvent(Answer):
    """`position`: its place in the log; null for a request to confirm."""

    id: Id
    kind: str = Field(examples=["incident.opened", "confirmation"])
    position: int | None


class DeliverySubject(Answer):
    kind: Literal["incident", "maintenance"]
    id: Id


class Delivery(Answer):
    """One message to one subscriber. `recipient` is masked for callers without the scope
    `subscriptions:write`; null: erased. `subject`: what it tells of; null for a request to confirm.
    `attempts`: since it was planned, or tried again by hand. `reason`: why the last attempt failed, or why it
    ended. `next_attempt_at`: only while it is pending. `finished_at`: null while it is to be tried again."""

    id: Id
    statuspage_id: Id
    event: DeliveredEvent
    subject: DeliverySubject | None
    subscription_id: Id
    channel_type: Channel
    recipient: str | None
    state: State
    attempts: int = Field(ge=0)
    reason: str | None
    created_at: Shown
    next_attempt_at: Shown | None
    finished_at: Shown | None


class DeliveryAnswer(Answer):
    delivery: Delivery


class DeliveryCounts(Answer):
    pending: int
    sending: int
    sent: int
    refused: int
    expired: int
    superseded: int
    parked: int


class DeliveriesAnswer(Answer):
    """The newest first. `counts` are of the whole page, not of this part of the list."""

    deliveries: list[Delivery]
    counts: DeliveryCounts
    next_cursor: str | None
