"""A status page: its settings, its gate, its layout, and whether visitors can see it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

from service.domain.decider import Decider
from service.domain.errors import Fault, Invalid, NotAllowed, NotFound
from service.domain.layout import Layout
from service.domain.values import PageType


@dataclass(frozen=True, slots=True)
class Settings:
    """What an owner sets. The password is not here: it lives in an erasable place, known by `password_id`."""

    name: str
    description: str
    subdomain: str
    type: PageType
    domain: str | None = None
    page_name: str | None = None
    dark_theme: bool = False
    favicon: str | None = None
    logo: str | None = None
    redirect_to_https: bool = False
    remove_branding: bool = False
    robots_meta_contents: tuple[str, ...] = ()
    website_url: str | None = None
    privacy_url: str | None = None
    support_url: str | None = None
    ga_tracking: str | None = None
    ip_addresses: tuple[str, ...] = ()
    subscription_enabled: bool = True
    time_zone: str = "UTC"
    language: str = "en"


@dataclass(frozen=True, slots=True)
class CreatePage:
    """`domain_target` is the unguessable label that a custom domain's CNAME has to name."""

    page_id: UUID
    organisation_id: UUID
    settings: Settings
    password_id: UUID | None
    domain_target: str
    layout: Layout
    at: datetime


@dataclass(frozen=True, slots=True)
class ChangeSettings:
    """`password_id` replaces the gate's password if `change_password`; None then removes it."""

    settings: Settings
    change_password: bool
    password_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class ArrangePage:
    layout: Layout
    at: datetime


@dataclass(frozen=True, slots=True)
class SetEnabled:
    enabled: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class DeletePage:
    at: datetime


Command = CreatePage | ChangeSettings | ArrangePage | SetEnabled | DeletePage


@dataclass(frozen=True, slots=True)
class PageCreated:
    page_id: UUID
    organisation_id: UUID
    settings: Settings
    password_id: UUID | None
    domain_target: str
    layout: Layout
    at: datetime


@dataclass(frozen=True, slots=True)
class PageSettingsChanged:
    page_id: UUID
    settings: Settings
    password_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class PageArranged:
    page_id: UUID
    layout: Layout
    at: datetime


@dataclass(frozen=True, slots=True)
class PageEnabled:
    page_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class PageDisabled:
    page_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class PageDeleted:
    page_id: UUID
    at: datetime


Event = PageCreated | PageSettingsChanged | PageArranged | PageEnabled | PageDisabled | PageDeleted


@dataclass(frozen=True, slots=True)
class Page:
    page_id: UUID
    organisation_id: UUID
    settings: Settings
    password_id: UUID | None
    layout: Layout
    enabled: bool = True
    deleted: bool = False


State = Page | None


def decide(state: State, command: Command) -> list[Event]:
    match command:
        case CreatePage():
            return _create(state, command)
        case ChangeSettings():
            return _change(existing(state), command)
        case ArrangePage():
            return _arrange(existing(state), command)
        case SetEnabled():
            return _set_enabled(existing(state), command)
        case DeletePage():
            return [PageDeleted(existing(state).page_id, command.at)]
        case _:
            assert_never(command)


def existing(state: State) -> Page:
    """Raises NotFound for a page that was never created or has been deleted."""
    if state is None or state.deleted:
        raise NotFound("There is no such status page.")
    return state


def owned(state: State, organisation_id: UUID) -> Page:
    """Raises NotFound for another organisation's page too: it must look as if it did not exist."""
    page = existing(state)
    if page.organisation_id != organisation_id:
        raise NotFound("There is no such status page.")
    return page


def _create(state: State, command: CreatePage) -> list[Event]:
    if state is not None:
        raise NotAllowed("The status page exists already.")
    settings, password_id = _gate(command.settings, command.password_id)
    return [
        PageCreated(
            command.page_id,
            command.organisation_id,
            settings,
            password_id,
            command.domain_target,
            command.layout,
            command.at,
        )
    ]


def _change(state: Page, command: ChangeSettings) -> list[Event]:
    wanted = command.password_id if command.change_password else state.password_id
    settings, password_id = _gate(command.settings, wanted)
    if settings == state.settings and password_id == state.password_id:
        return []
    return [PageSettingsChanged(state.page_id, settings, password_id, command.at)]


def _gate(settings: Settings, password_id: UUID | None) -> tuple[Settings, UUID | None]:
    """A private page has a gate; a public one keeps none, even if one was sent along."""
    if settings.type is PageType.PUBLIC:
        return replace(settings, ip_addresses=()), None
    if password_id is None and not settings.ip_addresses:
        message = "A private page needs a password or ip_addresses."
        raise Invalid([Fault("/password", "gate_required", message)])
    return settings, password_id


def _arrange(state: Page, command: ArrangePage) -> list[Event]:
    if command.layout == state.layout:
        return []
    return [PageArranged(state.page_id, command.layout, command.at)]


def _set_enabled(state: Page, command: SetEnabled) -> list[Event]:
    if command.enabled == state.enabled:
        return []
    event = PageEnabled if command.enabled else PageDisabled
    return [event(state.page_id, command.at)]


def evolve(state: State, event: Event) -> State:
    match event:
        case PageCreated():
            return Page(event.page_id, event.organisation_id, event.settings, event.password_id, event.layout)
        case PageSettingsChanged():
            return replace(existing(state), settings=event.settings, password_id=event.password_id)
        case PageArranged():
            return replace(existing(state), layout=event.layout)
        case PageEnabled():
            return replace(existing(state), enabled=True)
        case PageDisabled():
            return replace(existing(state), enabled=False)
        case PageDeleted():
            return replace(existing(state), deleted=True)
        case _:
            assert_never(event)


STATUSPAGE: Decider[State, Command, Event] = Decider("statuspage", None, decide, evolve)
