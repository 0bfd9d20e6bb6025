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
