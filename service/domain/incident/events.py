"""What can have happened to an incident."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.domain.values import ComponentStatus, Impact, IncidentStatus


@dataclass(frozen=True, slots=True)
class IncidentOpened:
    incident_id: UUID
    page_id: UUID
    organisation_id: UUID
    name: str
    status: IncidentStatus
    update_id: UUID
    body: str
    components: Mapping[UUID, ComponentStatus]
    impact_override: Impact | None
    notify: bool
    metadata: Mapping[str, str]
    started_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class IncidentBackfilled:
    incident_id: UUID
    page_id: UUID
    organisation_id: UUID
    name: str
    update_id: UUID
    body: str
    components: Mapping[UUID, ComponentStatus]
    impact_override: Impact | None
    metadata: Mapping[str, str]
    started_at: datetime
    resolved_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class IncidentUpdated:
    """`components`: those that this update names, with the status it gives them. Said `at`, of `since`."""

    incident_id: UUID
    page_id: UUID
    update_id: UUID
    status: IncidentStatus
    body: str
    components: Mapping[UUID, ComponentStatus]
    notify: bool
    at: datetime
    since: datetime


@dataclass(frozen=True, slots=True)
class IncidentUpdateCorrected:
    incident_id: UUID
    page_id: UUID
    update_id: UUID
    body: str
    at: datetime


@dataclass(frozen=True, slots=True)
class IncidentEdited:
    incident_id: UUID
    page_id: UUID
    name: str
    impact_override: Impact | None
    metadata: Mapping[str, str]
    at: datetime


@dataclass(frozen=True, slots=True)
class IncidentPostmortemPublished:
    incident_id: UUID
    page_id: UUID
    body: str
    at: datetime


@dataclass(frozen=True, slots=True)
class IncidentRetracted:
    """It never was: neither shown nor counted any more."""

    incident_id: UUID
    page_id: UUID
    at: datetime


Event = (
    IncidentOpened
    | IncidentBackfilled
    | IncidentUpdated
    | IncidentUpdateCorrected
    | IncidentEdited
    | IncidentPostmortemPublished
    | IncidentRetracted
)
