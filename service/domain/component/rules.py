"""What a component answers to each command."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from service.domain.component.backfilling import backfilled, past
from service.domain.component.commands import (
    AddComponent,
    BackfillStatus,
    ChangeDetails,
    Command,
    EnterWindow,
    HearAlerts,
    HoldComponent,
    LeaveWindow,
    ReleaseComponent,
    RemoveComponent,
    ReportStatus,
    RetractHold,
)
from service.domain.component.events import (
    ComponentAdded,
    ComponentDetailsChanged,
    ComponentHeld,
    ComponentHoldRetracted,
    ComponentRemoved,
    ComponentStatusChanged,
    ComponentStatusCorrected,
    ComponentWindowEntered,
    ComponentWindowLeft,
    Event,
)
from service.domain.component.hearing import deafen, hear, speak_up
from service.domain.component.releasing import release
from service.domain.component.state import Component, State, existing
from service.domain.errors import Fault, Invalid, NotAllowed, NotFound
from service.domain.values import ComponentStatus


def decide(state: State, command: Command) -> list[Event]:
    match command:
        case AddComponent():
            return _add(state, command)
        case ChangeDetails():
            return _change(existing(state), command)
        case ReportStatus():
            return _report(existing(state), command)
        case HearAlerts():
            return hear(existing(state), command)
        case HoldComponent():
            return _hold(existing(state), command)
        case ReleaseComponent():
            return release(state, command)
        case RetractHold():
            return _retract(state, command)
        case BackfillStatus():
            return _backfill(existing(state), command)
        case EnterWindow():
            return _enter(state, command)
        case LeaveWindow():
            return _leave(state, command)
        case RemoveComponent():
            return _remove(state, command)
        case _:
            assert_never(command)


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
    moved = command.details.shown_resource != state.details.shown_resource
    changed = ComponentDetailsChanged(state.component_id, state.page_id, command.details, command.at)
    return [*(deafen(state, command.at) if moved else ()), changed]


def _report(state: Component, command: ReportStatus) -> list[Event]:
    if state.organisation_id != command.organisation_id:
        raise NotFound("There is no such component.")
    if command.since is not None and command.since > command.now:
        raise Invalid([Fault("/at", "in_the_future", "A status cannot begin in the future.")])
    if command.since is not None and command.since < state.status_at:
        return _correction(state, command, command.since)
    if command.status == state.status:
        return []
    at = state.not_before(command.since or command.now)
    return [ComponentStatusChanged(state.component_id, state.page_id, command.status, at, command.reason)]


def _correction(state: Component, command: ReportStatus, since: datetime) -> list[Event]:
    """Said again in the same words right after it was said, it says nothing new."""
    said = ComponentStatusCorrected(
        state.component_id, state.page_id, command.status, since, command.now, command.reason
    )
    last = state.last_correction
    if last is not None and replace(last, said_at=said.said_at) == said:
        return []
    return [said]


def _hold(state: Component, command: HoldComponent) -> list[Event]:
    if state.holds.get(command.incident_id) == command.status == state.status:
        return []
    since = command.since or state.not_before(command.at)
    at = state.not_before(since)
    held = ComponentHeld(state.component_id, state.page_id, command.incident_id, command.status, at, since)
    said = backfilled(state, command.incident_id, command.status, (since, at), command.at)
    return [held, *past(state, said)]


def _retract(state: State, command: RetractHold) -> list[Event]:
    if state is None or state.removed or command.incident_id not in state.times:
        return []
    left = state.without(command.incident_id)
    retracted = ComponentHoldRetracted(
        state.component_id,
        state.page_id,
        command.incident_id,
        state.times[command.incident_id],
        left.status,
        left.last_word.since,
        command.at,
        state.borrowers.get(command.incident_id, ()),
    )
    return [retracted, *speak_up(left)]


def _backfill(state: Component, command: BackfillStatus) -> list[Event]:
    span = command.start, command.end
    said = backfilled(state, command.incident_id, command.status, span, command.at)
    return [event for event in past(state, said) if event != state.last_backfill]


def _enter(state: State, command: EnterWindow) -> list[Event]:
    """A component in an outage shows the outage; only an operational one turns to maintenance."""
    if state is None or state.removed or command.maintenance_id in state.windows:
        return []
    calm = state.status is ComponentStatus.OPERATIONAL
    status = ComponentStatus.UNDER_MAINTENANCE if calm else state.status
    return [
        ComponentWindowEntered(
            state.component_id,
            state.page_id,
            command.maintenance_id,
            status,
            calm,
            state.not_before(command.at),
            () if calm else state.hiding(ComponentStatus.OPERATIONAL),
        )
    ]


def _leave(state: State, command: LeaveWindow) -> list[Event]:
    """What is still under maintenance turns to what it would be without the window; nothing else."""
    if state is None or state.removed or command.maintenance_id not in state.windows:
        return []
    still = state.status is ComponentStatus.UNDER_MAINTENANCE
    outside = replace(state, windows=state.windows - {command.maintenance_id})
    hidden_by = () if still else state.hiding(ComponentStatus.UNDER_MAINTENANCE)
    holds = {each: status for each, status in state.holds.items() if each not in hidden_by}
    return [
        ComponentWindowLeft(
            state.component_id,
            state.page_id,
            command.maintenance_id,
            outside.left_to_itself if still else state.status,
            still,
            holds if still or hidden_by else {},
            outside.unheld,
            state.not_before(command.at),
            hidden_by,
        )
    ]


def _remove(state: State, command: RemoveComponent) -> list[Event]:
    if state is None or state.removed:
        return []
    return [ComponentRemoved(state.component_id, state.page_id, command.at)]
