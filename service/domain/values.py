"""Words that several aggregates share."""

from enum import StrEnum


class PageType(StrEnum):
    PUBLIC = "public"
    PRIVATE = "private"


class ComponentType(StrEnum):
    RESOURCE = "resource"
    MANUAL = "manual"


class ComponentStatus(StrEnum):
    """In order of severity, the mildest first."""

    OPERATIONAL = "operational"
    UNDER_MAINTENANCE = "under_maintenance"
    DEGRADED_PERFORMANCE = "degraded_performance"
    PARTIAL_OUTAGE = "partial_outage"
    MAJOR_OUTAGE = "major_outage"


SEVERITY = {status: rank for rank, status in enumerate(ComponentStatus)}


class IncidentStatus(StrEnum):
    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    POSTMORTEM = "postmortem"


class Impact(StrEnum):
    """In order of gravity, the mildest first."""

    NONE = "none"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


GRAVITY = {impact: rank for rank, impact in enumerate(Impact)}
IMPACT_OF = {
    ComponentStatus.OPERATIONAL: Impact.NONE,
    ComponentStatus.UNDER_MAINTENANCE: Impact.NONE,
    ComponentStatus.DEGRADED_PERFORMANCE: Impact.MINOR,
    ComponentStatus.PARTIAL_OUTAGE: Impact.MAJOR,
    ComponentStatus.MAJOR_OUTAGE: Impact.CRITICAL,
}


class MaintenanceStatus(StrEnum):
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    VERIFYING = "verifying"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class ChannelType(StrEnum):
    EMAIL = "email"
    WEBHOOK = "webhook"
    SLACK = "slack"
    DISCORD = "discord"
    TEAMS = "teams"


class Scope(StrEnum):
    PAGES_READ = "pages:read"
    PAGES_WRITE = "pages:write"
    STATUS_WRITE = "status:write"
    INCIDENTS_WRITE = "incidents:write"
    SUBSCRIPTIONS_READ = "subscriptions:read"
    SUBSCRIPTIONS_WRITE = "subscriptions:write"
    EVENTS_READ = "events:read"
    ADMIN = "admin"
