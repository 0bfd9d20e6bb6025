"""What can be asked of an incident."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from service.domain.values import ComponentStatus, Impact, IncidentStatus

Components = Mapping[UUID, ComponentStatus]


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """`started_at`: when it began, if not now. `update_id` names the first update, whose text is `body`."""

    incident_id: UUID
    page_id: UUID
    organisation_id: UUID
    name: str
    status: IncidentStatus
    update_id: UUID
    body: str
    components: Components
    impact_override: Impact | None
    notify: bool
    metadata: Mapping[str, str]
    at: datetime
    started_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BackfillIncident:
    """An incident of the past, over already: it changes history between the two times, and nothing now."""

    incident_id: UUID
    page_id: UUID
    organisation_id: UUID
    name: str
    update_id: UUID
    body: str
    components: Components
    impact_override: Impact | None
    metadata: Mapping[str, str]
    started_at: datetime
    resolved_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class UpdateIncident:
    """`since`: when it was so, if that was earlier than `at`, when it is said."""

    update_id: UUID
    status: IncidentStatus
    body: str
    components: Components
    notify: bool
    at: datetime
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class CorrectUpdate:
    """Another text for an update; the earlier one stays in the log."""

    update_id: UUID
    body: str
    at: datetime


@dataclass(frozen=True, slots=True)
class EditIncident:
    name: str
    impact_override: Impact | None
    metadata: Mapping[str, str]
    at: datetime


@dataclass(frozen=True, slots=True)
class PublishPostmortem:
    body: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RetractIncident:
    at: datetime


Command = (
    OpenIncident
    | BackfillIncident
    | UpdateIncident
    | CorrectUpdate
    | EditIncident
    | PublishPostmortem
    | RetractIncident
)
