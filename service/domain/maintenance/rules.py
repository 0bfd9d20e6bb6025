"""What a maintenance answers to each command."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from service.domain.errors import Fault, Invalid, NotAllowed
from service.domain.maintenance.commands import (
    CancelMaintenance,
    Command,
    CompleteMaintenance,
    EditMaintenance,
    RemindOfMaintenance,
    ScheduleMaintenance,
    StartMaintenance,
    UpdateMaintenance,
)
from service.domain.maintenance.events import (
    Event,
    MaintenanceCancelled,
    MaintenanceCompleted,
    MaintenanceEdited,
    MaintenanceReminded,
    MaintenanceScheduled,
    MaintenanceStarted,
    MaintenanceUpdated,
)
from service.domain.maintenance.plan import Place, Plan
from service.domain.maintenance.state import Maintenance, State, existing
from service.domain.values import MaintenanceStatus

SCHEDULED = MaintenanceStatus.SCHEDULED
IN_PROGRESS = MaintenanceStatus.IN_PROGRESS
VERIFYING = MaintenanceStatus.VERIFYING
COMPLETED = MaintenanceStatus.COMPLETED
CANCELLED = MaintenanceStatus.CANCELLED
NEXT = {
    SCHEDULED: {SCHEDULED, IN_PROGRESS, CANCELLED},
    IN_PROGRESS: {IN_PROGRESS, VERIFYING, COMPLETED, CANCELLED},
    VERIFYING: {IN_PROGRESS, VERIFYING, COMPLETED, CANCELLED},
    COMPLETED: {COMPLETED},
    CANCELLED: {CANCELLED},
}
"""What an update may turn a status to. Something can be said afterwards too."""


def decide(state: State, command: Command) -> list[Event]:
    match command:
        case ScheduleMaintenance():
            return _schedule(state, command)
        case EditMaintenance():
            return _edit(existing(state), command)
        case UpdateMaintenance():
            return _update(existing(state), command)
        case StartMaintenance():
            return _start(existing(state), command)
        case CompleteMaintenance():
            return _complete(existing(state), command)
        case RemindOfMaintenance():
            return _remind(existing(state), command)
        case CancelMaintenance():
            return _cancel(existing(state), command)
        case _:
            assert_never(command)


def _schedule(state: State, command: ScheduleMaintenance) -> list[Event]:
    if state is not None:
        raise NotAllowed("The maintenance exists already.")
    plan, starts_at = command.plan, command.plan.starts_at
    _check_times(plan, command.at)
    place = command.place or Place(command.maintenance_id, 1, starts_at, starts_at)
    return [
        MaintenanceScheduled(
            command.maintenance_id, command.page_id, command.organisation_id, plan, place, command.at
        )
    ]


def _edit(state: Maintenance, command: EditMaintenance) -> list[Event]:
    before, plan = state.plan, command.plan
    if plan == before:
        return []
    if state.over:
        raise NotAllowed("The maintenance is over.")
    if state.running and plan.starts_at != before.starts_at:
        raise Invalid([Fault("/starts_at", "started_already", "It has started already.")])
    if (plan.starts_at, plan.ends_at) != (before.starts_at, before.ends_at):
        _check_times(plan, command.at)
    place = state.place
    if plan.recurrence != before.recurrence:
        place = replace(place, anchor=plan.starts_at, slot=plan.starts_at)
    return [MaintenanceEdited(state.maintenance_id, state.page_id, plan, place, command.at)]


def _check_times(plan: Plan, now: datetime) -> None:
    if plan.ends_at <= plan.starts_at:
        raise Invalid([Fault("/ends_at", "not_after_start", "It should end after it starts.")])
    if plan.ends_at <= now:
        raise Invalid([Fault("/ends_at", "in_the_past", "It should end in the future.")])


def _update(state: Maintenance, command: UpdateMaintenance) -> list[Event]:
    if command.update_id in state.update_ids:
        return []
    if command.status not in NEXT[state.status]:
        raise NotAllowed(f"A maintenance that is {state.status} does not become {command.status}.")
    at = max(command.at, state.last_at)
    said = MaintenanceUpdated(
        state.maintenance_id,
        state.page_id,
        command.update_id,
        command.status,
        command.body,
        command.notify,
        at,
    )
    return [*_turning(state, command.status, at), said]


def _turning(state: Maintenance, status: MaintenanceStatus, at: datetime) -> list[Event]:
    """The fact that comes with a change of status, whether a timer or a person brings it about."""
    if status is state.status:
        return []
    if status is IN_PROGRESS and state.status is SCHEDULED:
        return [_started(state, at)]
    if status is COMPLETED:
        return [MaintenanceCompleted(state.maintenance_id, state.page_id, at)]
    if status is CANCELLED:
        return [MaintenanceCancelled(state.maintenance_id, state.page_id, False, at)]
    return []


def _started(state: Maintenance, at: datetime) -> MaintenanceStarted:
    return MaintenanceStarted(state.maintenance_id, state.page_id, state.plan.ends_at, at)


def _start(state: Maintenance, command: StartMaintenance) -> list[Event]:
    due = state.plan.auto_start and command.at >= state.plan.starts_at
    if state.status is not SCHEDULED or not due:
        return []
    return [_started(state, max(command.at, state.last_at))]


def _complete(state: Maintenance, command: CompleteMaintenance) -> list[Event]:
    due = state.plan.auto_complete and command.at >= state.plan.ends_at
    if not state.running or not due:
        return []
    return [MaintenanceCompleted(state.maintenance_id, state.page_id, max(command.at, state.last_at))]


def _remind(state: Maintenance, command: RemindOfMaintenance) -> list[Event]:
    """Once for each start, and not when it has come already."""
    remind_at, starts_at = state.plan.remind_at, state.plan.starts_at
    if state.status is not SCHEDULED or state.reminded or remind_at is None:
        return []
    if not remind_at <= command.at < starts_at:
        return []
    return [MaintenanceReminded(state.maintenance_id, state.page_id, starts_at, command.at)]


def _cancel(state: Maintenance, command: CancelMaintenance) -> list[Event]:
    if state.status is CANCELLED:
        return []
    if state.status is COMPLETED:
        raise NotAllowed("The maintenance is over.")
    at = max(command.at, state.last_at)
    return [MaintenanceCancelled(state.maintenance_id, state.page_id, command.series, at)]
