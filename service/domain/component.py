"""A component of a page, and the statuses it has had."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

from service.domain.decider import Decider
from service.domain.errors import Fault, Invalid, NotAllowed, NotFound
from service.domain.values import ComponentStatus, ComponentType


@dataclass(frozen=True, slots=True)
class Details:
    """What an owner says about a component; its status is said elsewhere."""

    name: str
    description: str | None = None
    type: ComponentType = ComponentType.MANUAL
    resource_id: UUID | None = None
    only_show_if_degraded: bool = False


@dataclass(frozen=True, slots=True)
class AddComponent:
    component_id: UUID
    page_id: UUID
    organisation_id: UUID
    details: Details
    status: ComponentStatus
    at: datetime


@dataclass(frozen=True, slots=True)
class ChangeDetails:
    details: Details
    at: datetime


@dataclass(frozen=True, slots=True)
class ReportStatus:
    """`now`: when this is said. `since`: when the status began to hold, if earlier; it corrects history."""

    organisation_id: UUID
    status: ComponentStatus
    now: datetime
    since: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class RemoveComponent:
    at: datetime


Command = AddComponent | ChangeDetails | ReportStatus | RemoveComponent


@dataclass(frozen=True, slots=True)
class ComponentAdded:
    component_id: UUID
    page_id: UUID
    organisation_id: UUID
    details: Details
    status: ComponentStatus
    at: datetime


@dataclass(frozen=True, slots=True)
class ComponentDetailsChanged:
    component_id: UUID
    page_id: UUID
    details: Details
    at: datetime


@dataclass(frozen=True, slots=True)
class ComponentStatusChanged:
    component_id: UUID
    page_id: UUID
    status: ComponentStatus
    at: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ComponentStatusCorrected:
    """The status that held from `at` until the next report by time; said later, at `said_at`."""

    component_id: UUID
    page_id: UUID
    status: ComponentStatus
    at: datetime
    said_at: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ComponentRemoved:
    component_id: UUID
    page_id: UUID
    at: datetime


Event = (
    ComponentAdded
    | ComponentDetailsChanged
    | ComponentStatusChanged
    | ComponentStatusCorrected
    | ComponentRemoved
)


@dataclass(frozen=True, slots=True)
class Component:
    component_id: UUID
    page_id: UUID
    organisation_id: UUID
    details: Details
    status: ComponentStatus
    status_at: datetime
    removed: bool = False
    last_correction: ComponentStatusCorrected | None = None


State = Component | None


def decide(state: State, command: Command) -> list[Event]:
    match command:
        case AddComponent():
            return _add(state, command)
        case ChangeDetails():
            return _change(existing(state), command)
        case ReportStatus():
            return _report(existing(state), command)
        case RemoveComponent():
            return _remove(state, command)
        case _:
            assert_never(command)


def existing(state: State) -> Component:
    """Raises NotFound for a component that was never added or has been removed."""
    if state is None or state.removed:
        raise NotFound("There is no such component.")
    return state


def _add(state: State, command: AddComponent) -> list[Event]:
    if state is not None:
        raise NotAllowed("The component exists already.")
    return [
        ComponentAdded(
            command.component_id,
            command.page_id,
            command.organisation_id,
            command.details,
            command.status,
            command.at,
        )
    ]


def _change(state: Component, command: ChangeDetails) -> list[Event]:
    if command.details == state.details:
        return []
    return [ComponentDetailsChanged(state.component_id, state.page_id, command.details, command.at)]


def _report(state: Component, command: ReportStatus) -> list[Event]:
    if state.organisation_id != command.organisation_id:
        raise NotFound("There is no such component.")
    if command.since is not None and command.since > command.now:
        raise Invalid([Fault("/at", "in_the_future", "A status cannot begin in the future.")])
    if command.since is not None and command.since < state.status_at:
        return _correct(state, command, command.since)
    if command.status == state.status:
        return []
    return [_transition(state, command)]


def _transition(state: Component, command: ReportStatus) -> Event:
    # Clocks of several processes differ a little; what is said now holds from now on all the same.
    at = max(command.since or command.now, state.status_at)
    return ComponentStatusChanged(state.component_id, state.page_id, command.status, at, command.reason)


def _correct(state: Component, command: ReportStatus, since: datetime) -> list[Event]:
    said = ComponentStatusCorrected(
        state.component_id, state.page_id, command.status, since, command.now, command.reason
    )
    last = state.last_correction
    if last is not None and replace(last, said_at=said.said_at) == said:
        return []
    return [said]


def _remove(state: State, command: RemoveComponent) -> list[Event]:
    if state is None or state.removed:
        return []
    return [ComponentRemoved(state.component_id, state.page_id, command.at)]


def evolve(state: State, event: Event) -> State:
    match event:
        case ComponentAdded():
            return Component(
                event.component_id,
                event.page_id,
                event.organisation_id,
                event.details,
                event.status,
                event.at,
            )
        case ComponentDetailsChanged():
            return replace(existing(state), details=event.details)
        case ComponentStatusChanged():
            return replace(existing(state), status=event.status, status_at=event.at)
        case ComponentStatusCorrected():
            return replace(existing(state), last_correction=event)
        case ComponentRemoved():
            return replace(existing(state), removed=True)
        case _:
            assert_never(event)


COMPONENT: Decider[State, Command, Event] = Decider("component", None, decide, evolve)
