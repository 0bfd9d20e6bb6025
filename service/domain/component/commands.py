"""What can be asked of a component."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.domain.component.alerts import Alert
from service.domain.component.details import Details
from service.domain.values import ComponentStatus


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
class HearAlerts:
    """A monitoring system tells of its alerts, in this order."""

    organisation_id: UUID
    alerts: tuple[Alert, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class HoldComponent:
    """An open incident says that the component has this status; `since` when, if that was earlier."""

    incident_id: UUID
    status: ComponentStatus
    at: datetime
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReleaseComponent:
    """The incident is over, `since` when, if that was earlier.

    With a `status` it says what the component has then, else the others decide.
    """

    incident_id: UUID
    status: ComponentStatus | None
    at: datetime
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class RetractHold:
    """The incident is taken back: what it said is as if it had not been."""

    incident_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class BackfillStatus:
    """A past incident gave the component this status from `start` to `end`; the present stays as it is."""

    incident_id: UUID
    status: ComponentStatus
    start: datetime
    end: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class EnterWindow:
    maintenance_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class LeaveWindow:
    maintenance_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class RemoveComponent:
    at: datetime


Command = (
    AddComponent
    | ChangeDetails
    | ReportStatus
    | HearAlerts
    | HoldComponent
    | ReleaseComponent
    | RetractHold
    | BackfillStatus
    | EnterWindow
    | LeaveWindow
    | RemoveComponent
)
