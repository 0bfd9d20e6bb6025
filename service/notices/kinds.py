"""What a notice is about, by names that are made to be stored and sent: they stay as they are."""

from enum import StrEnum


class Kind(StrEnum):
    INCIDENT_OPENED = "incident.opened"
    INCIDENT_UPDATED = "incident.updated"
    INCIDENT_RESOLVED = "incident.resolved"
    INCIDENT_RETRACTED = "incident.retracted"
    MAINTENANCE_SCHEDULED = "maintenance.scheduled"
    MAINTENANCE_MOVED = "maintenance.moved"
    MAINTENANCE_REMINDED = "maintenance.reminded"
    MAINTENANCE_STARTED = "maintenance.started"
    MAINTENANCE_VERIFYING = "maintenance.verifying"
    MAINTENANCE_UPDATED = "maintenance.updated"
    MAINTENANCE_COMPLETED = "maintenance.completed"
    MAINTENANCE_CANCELLED = "maintenance.cancelled"
