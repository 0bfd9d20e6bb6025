"""A monitored thing, by the id that an organisation's monitors know it by, and the components that show it.

Its stream is the index that a monitor's report goes by: it changes in the same append as the component.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never
from uuid import UUID

from service.domain.decider import Decider
from service.domain.errors import NotFound


@dataclass(frozen=True, slots=True)
class BindComponent:
    resource_id: UUID
    organisation_id: UUID
    component_id: UUID
    page_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class UnbindComponent:
    component_id: UUID
    at: datetime


Command = BindComponent | UnbindComponent


@dataclass(frozen=True, slots=True)
class ResourceBound:
    """The component shows the resource: what monitors report of it reaches the component."""

    resource_id: UUID
    organisation_id: UUID
    component_id: UUID
    page_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class ResourceUnbound:
    """The component shows the resource no longer."""

    resource_id: UUID
    organisation_id: UUID
    component_id: UUID
    page_id: UUID
    at: datetime


Event = ResourceBound | ResourceUnbound


@dataclass(frozen=True, slots=True)
class Resource:
    """`bound`: by component, in the order in which they were bound."""

    bound: Mapping[UUID, ResourceBound] = field(default_factory=dict)

    def by_page(self) -> dict[UUID, list[UUID]]:
        """The components of each page."""
        pages: dict[UUID, list[UUID]] = {}
        for component_id, binding in self.bound.items():
            pages.setdefault(binding.page_id, []).append(component_id)
        return pages


def key(organisation_id: UUID, resource_id: UUID) -> str:
    """Organisations choose these ids themselves: the same one in two of them is two things."""
    return f"{organisation_id}.{resource_id}"


def existing(state: Resource) -> Resource:
    """Raises NotFound for a resource that no component shows."""
    if not state.bound:
        raise NotFound("There is no such resource.")
    return state


def decide(state: Resource, command: Command) -> list[Event]:
    match command:
        case BindComponent():
            return _bind(state, command)
        case UnbindComponent():
            return _unbind(state, command)
        case _:
            assert_never(command)


def _bind(state: Resource, command: BindComponent) -> list[Event]:
    if command.component_id in state.bound:
        return []
    return [
        ResourceBound(
            command.resource_id, command.organisation_id, command.component_id, command.page_id, command.at
        )
    ]


def _unbind(state: Resource, command: UnbindComponent) -> list[Event]:
    known = state.bound.get(command.component_id)
    if known is None:
        return []
    return [
        ResourceUnbound(
            known.resource_id, known.organisation_id, known.component_id, known.page_id, command.at
        )
    ]


def evolve(state: Resource, event: Event) -> Resource:
    match event:
        case ResourceBound():
            return Resource({**state.bound, event.component_id: event})
        case ResourceUnbound():
            left = {each: bound for each, bound in state.bound.items() if each != event.component_id}
            return Resource(left)
        case _:
            assert_never(event)


RESOURCE: Decider[Resource, Command, Event] = Decider("resource", Resource(), decide, evolve)
