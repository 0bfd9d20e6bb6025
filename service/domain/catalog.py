"""Every event type of the product under the name it is stored by.

The names and what is stored under them are frozen: tests/service/domain/golden holds one sample of each.
"""

from typing import Any

from service.domain import (
    component,
    incident,
    incident_template,
    maintenance,
    name,
    organisation,
    statuspage,
    subscription,
)

EVENT_TYPES: dict[str, type[Any]] = {
    "OrganisationCreated": organisation.OrganisationCreated,
    "TokenIssued": organisation.TokenIssued,
    "TokenRevoked": organisation.TokenRevoked,
    "NameClaimed": name.NameClaimed,
    "NameReleased": name.NameReleased,
    "PageCreated": statuspage.PageCreated,
    "PageSettingsChanged": statuspage.PageSettingsChanged,
    "PageArranged": statuspage.PageArranged,
    "PageEnabled": statuspage.PageEnabled,
    "PageDisabled": statuspage.PageDisabled,
    "PageDeleted": statuspage.PageDeleted,
    "ComponentAdded": component.ComponentAdded,
    "ComponentDetailsChanged": component.ComponentDetailsChanged,
    "ComponentStatusChanged": component.ComponentStatusChanged,
    "ComponentStatusCorrected": component.ComponentStatusCorrected,
    "ComponentHeld": component.ComponentHeld,
    "ComponentReleased": component.ComponentReleased,
    "ComponentHoldRetracted": component.ComponentHoldRetracted,
    "ComponentBackfilled": component.ComponentBackfilled,
    "ComponentWindowEntered": component.ComponentWindowEntered,
    "ComponentWindowLeft": component.ComponentWindowLeft,
    "ComponentRemoved": component.ComponentRemoved,
    "IncidentOpened": incident.IncidentOpened,
    "IncidentBackfilled": incident.IncidentBackfilled,
    "IncidentUpdated": incident.IncidentUpdated,
    "IncidentUpdateCorrected": incident.IncidentUpdateCorrected,
    "IncidentEdited": incident.IncidentEdited,
    "IncidentPostmortemPublished": incident.IncidentPostmortemPublished,
    "IncidentRetracted": incident.IncidentRetracted,
    "IncidentTemplateCreated": incident_template.IncidentTemplateCreated,
    "IncidentTemplateDeleted": incident_template.IncidentTemplateDeleted,
    "MaintenanceScheduled": maintenance.MaintenanceScheduled,
    "MaintenanceEdited": maintenance.MaintenanceEdited,
    "MaintenanceUpdated": maintenance.MaintenanceUpdated,
    "MaintenanceStarted": maintenance.MaintenanceStarted,
    "MaintenanceCompleted": maintenance.MaintenanceCompleted,
    "MaintenanceCancelled": maintenance.MaintenanceCancelled,
    "MaintenanceReminded": maintenance.MaintenanceReminded,
    "SubscriptionRequested": subscription.SubscriptionRequested,
    "SubscriptionVerified": subscription.SubscriptionVerified,
    "SubscriptionCancelled": subscription.SubscriptionCancelled,
}
