"""What the rules need to know of a maintenance, and how a fact changes it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

from service.domain.errors import NotFound
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
from service.domain.values import MaintenanceStatus

RUNNING = frozenset({MaintenanceStatus.IN_PROGRESS, MaintenanceStatus.VERIFYING})
OVER = frozenset({MaintenanceStatus.COMPLETED, MaintenanceStatus.CANCELLED})


@dataclass(frozen=True, slots=True)
class Maintenance:
    """`reminded`: of the present start. `series_ended`: nothing comes after it."""

    maintenance_id: UUID
    page_id: UUID
    organisation_id: UUID
    plan: Plan
    place: Place
    last_at: datetime
    status: MaintenanceStatus = MaintenanceStatus.SCHEDULED
    update_ids: frozenset[UUID] = frozenset()
    reminded: bool = False
    series_ended: bool = False

    @property
    def running(self) -> bool:
        return self.status in RUNNING

    @property
    def over(self) -> bool:
        return self.status in OVER

    @property
    def recurs(self) -> bool:
        """Another window follows when this one is over, as far as its rule has one."""
        return self.plan.recurrence is not None and not self.series_ended

    @property
    def held_component_ids(self) -> frozenset[UUID]:
        """The components that are inside the window now."""
        return frozenset(self.plan.component_ids) if self.running else frozenset()


State = Maintenance | None


def existing(state: State) -> Maintenance:
    """Raises NotFound for a maintenance that never was."""
    if state is None:
        raise NotFound("There is no such maintenance.")
    return state


def evolve(state: State, event: Event) -> State:
    match event:
        case MaintenanceScheduled():
            return Maintenance(
                event.maintenance_id, event.page_id, event.organisation_id, event.plan, event.place, event.at
            )
        case MaintenanceEdited():
            return _edited(existing(state), event)
        case MaintenanceUpdated():
            return _updated(existing(state), event)
        case MaintenanceStarted():
            return replace(existing(state), status=MaintenanceStatus.IN_PROGRESS, last_at=event.at)
        case MaintenanceCompleted():
            return replace(existing(state), status=MaintenanceStatus.COMPLETED, last_at=event.at)
        case MaintenanceCancelled():
            return _cancelled(existing(state), event)
        case MaintenanceReminded():
            return replace(existing(state), reminded=True)
        case _:
            assert_never(event)


def _edited(state: Maintenance, event: MaintenanceEdited) -> Maintenance:
    moved = event.plan.starts_at != state.plan.starts_at
    return replace(
        state,
        plan=event.plan,
        place=event.place,
        reminded=state.reminded and not moved,
        last_at=max(state.last_at, event.at),
    )


def _updated(state: Maintenance, event: MaintenanceUpdated) -> Maintenance:
    return replace(
        state, status=event.status, update_ids=state.update_ids | {event.update_id}, last_at=event.at
    )


def _cancelled(state: Maintenance, event: MaintenanceCancelled) -> Maintenance:
    return replace(state, status=MaintenanceStatus.CANCELLED, series_ended=event.series, last_at=event.at)
