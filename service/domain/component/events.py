"""What can have happened to a component.

The `status` of an event is the one that the component has from `at` on, whoever's word it is. An incident's
word may hold `since` earlier; what lies between is a ComponentBackfilled beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from service.domain.component.details import Details
from service.domain.values import ComponentStatus


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
    """A report said so."""

    component_id: UUID
    page_id: UUID
    status: ComponentStatus
    at: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ComponentStatusCorrected:
    """The status that held from `at` until the next report by time; said later, at `said_at`.

    With an `incident_id` it is where known history begins, because the incident spoke of a time before; it
    lies beneath all that was said, and goes with the incident.
    """

    component_id: UUID
    page_id: UUID
    status: ComponentStatus
    at: datetime
    said_at: datetime
    reason: str | None = None
    incident_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ComponentAlertFired:
    """An alert that began at `starts_at` says so; what that made of the component is an event beside it."""

    component_id: UUID
    page_id: UUID
    fingerprint: str
    name: str
    status: ComponentStatus
    starts_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class ComponentAlertResolved:
    """The alert is over since `ends_at`."""

    component_id: UUID
    page_id: UUID
    fingerprint: str
    ends_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class ComponentHeld:
    """An incident said so, and holds it."""

    component_id: UUID
    page_id: UUID
    incident_id: UUID
    status: ComponentStatus
    at: datetime
    since: datetime


@dataclass(frozen=True, slots=True)
class ComponentReleased:
    """An incident let go of it. `said`: it gave the status; else the status is what the others leave it:
    the worst of `holds`, those of the open incidents, or `otherwise` without any."""

    component_id: UUID
    page_id: UUID
    incident_id: UUID
    status: ComponentStatus
    said: bool
    holds: Mapping[UUID, ComponentStatus]
    otherwise: ComponentStatus
    at: datetime
    since: datetime


@dataclass(frozen=True, slots=True)
class ComponentHoldRetracted:
    """What the incident had said at these `times`, or lent to another's release, is taken back; `status` and
    `since` are what is left. Incidents of its `borrowers` had told of an end late that it lent a status."""

    component_id: UUID
    page_id: UUID
    incident_id: UUID
    times: tuple[datetime, ...]
    status: ComponentStatus
    since: datetime
    at: datetime
    borrowers: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class ComponentBackfilled:
    """An incident gave it this status from `start` to `end`, as was said later, at `at`. With `holds` it let
    go of it then, and the status is the worst that these others lent it; without them it were `otherwise`."""

    component_id: UUID
    page_id: UUID
    incident_id: UUID
    status: ComponentStatus
    start: datetime
    end: datetime
    at: datetime
    holds: Mapping[UUID, ComponentStatus] = field(default_factory=dict)
    otherwise: ComponentStatus | None = None


@dataclass(frozen=True, slots=True)
class ComponentWindowEntered:
    """`said`: the window turned it to `status`; else it has that status anyway. Were it not for the incidents
    it is `hidden_by`, the window would have turned it to under_maintenance."""

    component_id: UUID
    page_id: UUID
    maintenance_id: UUID
    status: ComponentStatus
    said: bool
    at: datetime
    hidden_by: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class ComponentWindowLeft:
    """`said`: its end turned it to `status`, the worst of `holds` or `otherwise`; else it has that anyway.
    Were it not for the incidents it is `hidden_by`, its end would have turned it so."""

    component_id: UUID
    page_id: UUID
    maintenance_id: UUID
    status: ComponentStatus
    said: bool
    holds: Mapping[UUID, ComponentStatus]
    otherwise: ComponentStatus
    at: datetime
    hidden_by: tuple[UUID, ...] = ()


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
    | ComponentAlertFired
    | ComponentAlertResolved
    | ComponentHeld
    | ComponentReleased
    | ComponentHoldRetracted
    | ComponentBackfilled
    | ComponentWindowEntered
    | ComponentWindowLeft
    | ComponentRemoved
)
