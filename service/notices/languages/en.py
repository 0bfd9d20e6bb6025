"""English."""

from service.domain.values import ComponentStatus, Impact, IncidentStatus, MaintenanceStatus
from service.notices.kinds import Kind
from service.notices.languages.words import Words

WORDS = Words(
    moment="d MMMM y, HH:mm",
    window="{starts} to {ends}",
    subjects={
        Kind.INCIDENT_OPENED: "{status}: {name}",
        Kind.INCIDENT_UPDATED: "{status}: {name}",
        Kind.INCIDENT_RESOLVED: "Resolved: {name}",
        Kind.INCIDENT_RETRACTED: "Retracted: {name}",
        Kind.MAINTENANCE_SCHEDULED: "Maintenance scheduled: {name}",
        Kind.MAINTENANCE_MOVED: "Maintenance moved: {name}",
        Kind.MAINTENANCE_REMINDED: "Maintenance soon: {name}",
        Kind.MAINTENANCE_STARTED: "Maintenance started: {name}",
        Kind.MAINTENANCE_VERIFYING: "Maintenance being verified: {name}",
        Kind.MAINTENANCE_UPDATED: "Maintenance update: {name}",
        Kind.MAINTENANCE_COMPLETED: "Maintenance completed: {name}",
        Kind.MAINTENANCE_CANCELLED: "Maintenance cancelled: {name}",
    },
    leads={
        Kind.INCIDENT_OPENED: "There is a new incident.",
        Kind.INCIDENT_UPDATED: "There is news of an incident.",
        Kind.INCIDENT_RESOLVED: "An incident is over.",
        Kind.INCIDENT_RETRACTED: "An incident was reported by mistake and has been taken back.",
        Kind.MAINTENANCE_SCHEDULED: "A maintenance is planned.",
        Kind.MAINTENANCE_MOVED: "A planned maintenance has new times.",
        Kind.MAINTENANCE_REMINDED: "A planned maintenance is about to start.",
        Kind.MAINTENANCE_STARTED: "A maintenance has started.",
        Kind.MAINTENANCE_VERIFYING: "A maintenance is done and its result is being verified.",
        Kind.MAINTENANCE_UPDATED: "There is news of a maintenance.",
        Kind.MAINTENANCE_COMPLETED: "A maintenance has been completed.",
        Kind.MAINTENANCE_CANCELLED: "A planned maintenance has been cancelled.",
    },
    incident={
        IncidentStatus.INVESTIGATING: "Investigating",
        IncidentStatus.IDENTIFIED: "Identified",
        IncidentStatus.MONITORING: "Monitoring",
        IncidentStatus.RESOLVED: "Resolved",
        IncidentStatus.POSTMORTEM: "Postmortem",
    },
    maintenance={
        MaintenanceStatus.SCHEDULED: "Scheduled",
        MaintenanceStatus.IN_PROGRESS: "In progress",
        MaintenanceStatus.VERIFYING: "Verifying",
        MaintenanceStatus.COMPLETED: "Completed",
        MaintenanceStatus.CANCELLED: "Cancelled",
    },
    component={
        ComponentStatus.OPERATIONAL: "Operational",
        ComponentStatus.UNDER_MAINTENANCE: "Under maintenance",
        ComponentStatus.DEGRADED_PERFORMANCE: "Degraded performance",
        ComponentStatus.PARTIAL_OUTAGE: "Partial outage",
        ComponentStatus.MAJOR_OUTAGE: "Major outage",
    },
    impact={
        Impact.NONE: "None",
        Impact.MINOR: "Minor",
        Impact.MAJOR: "Major",
        Impact.CRITICAL: "Critical",
    },
    status_label="Status",
    impact_label="Impact",
    window_label="Planned time",
    components_label="Affected",
    gathered_label="Earlier updates not sent on their own",
    link_label="Details and updates",
    reason="You get this because you subscribed to the updates of {page}.",
    leave="Unsubscribe",
)
