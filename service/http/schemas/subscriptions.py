"""Bodies of the subscription calls."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from service.domain.values import ChannelType
from service.http.schemas.base import Answer, Body, Id, Page, Query
from service.http.schemas.components import Shown
from service.vault.email_address import NotAnAddress, parse_email


def _an_email_channel(channel: ChannelType) -> ChannelType:
    if channel is not ChannelType.EMAIL:
        raise PydanticCustomError("unsupported_channel", "Only email can be added by the page's owner")
    return channel


def _an_email(value: str, info: ValidationInfo) -> str:
    if info.data.get("channel_type") is not ChannelType.EMAIL:
        return value
    try:
        parse_email(value)
    except NotAnAddress as error:
        # The code is a word of ours and the message a sentence of ours; neither repeats the input.
        raise PydanticCustomError(error.code, str(error)) from None
    return value


class RequestSubscription(Body):
    """`domain`: the page's domain or subdomain. Without it and `statuspage_id`, the page is that of the
    request's Host or Origin. `channel_value`: an e-mail address, or the URL of a webhook: any public https
    one for `webhook`, and for `slack`, `discord` and `teams` the one that the service itself gives out. With
    `incident_id` the subscription is to that incident alone, which must not be over."""

    channel_type: ChannelType
    channel_value: Annotated[str, StringConstraints(min_length=1, max_length=1000)] = Field(
        examples=["ada@example.com"]
    )
    domain: Annotated[str, StringConstraints(min_length=1, max_length=1000)] | None = None
    statuspage_id: Id | None = None
    component_ids: Annotated[list[Id], Field(max_length=1000)] | None = None
    incident_id: Id | None = None

    _email = field_validator("channel_value")(_an_email)

    @field_validator("statuspage_id")
    @classmethod
    def _one_page(cls, value: Id | None, info: ValidationInfo) -> Id | None:
        if value is not None and info.data.get("domain") is not None:
            raise PydanticCustomError("ambiguous", "Should not come together with domain")
        return value


class Subscription(Answer):
    """`channel_value` is masked for callers without the scope `subscriptions:write`; null: erased."""

    id: Id
    channel_type: Literal["email", "webhook", "slack", "discord", "teams"]
    channel_value: str | None
    status: Literal["pending", "verified", "quarantined", "cancelled"]
    component_ids: list[Id]
    incident_id: Id | None
    created_at: Shown
    verified_at: Shown | None


class VerifiedAnswer(Answer):
    message: str
    subscription: Subscription


class AddSubscription(Body):
    """`confirmed`: the page's owner has the address's consent already, and it is asked nothing."""

    channel_type: Annotated[ChannelType, AfterValidator(_an_email_channel)]
    channel_value: Annotated[str, StringConstraints(min_length=1, max_length=1000)] = Field(
        examples=["ada@example.com"]
    )
    component_ids: Annotated[list[Id], Field(max_length=1000)] | None = None
    incident_id: Id | None = None
    confirmed: bool = False

    _email = field_validator("channel_value")(_an_email)


class SubscriptionAnswer(Answer):
    subscription: Subscription


class LeftOut(Answer):
    """How many rows nobody could vouch for, by reason. `cancelled`: the row says so, or its reader left this
    page before. `quarantined`: the row says so, or it rests here."""

    pending: int
    quarantined: int
    cancelled: int
    other_channel: int
    incident_over: int


class Imported(Answer):
    """`known`: they are subscribed already, or stand in the file more than once."""

    added: int
    known: int
    left_out: LeftOut


class ImportAnswer(Answer):
    imported: Imported


class Selection(Query):
    """The subscriptions that are asked for; without a word all of them."""

    status: Literal["pending", "verified", "quarantined", "cancelled"] | None = None
    channel_type: Literal["email", "webhook", "slack", "discord", "teams"] | None = None


class SubscriptionsQuery(Selection, Page):
    """One part of them."""


class ChangeChoice(Body):
    """None: of everything that the page shows."""

    component_ids: Annotated[list[Id], Field(max_length=1000)]


class Choosable(Answer):
    id: Id
    name: str


class ChoiceAnswer(Answer):
    """`components`: all that the page has, in its order."""

    subscription: Subscription
    statuspage_name: str
    components: list[Choosable]


class Counts(Answer):
    pending: int
    verified: int
    quarantined: int
    cancelled: int


class SubscriptionsAnswer(Answer):
    """The oldest first. `counts` are of the whole page, not of this part of the list."""

    subscriptions: list[Subscription]
    counts: Counts
    next_cursor: str | None
