"""German."""

from service.domain.values import ComponentStatus, Impact, IncidentStatus, MaintenanceStatus
from service.notices.kinds import Kind
from service.notices.languages.words import Words

WORDS = Words(
    moment="d. MMMM y, HH:mm 'Uhr'",
    window="{starts} bis {ends}",
    subjects={
        Kind.INCIDENT_OPENED: "{status}: {name}",
        Kind.INCIDENT_UPDATED: "{status}: {name}",
        Kind.INCIDENT_RESOLVED: "Behoben: {name}",
        Kind.INCIDENT_RETRACTED: "Zurückgezogen: {name}",
        Kind.MAINTENANCE_SCHEDULED: "Wartung geplant: {name}",
        Kind.MAINTENANCE_MOVED: "Wartung verschoben: {name}",
        Kind.MAINTENANCE_REMINDED: "Wartung steht bevor: {name}",
        Kind.MAINTENANCE_STARTED: "Wartung begonnen: {name}",
        Kind.MAINTENANCE_VERIFYING: "Wartung wird geprüft: {name}",
        Kind.MAINTENANCE_UPDATED: "Neues zur Wartung: {name}",
        Kind.MAINTENANCE_COMPLETED: "Wartung abgeschlossen: {name}",
        Kind.MAINTENANCE_CANCELLED: "Wartung abgesagt: {name}",
    },
    leads={
        Kind.INCIDENT_OPENED: "Es gibt eine neue Störung.",
        Kind.INCIDENT_UPDATED: "Es gibt Neues zu einer Störung.",
        Kind.INCIDENT_RESOLVED: "Eine Störung ist behoben.",
        Kind.INCIDENT_RETRACTED: "Eine Störung wurde irrtümlich gemeldet und ist zurückgezogen.",
        Kind.MAINTENANCE_SCHEDULED: "Eine Wartung ist geplant.",
        Kind.MAINTENANCE_MOVED: "Eine geplante Wartung hat neue Zeiten.",
        Kind.MAINTENANCE_REMINDED: "Eine geplante Wartung beginnt bald.",
        Kind.MAINTENANCE_STARTED: "Eine Wartung hat begonnen.",
        Kind.MAINTENANCE_VERIFYING: "Eine Wartung ist getan, ihr Ergebnis wird geprüft.",
        Kind.MAINTENANCE_UPDATED: "Es gibt Neues zu einer Wartung.",
        Kind.MAINTENANCE_COMPLETED: "Eine Wartung ist abgeschlossen.",
        Kind.MAINTENANCE_CANCELLED: "Eine geplante Wartung ist abgesagt.",
    },
    incident={
        IncidentStatus.INVESTIGATING: "Wird untersucht",
        IncidentStatus.IDENTIFIED: "Ursache gefunden",
        IncidentStatus.MONITORING: "Wird beobachtet",
        IncidentStatus.RESOLVED: "Behoben",
        IncidentStatus.POSTMORTEM: "Nachbetrachtung",
    },
    maintenance={
        MaintenanceStatus.SCHEDULED: "Geplant",
        MaintenanceStatus.IN_PROGRESS: "Läuft",
        MaintenanceStatus.VERIFYING: "Wird geprüft",
        MaintenanceStatus.COMPLETED: "Abgeschlossen",
        MaintenanceStatus.CANCELLED: "Abgesagt",
    },
    component={
        ComponentStatus.OPERATIONAL: "Funktioniert",
        ComponentStatus.UNDER_MAINTENANCE: "In Wartung",
        ComponentStatus.DEGRADED_PERFORMANCE: "Eingeschränkt",
        ComponentStatus.PARTIAL_OUTAGE: "Teilweise ausgefallen",
        ComponentStatus.MAJOR_OUTAGE: "Ausgefallen",
    },
    impact={
        Impact.NONE: "Keine",
        Impact.MINOR: "Gering",
        Impact.MAJOR: "Erheblich",
        Impact.CRITICAL: "Kritisch",
    },
    status_label="Stand",
    impact_label="Auswirkung",
    window_label="Geplante Zeit",
    components_label="Betroffen",
    gathered_label="Frühere Meldungen, nicht einzeln verschickt",
    link_label="Einzelheiten und Neues",
    reason="Sie erhalten dies, weil Sie die Meldungen von {page} abonniert haben.",
    leave="Abbestellen",
)
