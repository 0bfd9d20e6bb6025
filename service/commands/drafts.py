"""What a caller sends of a page: settings given, components and groups as lists, with ids where known."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from service.domain.component import Details
from service.domain.values import ComponentStatus


@dataclass(frozen=True, slots=True)
class ComponentDraft:
    """`known`: the caller named an existing component by its id; else `component_id` is a new one."""

    component_id: UUID
    details: Details
    status: ComponentStatus
    pointer: str
    known: bool = False


@dataclass(frozen=True, slots=True)
class GroupDraft:
    group_id: UUID
    name: str
    components: tuple[ComponentDraft, ...]
    pointer: str
    known: bool = False


@dataclass(frozen=True, slots=True)
class PageDraft:
    """`settings` holds the fields that were sent; a list that was not sent is None and changes nothing."""

    settings: dict[str, Any] = field(default_factory=dict)
    components: tuple[ComponentDraft, ...] | None = None
    groups: tuple[GroupDraft, ...] | None = None

    def all_components(self) -> list[ComponentDraft]:
        grouped = [component for group in self.groups or () for component in group.components]
        return [*(self.components or ()), *grouped]
