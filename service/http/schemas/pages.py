"""Bodies of the status-page calls, as they come in and as they go out."""

from typing import Literal
from uuid import UUID

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from service.domain.values import ComponentStatus, ComponentType, PageType
from service.http.schemas.base import Answer, Body, Id, Query
from service.http.schemas.components import AsOf, Component, Group, Moment, Shown
from service.http.schemas.fields import (
    Description,
    GaTracking,
    Hostname,
    Label,
    Language,
    Media,
    Networks,
    Password,
    Robots,
    ShortDescription,
    Subdomain,
    TimeZone,
    Title,
    WebUrl,
)
from service.http.schemas.incident_answers import Incident
from service.http.schemas.maintenance_answers import Maintenance

PUBLIC_ONLY_NOTE = "On a public page it is accepted and not stored."


class ComponentEntry(Body):
    """A component in a page's list. `id` names one that the page has; without it, it is added."""

    id: Id | None = None
    name: Title
    description: ShortDescription | None = None
    status: ComponentStatus = ComponentStatus.OPERATIONAL
    type: ComponentType = ComponentType.MANUAL
    resource_id: Id | None = Field(None, validate_default=True)
    only_show_if_degraded: bool = False

    @field_validator("resource_id")
    @classmethod
    def _resource_named(cls, value: UUID | None, info: ValidationInfo) -> UUID | None:
        if value is None and info.data.get("type") is ComponentType.RESOURCE:
            raise PydanticCustomError("required", "A component of type resource needs a resource_id")
        return value


class GroupEntry(Body):
    """A group in a page's list, with its components in order."""

    id: Id | None = None
    name: Title
    components: list[ComponentEntry] = Field(default_factory=list, max_length=200)


class PageFields(Body):
    """What both POST and PUT take."""

    name: Title
    description: Description
    subdomain: Subdomain
    type: PageType
    domain: Hostname | None = None
    page_name: Label | None = None
    favicon: Media | None = None
    logo: Media | None = None
    website_url: WebUrl | None = None
    privacy_url: WebUrl | None = None
    support_url: WebUrl | None = None
    ga_tracking: GaTracking | None = None


class CreatePage(PageFields):
    dark_theme: bool = False
    redirect_to_https: bool = False
    remove_branding: bool = False
    robots_meta_contents: Robots = Field(default_factory=list)
    ip_addresses: Networks = Field(
        default_factory=list, description=f"Gate of a private page. {PUBLIC_ONLY_NOTE}"
    )
    password: Password | None = Field(
        None, validate_default=True, description=f"Gate of a private page. {PUBLIC_ONLY_NOTE}"
    )
    subscription_enabled: bool = True
    time_zone: TimeZone = "UTC"
    language: Language = "en"
    components: list[ComponentEntry] = Field(default_factory=list, max_length=200)
    groups: list[GroupEntry] = Field(default_factory=list, max_length=50)

    @field_validator("password")
    @classmethod
    def _gated(cls, value: str | None, info: ValidationInfo) -> str | None:
        if (
            value is None
            and info.data.get("type") is PageType.PRIVATE
            and info.data.get("ip_addresses") == []
        ):
            raise PydanticCustomError("gate_required", "A private page needs a password or ip_addresses")
        return value


class ChangePage(PageFields):
    """An optional field left out stays as it is; null sets it back to its default."""

    update_password: bool = Field(
        False, description="Replace the password by `password`, or remove it if that is null."
    )
    password: Password | None = Field(None, description="Ignored without `update_password: true`.")
    dark_theme: bool | None = None
    redirect_to_https: bool | None = None
    remove_branding: bool | None = None
    robots_meta_contents: Robots | None = None
    ip_addresses: Networks | None = None
    subscription_enabled: bool | None = None
    time_zone: TimeZone | None = None
    language: Language | None = None
    components: list[ComponentEntry] | None = Field(
        None, max_length=200, description="If given, the whole new list of ungrouped components."
    )
    groups: list[GroupEntry] | None = Field(
        None, max_length=50, description="If given, the whole new list of groups."
    )


class SetEnabled(Body):
    enabled: bool


class StatusPage(Answer):
    """A status page's settings. The password is never shown."""

    id: Id
    organisation_id: Id
    name: str
    description: str
    subdomain: str
    domain: str | None
    type: Literal["public", "private"]
    page_name: str | None
    dark_theme: bool
    favicon: str | None
    logo: str | None
    redirect_to_https: bool
    remove_branding: bool
    robots_meta_contents: list[str]
    website_url: str | None
    privacy_url: str | None
    support_url: str | None
    ga_tracking: str | None
    ip_addresses: list[str]
    subscription_enabled: bool
    password_protected: bool
    time_zone: str
    language: str
    enabled: bool
    url: str
    version: int
    created_at: Shown
    updated_at: Shown


class Theme(Answer):
    dark_theme: bool
    logo: str | None
    favicon: str | None
    page_name: str | None
    remove_branding: bool
    links: dict[str, str | None]


class Headline(Answer):
    indicator: Literal["none", "minor", "major", "critical", "maintenance"]
    description: str


class GroupWithComponents(Group):
    components: list[Component]


class UnifiedPage(StatusPage):
    """Everything that visitors see."""

    theme: Theme
    status: Headline
    components: list[Component]
    groups: list[GroupWithComponents]
    incidents: list[Incident]
    maintenances: list[Maintenance]


class StatusPageAnswer(Answer):
    statuspage: StatusPage


class StatusPagesAnswer(Answer):
    statuspages: list[StatusPage]
    next_cursor: str | None


class UnifiedQuery(Query):
    """`at`: the page as it was shown at that time."""

    at: Moment | None = None


class UnifiedAnswer(Answer):
    """`as_of`: only with `at`."""

    statuspage: UnifiedPage
    as_of: AsOf | None = None


class ChangedAnswer(Answer):
    message: str
    statuspage: UnifiedPage


class MessageAnswer(Answer):
    message: str
