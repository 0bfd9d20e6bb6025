"""Every projection over a whole story: what it shows, and that it is the same however the log is cut."""

import itertools
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventstore.events import RecordedEvent
from service.domain import component
from service.domain.values import ComponentStatus
from service.timestamps import parsed
from tests.workers.projections.story import (
    AT,
    END,
    FALSE_ALARM,
    FIRST,
    FOUND,
    GROUP,
    INCIDENT,
    ITS_END,
    LATER,
    MAJOR,
    OUTAGE,
    PAGE,
    PARTIAL,
    RESOLVED,
    SECOND,
    STORY,
    SUBSCRIPTION,
    TEMPLATE,
    TOKEN,
    WHOLE,
    recorded,
)
from workers.projections.folding import Documents, fold
from workers.projections.projection import Document, Projection
from workers.projections.registry import PROJECTIONS
from workers.projections.statistics import STATISTICS


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


def changes_of(documents: Documents, component_id: UUID, day: str) -> list[list[Any]]:
    """From all parts of that day, in order of time."""
    parts = [document for key, document in documents.items() if key.startswith(f"{component_id}/{day}/")]
    return sorted(change for part in parts if part for change in part["changes"])


async def test_statistics_hold_the_changes_of_a_day() -> None:
    documents = await shown("statistics", STORY)
    changes = changes_of(documents, FIRST, "2026-11-24")
    assert [(change[2], change[4]) for change in changes] == [
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
    documents = await shown("statistics", [*STORY, (f"component-{FIRST}", early)])
    [change] = changes_of(documents, FIRST, "2026-11-21")
    assert change[0] == "2026-11-21T18:00:00.000000Z"


async def test_a_window_that_an_incident_hid_comes_to_show_when_it_is_retracted() -> None:
    hidden = component.ComponentWindowEntered(FIRST, PAGE, GROUP, MAJOR, False, RESOLVED, (INCIDENT,))
    story: list[tuple[str, object]] = [
        *STORY[:4],
        (f"component-{FIRST}", component.ComponentHeld(FIRST, PAGE, INCIDENT, MAJOR, FOUND, FOUND)),
        (f"component-{FIRST}", hidden),
    ]
    assert await statuses(story) == ["operational", "major_outage"]
    retraction = component.ComponentHoldRetracted(
        FIRST, PAGE, INCIDENT, (FOUND, RESOLVED), ComponentStatus.UNDER_MAINTENANCE, RESOLVED, RESOLVED
    )
    story.append((f"component-{FIRST}", retraction))
    assert await statuses(story) == ["operational", "under_maintenance"]


async def test_a_day_on_which_all_is_hidden_is_none() -> None:
    hidden = component.ComponentWindowEntered(
        FIRST, PAGE, GROUP, MAJOR, False, LATER + timedelta(days=1), (INCIDENT,)
    )
    documents = await shown("statistics", [*STORY, (f"component-{FIRST}", hidden)])
    key = f"{FIRST}/2026-11-25/19:00"
    document = documents[key]
    assert document is not None
    assert STATISTICS.row(key, document) == (FIRST, *[None] * 5)


async def statuses(story: list[tuple[str, object]]) -> list[str]:
    changes = changes_of(await shown("statistics", story), FIRST, "2026-11-24")
    return [change[2] for change in changes]


async def test_where_an_incident_began_the_known_history_goes_with_it() -> None:
    early = AT - timedelta(days=3)
    begun = component.ComponentStatusCorrected(
        FIRST, PAGE, ComponentStatus.OPERATIONAL, early, LATER, incident_id=INCIDENT
    )
    retraction = component.ComponentHoldRetracted(
        FIRST, PAGE, INCIDENT, (early,), ComponentStatus.OPERATIONAL, AT, LATER
    )
    story: list[tuple[str, object]] = [*STORY, (f"component-{FIRST}", begun)]
    assert changes_of(await shown("statistics", story), FIRST, "2026-11-21")
    story.append((f"component-{FIRST}", retraction))
    assert not changes_of(await shown("statistics", story), FIRST, "2026-11-21")


async def test_what_is_over_and_speaks_again_held_it_twice_not_all_the_time_between() -> None:
    again = RESOLVED + timedelta(days=2)
    held = component.ComponentHeld(SECOND, PAGE, INCIDENT, PARTIAL, again, again)
    let_go = component.ComponentReleased(
        SECOND, PAGE, INCIDENT, PARTIAL, True, {}, ComponentStatus.OPERATIONAL, again, again
    )
    story = [*STORY, *OUTAGE, *ITS_END, (f"component-{SECOND}", held), (f"component-{SECOND}", let_go)]
    document = (await shown("holds", story))[f"{SECOND}/{INCIDENT}"]
    assert document is not None
    assert [[parsed(since), parsed(until)] for since, until in document["spells"]] == [
        [LATER, RESOLVED],
        [again, again],
    ]


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
    before = changes_of(await shown("statistics", [*STORY, *OUTAGE, *ITS_END]), SECOND, "2026-11-24")
    after = changes_of(await shown("statistics", WHOLE), SECOND, "2026-11-24")
    told = ["operational", "major_outage", "partial_outage", "degraded_performance", "partial_outage"]
    assert [change[2] for change in before] == told
    left = ["operational", "major_outage", "degraded_performance", "operational"]
    assert [change[2] for change in after] == left


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
    ("name", "key"),
    [
        ("pages", str(PAGE)),
        ("statistics", str(FIRST)),
        ("tokens", str(TOKEN)),
        ("incident_templates", str(TEMPLATE)),
    ],
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
