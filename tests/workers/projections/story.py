"""A page's whole story, from its organisation to its end, as the log would give it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from eventstore.events import NEW, Append, Appended, Context, RecordedEvent, StreamWrite
from eventstore.memory import MemoryStore
from service.codec import build_codec
from service.domain import (
    component,
    incident,
    incident_template,
    measurement,
    organisation,
    statuspage,
    subscription,
)
from service.domain.component import Details
from service.domain.layout import Group, Layout
from service.domain.statuspage import Settings
from service.domain.values import ChannelType, ComponentStatus, IncidentStatus, PageType, Scope

AT = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
PAGE, OWNER, FIRST, SECOND, GROUP = (UUID(int=i) for i in range(1, 6))
SUBSCRIPTION, TOKEN, INCIDENT, FALSE_ALARM, UPDATE = (UUID(int=i) for i in range(6, 11))
SETTINGS = Settings("Page", "About", "page", PageType.PUBLIC)
MAJOR, PARTIAL = ComponentStatus.MAJOR_OUTAGE, ComponentStatus.PARTIAL_OUTAGE
STORY: list[tuple[str, object]] = [
    (f"organisation-{OWNER}", organisation.OrganisationCreated(OWNER, "Acme", AT)),
    (f"organisation-{OWNER}", organisation.TokenIssued(OWNER, TOKEN, (Scope.ADMIN,), None, AT)),
    (
        f"statuspage-{PAGE}",
        statuspage.PageCreated(
            PAGE, OWNER, SETTINGS, None, "target", Layout((FIRST,), (Group(GROUP, "Core", (SECOND,)),)), AT
        ),
    ),
    (
        f"component-{FIRST}",
        component.ComponentAdded(FIRST, PAGE, OWNER, Details("Website"), ComponentStatus.OPERATIONAL, AT),
    ),
    (
        f"component-{SECOND}",
        component.ComponentAdded(SECOND, PAGE, OWNER, Details("API"), ComponentStatus.OPERATIONAL, AT),
    ),
    (
        f"component-{FIRST}",
        component.ComponentStatusChanged(FIRST, PAGE, ComponentStatus.MAJOR_OUTAGE, LATER, "fire"),
    ),
    (
        f"component-{FIRST}",
        component.ComponentStatusCorrected(
            FIRST, PAGE, ComponentStatus.PARTIAL_OUTAGE, AT + timedelta(minutes=30), LATER
        ),
    ),
    (f"component-{SECOND}", component.ComponentDetailsChanged(SECOND, PAGE, Details("REST API"), LATER)),
    (f"statuspage-{PAGE}", statuspage.PageDisabled(PAGE, LATER)),
    (
        f"subscription-{SUBSCRIPTION}",
        subscription.SubscriptionRequested(SUBSCRIPTION, PAGE, OWNER, ChannelType.EMAIL, (FIRST,), None, AT),
    ),
    (f"subscription-{SUBSCRIPTION}", subscription.SubscriptionVerified(SUBSCRIPTION, PAGE, LATER)),
    (f"subscription-{SUBSCRIPTION}", subscription.SubscriptionChoiceChanged(SUBSCRIPTION, PAGE, (), LATER)),
    (
        f"subscription-{SUBSCRIPTION}",
        subscription.SubscriptionQuarantined(
            SUBSCRIPTION, PAGE, subscription.QuarantineReason.MAILBOX_GONE, LATER
        ),
    ),
    (f"subscription-{SUBSCRIPTION}", subscription.SubscriptionReactivated(SUBSCRIPTION, PAGE, LATER)),
]
TEMPLATE = UUID(int=11)
TEMPLATES = f"incident_templates-{OWNER}"
STORY.append(
    (
        TEMPLATES,
        incident_template.IncidentTemplateCreated(
            OWNER,
            TEMPLATE,
            "Trouble",
            "In {{region}}.",
            {FIRST: MAJOR},
            ("region",),
            AT,
        ),
    )
)
HOUR = timedelta(hours=1)
FOUND, MONITORED, RESOLVED = (LATER + hours * HOUR for hours in (1, 2, 3))
OUTAGE: list[tuple[str, object]] = [
    (
        f"incident-{INCIDENT}",
        incident.IncidentOpened(
            INCIDENT,
            PAGE,
            OWNER,
            "Down",
            IncidentStatus.INVESTIGATING,
            UPDATE,
            "We look.",
            {SECOND: MAJOR},
            None,
            True,
            {},
            LATER,
            FOUND,
        ),
    ),
    (f"component-{SECOND}", component.ComponentHeld(SECOND, PAGE, INCIDENT, MAJOR, FOUND, LATER)),
    (
        f"component-{SECOND}",
        component.ComponentBackfilled(SECOND, PAGE, INCIDENT, MAJOR, LATER, FOUND, FOUND),
    ),
    (f"component-{SECOND}", component.ComponentHeld(SECOND, PAGE, FALSE_ALARM, PARTIAL, FOUND, FOUND)),
    (
        f"incident-{INCIDENT}",
        incident.IncidentUpdated(
            INCIDENT,
            PAGE,
            FIRST,
            IncidentStatus.MONITORING,
            "Fixed?",
            {SECOND: ComponentStatus.DEGRADED_PERFORMANCE},
            True,
            MONITORED,
            MONITORED,
        ),
    ),
    (
        f"component-{SECOND}",
        component.ComponentHeld(
            SECOND, PAGE, INCIDENT, ComponentStatus.DEGRADED_PERFORMANCE, MONITORED, MONITORED
        ),
    ),
]
ITS_END: list[tuple[str, object]] = [
    (
        f"incident-{INCIDENT}",
        incident.IncidentUpdated(
            INCIDENT, PAGE, SECOND, IncidentStatus.RESOLVED, "Over.", {}, True, RESOLVED, RESOLVED
        ),
    ),
    (
        f"component-{SECOND}",
        component.ComponentReleased(
            SECOND,
            PAGE,
            INCIDENT,
            PARTIAL,
            False,
            {FALSE_ALARM: PARTIAL},
            ComponentStatus.OPERATIONAL,
            RESOLVED,
            RESOLVED,
        ),
    ),
]
RETRACTION: list[tuple[str, object]] = [
    (
        f"component-{SECOND}",
        component.ComponentHoldRetracted(
            SECOND, PAGE, FALSE_ALARM, (FOUND, RESOLVED), ComponentStatus.OPERATIONAL, RESOLVED, RESOLVED
        ),
    ),
]
MEASUREMENTS: list[tuple[str, object]] = [
    (
        f"measurement-{component_id}",
        measurement.ResponseTimesMeasured(component_id, PAGE, (AT, LATER), (120_000, 80_000), LATER),
    )
    for component_id in (FIRST, SECOND)
]
WHOLE = [*STORY, *OUTAGE, *ITS_END, *RETRACTION, *MEASUREMENTS]
END: list[tuple[str, object]] = [
    (f"component-{FIRST}", component.ComponentRemoved(FIRST, PAGE, LATER)),
    (f"statuspage-{PAGE}", statuspage.PageDeleted(PAGE, LATER)),
    (TEMPLATES, incident_template.IncidentTemplateDeleted(OWNER, TEMPLATE, LATER)),
    (f"organisation-{OWNER}", organisation.TokenRevoked(OWNER, TOKEN, LATER)),
]


async def recorded(story: list[tuple[str, object]]) -> list[RecordedEvent]:
    store, codec = MemoryStore(), build_codec()
    for stream, event in story:
        version = len(await store.read_stream(stream))
        write = StreamWrite(stream, version or NEW, (codec.encode(event),))
        verdict = await store.append(Append((write,), Context(uuid4())))
        assert isinstance(verdict, Appended)
    return await store.read_log(0, 1000)
