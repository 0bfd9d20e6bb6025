"""A page's body as the draft that the command takes: settings given, new ids derived from the command."""

from typing import Any
from uuid import UUID, uuid5

from service.commands.drafts import ComponentDraft, GroupDraft, PageDraft
from service.domain.component import Details
from service.http.schemas.pages import ChangePage, ComponentEntry, CreatePage, GroupEntry

# What is no setting, or is kept elsewhere.
APART = {"password", "update_password", "components", "groups"}
DEFAULTS: dict[str, Any] = {
    "dark_theme": False,
    "redirect_to_https": False,
    "remove_branding": False,
    "robots_meta_contents": [],
    "ip_addresses": [],
    "subscription_enabled": True,
    "time_zone": "UTC",
    "language": "en",
}
LISTS = ("robots_meta_contents", "ip_addresses")


def draft_of(body: CreatePage | ChangePage, command_id: UUID) -> PageDraft:
    """New components and groups get ids that the same command would give them again."""
    return PageDraft(
        settings=_settings(body),
        components=None if body.components is None else _components(body.components, command_id, ""),
        groups=None if body.groups is None else _groups(body.groups, command_id),
    )


def _settings(body: CreatePage | ChangePage) -> dict[str, Any]:
    sent = {name: getattr(body, name) for name in body.model_fields_set - APART}
    if isinstance(body, CreatePage):
        sent = {name: getattr(body, name) for name in type(body).model_fields.keys() - APART}
    settings: dict[str, Any] = {
        name: DEFAULTS.get(name) if value is None else value for name, value in sent.items()
    }
    return settings | {name: tuple(settings[name]) for name in LISTS if name in settings}


def _components(entries: list[ComponentEntry], command_id: UUID, base: str) -> tuple[ComponentDraft, ...]:
    return tuple(_component(entry, command_id, f"{base}/components/{i}") for i, entry in enumerate(entries))


def _component(entry: ComponentEntry, command_id: UUID, pointer: str) -> ComponentDraft:
    details = Details(
        entry.name, entry.description, entry.type, entry.resource_id, entry.only_show_if_degraded
    )
    component_id = entry.id or uuid5(command_id, pointer)
    return ComponentDraft(component_id, details, entry.status, pointer, known=entry.id is not None)


def _groups(entries: list[GroupEntry], command_id: UUID) -> tuple[GroupDraft, ...]:
    return tuple(_group(entry, command_id, f"/groups/{i}") for i, entry in enumerate(entries))


def _group(entry: GroupEntry, command_id: UUID, pointer: str) -> GroupDraft:
    group_id = entry.id or uuid5(command_id, pointer)
    members = _components(entry.components, command_id, pointer)
    return GroupDraft(group_id, entry.name, members, pointer, known=entry.id is not None)
