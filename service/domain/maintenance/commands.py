"""What can be asked of a maintenance."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.domain.maintenance.plan import Place, Plan
from service.domain.values import MaintenanceStatus


@dataclass(frozen=True, slots=True)
class ScheduleMaintenance:
    """`place`: where it stands in a series; None: it is the first of its own."""

    maintenance_id: UUID
    page_id: UUID
    organisation_id: UUID
    plan: Plan
    at: datetime
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class EditMaintenance:
    """Another plan: moved, longer, with other components. Another `recurrence` begins a pattern anew."""

    plan: Plan
    at: datetime


@dataclass(frozen=True, slots=True)
class UpdateMaintenance:
    """Says something; with another `status` it starts, goes on, completes or cancels it too."""

    update_id: UUID
    status: MaintenanceStatus
    body: str
    notify: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class StartMaintenance:
    """Its time may have come. A timer of a plan that was changed meanwhile does nothing."""

    at: datetime


@dataclass(frozen=True, slots=True)
class CompleteMaintenance:
    """Its end may have come. A timer of a plan that was changed meanwhile does nothing."""

    at: datetime


@dataclass(frozen=True, slots=True)
class RemindOfMaintenance:
    """The time to remind of it may have come."""

    at: datetime


@dataclass(frozen=True, slots=True)
class CancelMaintenance:
    """`series`: the windows after it won't be either."""

    series: bool
    at: datetime


Command = (
    ScheduleMaintenance
    | EditMaintenance
    | UpdateMaintenance
    | StartMaintenance
    | CompleteMaintenance
    | RemindOfMaintenance
    | CancelMaintenance
)
