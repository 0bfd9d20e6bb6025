"""One event of every (type, schema version) ever written, as today's code understands what golden/ holds.

Entries are added, never changed: a new schema version of a type is one more entry and one more file.
"""

from datetime import timedelta
from typing import Any

from service.domain import (
    component,
    incident,
    incident_template,
    maintenance,
    measurement,
    name,
    organisation,
    resource,
    statuspage,
    subscription,
)
from service.domain.layout import Group, Layout
from service.domain.subscription import CancelReason, QuarantineReason
from service.domain.values import (
    ChannelType,
    ComponentStatus,
    ComponentType,
    Impact,
    IncidentStatus,
    MaintenanceStatus,
    PageType,
    Scope,
)
from tests.service.domain.facts import (
    COMPONENT_ID,
    DAY,
    GROUP_ID,
    HOUR,
    INCIDENT_ID,
    MAINTENANCE_ID,
    NOON,
    ORGANISATION_ID,
    OTHER_COMPONENT_ID,
    OTHER_INCIDENT_ID,
    PAGE_ID,
    PASSWORD_ID,
    RESOURCE_ID,
    SUBSCRIPTION_ID,
    TEMPLATE_ID,
    TOKEN_ID,
    UPDATE_ID,
)

AT = NOON + timedelta(milliseconds=123)
LAYOUT = Layout((COMPONENT_ID,), (Group(GROUP_ID, "Core", (OTHER_COMPONENT_ID,)),))
DETAILS = component.Details("API", "The HTTP API", ComponentType.RESOURCE, RESOURCE_ID, True)
SETTINGS = statuspage.Settings(
    name="Acme",
    description="All of Acme",
    subdomain="acme",
    type=PageType.PRIVATE,
    domain="status.acme.test",
    page_name="Acme status",
    dark_theme=True,
    favicon="https://cdn.acme.test/favicon.png",
    logo="org/0a000000-0000-4000-8000-000000000001/images/logo.png",
    redirect_to_https=True,
    remove_branding=True,
    robots_meta_contents=("noindex", "nofollow"),
    website_url="https://acme.test",
    privacy_url="https://acme.test/privacy",
    support_url="https://acme.test/support",
    ga_tracking="G-ABC1234567",
    ip_addresses=("192.0.2.0/24", "2001:db8::1"),
    subscription_enabled=False,
    time_zone="Europe/Berlin",
    language="de",
)

PLAN = maintenance.Plan(
    "Database upgrade",
    "Writes *wait*.",
    AT + DAY,
    AT + DAY + HOUR,
    (COMPONENT_ID,),
    True,
    True,
    60,
    "FREQ=WEEKLY;BYDAY=TU",
    True,
)
PLACE = maintenance.Place(MAINTENANCE_ID, 2, AT - DAY, AT + DAY)

SAMPLES: dict[tuple[str, int], Any] = {
    ("OrganisationCreated", 1): organisation.OrganisationCreated(ORGANISATION_ID, "Acme", AT),
    ("TokenIssued", 1): organisation.TokenIssued(
        ORGANISATION_ID, TOKEN_ID, (Scope.PAGES_READ, Scope.STATUS_WRITE), AT + DAY, AT
    ),
    ("TokenRevoked", 1): organisation.TokenRevoked(ORGANISATION_ID, TOKEN_ID, AT),
    ("NameClaimed", 1): name.NameClaimed("subdomain", "acme", PAGE_ID, ORGANISATION_ID, AT),
    ("NameReleased", 1): name.NameReleased("domain", "status.acme.test", PAGE_ID, AT),
    ("PageCreated", 1): statuspage.PageCreated(
        PAGE_ID, ORGANISATION_ID, SETTINGS, PASSWORD_ID, "k3xq7m2p9w4r8t5v", LAYOUT, AT
    ),
    ("PageSettingsChanged", 1): statuspage.PageSettingsChanged(PAGE_ID, SETTINGS, PASSWORD_ID, AT),
    ("PageArranged", 1): statuspage.PageArranged(PAGE_ID, LAYOUT, AT),
    ("PageEnabled", 1): statuspage.PageEnabled(PAGE_ID, AT),
    ("PageDisabled", 1): statuspage.PageDisabled(PAGE_ID, AT),
    ("PageDeleted", 1): statuspage.PageDeleted(PAGE_ID, AT),
    ("ComponentAdded", 1): component.ComponentAdded(
        COMPONENT_ID, PAGE_ID, ORGANISATION_ID, DETAILS, ComponentStatus.UNDER_MAINTENANCE, AT
    ),
    ("ComponentDetailsChanged", 1): component.ComponentDetailsChanged(COMPONENT_ID, PAGE_ID, DETAILS, AT),
    ("ComponentStatusChanged", 1): component.ComponentStatusChanged(
        COMPONENT_ID, PAGE_ID, ComponentStatus.PARTIAL_OUTAGE, AT, "disk full"
    ),
    ("ComponentStatusCorrected", 1): component.ComponentStatusCorrected(
        COMPONENT_ID, PAGE_ID, ComponentStatus.MAJOR_OUTAGE, AT - HOUR, AT, "seen late"
    ),
    ("ComponentStatusCorrected", 2): component.ComponentStatusCorrected(
        COMPONENT_ID, PAGE_ID, ComponentStatus.OPERATIONAL, AT - HOUR, AT, "seen late", INCIDENT_ID
    ),
    ("ComponentRemoved", 1): component.ComponentRemoved(COMPONENT_ID, PAGE_ID, AT),
    ("ComponentHeld", 1): component.ComponentHeld(
        COMPONENT_ID, PAGE_ID, INCIDENT_ID, ComponentStatus.MAJOR_OUTAGE, AT, AT - HOUR
    ),
    ("ComponentReleased", 1): component.ComponentReleased(
        COMPONENT_ID,
        PAGE_ID,
        INCIDENT_ID,
        ComponentStatus.DEGRADED_PERFORMANCE,
        False,
        {OTHER_INCIDENT_ID: ComponentStatus.DEGRADED_PERFORMANCE},
        ComponentStatus.OPERATIONAL,
        AT,
        AT - HOUR,
    ),
    ("ComponentHoldRetracted", 1): component.ComponentHoldRetracted(
        COMPONENT_ID, PAGE_ID, INCIDENT_ID, (AT - HOUR, AT), ComponentStatus.OPERATIONAL, AT - DAY, AT
    ),
    ("ComponentHoldRetracted", 2): component.ComponentHoldRetracted(
        COMPONENT_ID,
        PAGE_ID,
        INCIDENT_ID,
        (AT - HOUR, AT),
        ComponentStatus.OPERATIONAL,
        AT - DAY,
        AT,
        (OTHER_INCIDENT_ID,),
    ),
    ("ComponentBackfilled", 1): component.ComponentBackfilled(
        COMPONENT_ID, PAGE_ID, INCIDENT_ID, ComponentStatus.PARTIAL_OUTAGE, AT - DAY, AT - HOUR, AT
    ),
    ("ComponentBackfilled", 2): component.ComponentBackfilled(
        COMPONENT_ID,
        PAGE_ID,
        INCIDENT_ID,
        ComponentStatus.PARTIAL_OUTAGE,
        AT - DAY,
        AT - HOUR,
        AT,
        {OTHER_INCIDENT_ID: ComponentStatus.PARTIAL_OUTAGE},
        ComponentStatus.OPERATIONAL,
    ),
    ("ComponentWindowEntered", 1): component.ComponentWindowEntered(
        COMPONENT_ID, PAGE_ID, MAINTENANCE_ID, ComponentStatus.UNDER_MAINTENANCE, True, AT
    ),
    ("ComponentWindowEntered", 2): component.ComponentWindowEntered(
        COMPONENT_ID, PAGE_ID, MAINTENANCE_ID, ComponentStatus.MAJOR_OUTAGE, False, AT, (INCIDENT_ID,)
    ),
    ("ComponentWindowLeft", 1): component.ComponentWindowLeft(
        COMPONENT_ID,
        PAGE_ID,
        MAINTENANCE_ID,
        ComponentStatus.MAJOR_OUTAGE,
        True,
        {INCIDENT_ID: ComponentStatus.MAJOR_OUTAGE},
        ComponentStatus.OPERATIONAL,
        AT,
    ),
    ("ComponentWindowLeft", 2): component.ComponentWindowLeft(
        COMPONENT_ID,
        PAGE_ID,
        MAINTENANCE_ID,
        ComponentStatus.MAJOR_OUTAGE,
        False,
        {OTHER_INCIDENT_ID: ComponentStatus.DEGRADED_PERFORMANCE},
        ComponentStatus.OPERATIONAL,
        AT,
        (INCIDENT_ID,),
    ),
    ("ComponentAlertFired", 1): component.ComponentAlertFired(
        COMPONENT_ID,
        PAGE_ID,
        "c03b02ec244f4d2c",
        "HighLatency",
        ComponentStatus.PARTIAL_OUTAGE,
        AT - HOUR,
        AT,
    ),
    ("ComponentAlertResolved", 1): component.ComponentAlertResolved(
        COMPONENT_ID, PAGE_ID, "c03b02ec244f4d2c", AT - HOUR, AT
    ),
    ("ResourceBound", 1): resource.ResourceBound(RESOURCE_ID, ORGANISATION_ID, COMPONENT_ID, PAGE_ID, AT),
    ("ResourceUnbound", 1): resource.ResourceUnbound(RESOURCE_ID, ORGANISATION_ID, COMPONENT_ID, PAGE_ID, AT),
    ("IncidentOpened", 1): incident.IncidentOpened(
        INCIDENT_ID,
        PAGE_ID,
        ORGANISATION_ID,
        "Database down",
        IncidentStatus.INVESTIGATING,
        UPDATE_ID,
        "We are *looking*.\n\tMore soon.",
        {COMPONENT_ID: ComponentStatus.MAJOR_OUTAGE},
        Impact.MINOR,
        True,
        {"ticket": "OPS-1"},
        AT - HOUR,
        AT,
    ),
    ("IncidentBackfilled", 1): incident.IncidentBackfilled(
        INCIDENT_ID,
        PAGE_ID,
        ORGANISATION_ID,
        "Database was down",
        UPDATE_ID,
        "It is over.",
        {COMPONENT_ID: ComponentStatus.MAJOR_OUTAGE},
        Impact.CRITICAL,
        {"ticket": "OPS-2"},
        AT - DAY,
        AT - HOUR,
        AT,
    ),
    ("IncidentUpdated", 1): incident.IncidentUpdated(
        INCIDENT_ID,
        PAGE_ID,
        UPDATE_ID,
        IncidentStatus.MONITORING,
        "A fix is out.",
        {COMPONENT_ID: ComponentStatus.DEGRADED_PERFORMANCE},
        True,
        AT,
        AT - HOUR,
    ),
    ("IncidentUpdateCorrected", 1): incident.IncidentUpdateCorrected(
        INCIDENT_ID, PAGE_ID, UPDATE_ID, "A fix is being tried.", AT
    ),
    ("IncidentEdited", 1): incident.IncidentEdited(
        INCIDENT_ID, PAGE_ID, "Database slow", Impact.MAJOR, {"ticket": "OPS-3"}, AT
    ),
    ("IncidentPostmortemPublished", 1): incident.IncidentPostmortemPublished(
        INCIDENT_ID, PAGE_ID, "A disk was full.", AT
    ),
    ("IncidentRetracted", 1): incident.IncidentRetracted(INCIDENT_ID, PAGE_ID, AT),
    ("IncidentTemplateCreated", 1): incident_template.IncidentTemplateCreated(
        ORGANISATION_ID,
        TEMPLATE_ID,
        "Trouble in {{region}}",
        "{{ service }} is *slow* in {{region}}.",
        {COMPONENT_ID: ComponentStatus.DEGRADED_PERFORMANCE},
        ("region", "service"),
        AT,
    ),
    ("IncidentTemplateDeleted", 1): incident_template.IncidentTemplateDeleted(
        ORGANISATION_ID, TEMPLATE_ID, AT
    ),
    ("MaintenanceScheduled", 1): maintenance.MaintenanceScheduled(
        MAINTENANCE_ID, PAGE_ID, ORGANISATION_ID, PLAN, PLACE, AT
    ),
    ("MaintenanceEdited", 1): maintenance.MaintenanceEdited(MAINTENANCE_ID, PAGE_ID, PLAN, PLACE, AT),
    ("MaintenanceUpdated", 1): maintenance.MaintenanceUpdated(
        MAINTENANCE_ID, PAGE_ID, UPDATE_ID, MaintenanceStatus.VERIFYING, "We *look* at it.", True, AT
    ),
    ("MaintenanceStarted", 1): maintenance.MaintenanceStarted(MAINTENANCE_ID, PAGE_ID, AT + HOUR, AT),
    ("MaintenanceCompleted", 1): maintenance.MaintenanceCompleted(MAINTENANCE_ID, PAGE_ID, AT),
    ("MaintenanceCancelled", 1): maintenance.MaintenanceCancelled(MAINTENANCE_ID, PAGE_ID, True, AT),
    ("MaintenanceReminded", 1): maintenance.MaintenanceReminded(MAINTENANCE_ID, PAGE_ID, AT + HOUR, AT),
    ("ResponseTimesMeasured", 1): measurement.ResponseTimesMeasured(
        COMPONENT_ID, PAGE_ID, (AT - HOUR, AT), (120_500, 87_000), AT
    ),
    ("SubscriptionRequested", 1): subscription.SubscriptionRequested(
        SUBSCRIPTION_ID, PAGE_ID, ORGANISATION_ID, ChannelType.EMAIL, (COMPONENT_ID,), INCIDENT_ID, AT
    ),
    ("SubscriptionVerified", 1): subscription.SubscriptionVerified(SUBSCRIPTION_ID, PAGE_ID, AT),
    ("SubscriptionCancelled", 1): subscription.SubscriptionCancelled(
        SUBSCRIPTION_ID, PAGE_ID, CancelReason.UNSUBSCRIBED, AT
    ),
    ("SubscriptionChoiceChanged", 1): subscription.SubscriptionChoiceChanged(
        SUBSCRIPTION_ID, PAGE_ID, (COMPONENT_ID,), AT
    ),
    ("SubscriptionQuarantined", 1): subscription.SubscriptionQuarantined(
        SUBSCRIPTION_ID, PAGE_ID, QuarantineReason.MAILBOX_GONE, AT
    ),
    ("SubscriptionReactivated", 1): subscription.SubscriptionReactivated(SUBSCRIPTION_ID, PAGE_ID, AT),
}
