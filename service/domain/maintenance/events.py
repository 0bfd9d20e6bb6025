"""What can have happened to a maintenance."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.domain.maintenance.plan import Place, Plan
from service.domain.values import MaintenanceStatus


@dataclass(frozen=True, slots=True)
class MaintenanceScheduled:
    maintenance_id: UUID
    page_id: UUID
    organisation_id: UUID
    plan: Plan
    place: Place
    at: datetime


@dataclass(frozen=True, slots=True)
class MaintenanceEdited:
    maintenance_id: UUID
    page_id: UUID
    plan: Plan
    place: Place
    at: datetime


@dataclass(frozen=True, slots=True)
class MaintenanceUpdated:
    """Somebody said something about it; `status` is the one it has with that."""

    maintenance_id: UUID
    page_id: UUID
    update_id: UUID
    status: MaintenanceStatus
    body: str
    notify: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class MaintenanceStarted:
    """`ends_at`: until when it is planned to last."""

    maintenance_id: UUID
    page_id: UUID
    ends_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class MaintenanceCompleted:
    maintenance_id: UUID
    page_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class MaintenanceCancelled:
    maintenance_id: UUID
    page_id: UUID
    series: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class MaintenanceReminded:
    maintenance_id: UUID
    page_id: UUID
    starts_at: datetime
    at: datetime


Event = (
    MaintenanceScheduled
    | MaintenanceEdited
    | MaintenanceUpdated
    | MaintenanceStarted
    | MaintenanceCompleted
    | MaintenanceCancelled
    | MaintenanceReminded
)
