"""Every projection over a whole story: what it shows, and that it is the same however the log is cut."""

import itertools
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventstore.events import NEW, Append, Appended, Context, RecordedEvent, StreamWrite
from eventstore.memory import MemoryStore
from service.codec import build_codec
from service.domain import component, incident, organisation, statuspage, subscription
from service.domain.component import Details
from service.domain.layout import Group, Layout
from service.domain.statuspage import Settings
from service.domain.values import ChannelType, ComponentStatus, IncidentStatus, PageType, Scope
from workers.projections.folding import Documents, fold
from workers.projections.projection import Document, Projection
from workers.projections.registry import PROJECTIONS

AT = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
PAGE, OWNER, FIRST, SECOND, GROUP = (UUID(int=i) for i in range(1, 6))
SUBSCRIPTION, TOKEN, INCIDENT, FALSE_ALARM, UPDATE = (UUID(int=i) for i in range(6, 11))
SETTINGS = Settings("Page", "About", "page", PageType.PUBLIC)
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
]
MAJOR, PARTIAL = ComponentStatus.MAJOR_OUTAGE, ComponentStatus.PARTIAL_OUTAGE
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
WHOLE = [*STORY, *OUTAGE, *ITS_END, *RETRACTION]
END: list[tuple[str, object]] = [
    (f"component-{FIRST}", component.ComponentRemoved(FIRST, PAGE, LATER)),
    (f"statuspage-{PAGE}", statuspage.PageDeleted(PAGE, LATER)),
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


async def shown(name: str, story: list[tuple[str, object]]) -> Documents:
    documents: Documents = {}
    fold(PROJECTIONS[name], documents, await recorded(story))
    return documents


async def test_a_page_shows_settings_layout_and_components_as_they_are_now() -> None:
    document = (await shown("pages", STORY))[str(PAGE)]
    assert document is not None
    assert document["page"]["enabled"] is False
    assert document["page"]["version"] == 2
    first, second = document["components"][str(FIRST)], document["components"][str(SECOND)]
    assert (first["status"], first["name"], second["name"]) == ("major_outage", "Website", "REST API")


async def test_statistics_hold_the_changes_of_a_day_in_order_of_time() -> None:
    documents = await shown("statistics", STORY)
    day = documents[f"{FIRST}/2026-11-24"]
    assert day is not None
    assert [(change[2], change[4]) for change in day["changes"]] == [
        ("operational", False),
        ("partial_outage", True),
        ("major_outage", False),
    ]
    present = documents[str(FIRST)]
    assert present is not None
    assert present["status"] == "major_outage"


async def test_a_correction_before_the_start_lets_the_known_history_begin_there() -> None:
    early = component.ComponentStatusCorrected(
        FIRST, PAGE, ComponentStatus.OPERATIONAL, AT - timedelta(days=3), LATER
    )
    present = (await shown("statistics", [*STORY, (f"component-{FIRST}", early)]))[str(FIRST)]
    assert present is not None
    assert present["started_at"] == "2026-11-21T18:00:00.000000Z"


async def test_an_incident_keeps_its_worst_impact_and_its_times() -> None:
    document = (await shown("incidents", WHOLE))[str(INCIDENT)]
    assert document is not None
    assert (document["status"], document["impact"]) == ("resolved", "critical")
    assert document["components"] == {str(SECOND): "degraded_performance"}
    assert [update["body"] for update in document["updates"]] == ["We look.", "Fixed?", "Over."]
    times = [document[name] for name in ("started_at", "monitoring_at", "resolved_at")]
    assert times == ["2026-11-24T19:00:00Z", "2026-11-24T21:00:00Z", "2026-11-24T22:00:00Z"]


async def test_a_page_holds_the_incidents_that_are_open() -> None:
    document = (await shown("pages", [*STORY, *OUTAGE]))[str(PAGE)]
    assert document is not None
    assert document["incidents"] == {
        str(INCIDENT): (await shown("incidents", [*STORY, *OUTAGE]))[str(INCIDENT)]
    }
    assert document["components"][str(SECOND)]["status"] == "degraded_performance"
    after = (await shown("pages", [*STORY, *OUTAGE, *ITS_END]))[str(PAGE)]
    assert after is not None
    assert after["incidents"] == {}


async def test_a_retraction_takes_out_what_the_incident_said_and_lent() -> None:
    before = (await shown("statistics", [*STORY, *OUTAGE, *ITS_END]))[f"{SECOND}/2026-11-24"]
    after = (await shown("statistics", WHOLE))[f"{SECOND}/2026-11-24"]
    assert before is not None
    assert after is not None
    told = ["operational", "major_outage", "partial_outage", "degraded_performance", "partial_outage"]
    assert [change[2] for change in before["changes"]] == told
    left = ["operational", "major_outage", "degraded_performance", "operational"]
    assert [change[2] for change in after["changes"]] == left


async def test_it_is_known_when_an_incident_held_a_component() -> None:
    documents = await shown("holds", WHOLE)
    hold = documents[f"{SECOND}/{INCIDENT}"]
    assert hold is not None
    assert (hold["since"], hold["until"]) == ("2026-11-24T19:00:00.000000Z", "2026-11-24T22:00:00.000000Z")
    assert [overlay[2] for overlay in hold["overlays"]] == ["major_outage"]
    assert documents[f"{SECOND}/{FALSE_ALARM}"] is None


async def test_a_verified_subscription_keeps_when_it_was_asked_for() -> None:
    document = (await shown("subscriptions", STORY))[str(SUBSCRIPTION)]
    assert document is not None
    assert (document["status"], document["created_at"]) == ("verified", "2026-11-24T18:00:00Z")


@pytest.mark.parametrize(
    ("name", "key"), [("pages", str(PAGE)), ("statistics", str(FIRST)), ("tokens", str(TOKEN))]
)
async def test_what_has_ended_leaves_no_document(name: str, key: str) -> None:
    assert (await shown(name, STORY))[key] is not None
    assert (await shown(name, [*STORY, *END]))[key] is None


@pytest.mark.parametrize("projection", PROJECTIONS.values(), ids=lambda each: each.name)
async def test_a_type_that_is_not_known_is_ignored(projection: Projection) -> None:
    [event] = await recorded(STORY[:1])
    unknown = RecordedEvent(1, "x-1", 1, uuid4(), "FromTheFuture", 9, {}, event.recorded_at, "x", *[None] * 4)
    documents: Documents = {}
    assert fold(projection, documents, [unknown]) == {}


LOG: list[RecordedEvent] = []


@pytest.fixture(scope="module", autouse=True)
async def _log() -> None:
    LOG[:] = await recorded([*WHOLE, *END])


@given(st.sets(st.integers(1, len(WHOLE) + len(END))))
def test_cutting_the_log_anywhere_gives_the_same_documents(cuts: set[int]) -> None:
    for projection in PROJECTIONS.values():
        whole: Documents = {}
        fold(projection, whole, LOG)
        parts: dict[str, Document | None] = {}
        edges = [0, *sorted(cuts), len(LOG)]
        for start, end in itertools.pairwise(edges):
            fold(projection, parts, LOG[start:end])
        assert parts == whole
