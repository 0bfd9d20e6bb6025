"""What the events of an incident tell, and what they keep to themselves."""

from dataclasses import replace

import pytest

from service.domain.incident import (
    Event,
    IncidentBackfilled,
    IncidentEdited,
    IncidentOpened,
    IncidentPostmortemPublished,
    IncidentRetracted,
    IncidentUpdateCorrected,
    IncidentUpdated,
)
from service.domain.values import ComponentStatus, Impact, IncidentStatus
from service.notices import Kind, Matter, Told, told
from tests.service.domain.facts import (
    COMPONENT_ID,
    DAY,
    HOUR,
    INCIDENT_ID,
    MINUTE,
    NOON,
    ORGANISATION_ID,
    OTHER_COMPONENT_ID,
    OTHER_UPDATE_ID,
    PAGE_ID,
    UPDATE_ID,
)

MAJOR, DEGRADED = ComponentStatus.MAJOR_OUTAGE, ComponentStatus.DEGRADED_PERFORMANCE
OPENED = IncidentOpened(
    INCIDENT_ID,
    PAGE_ID,
    ORGANISATION_ID,
    "Down",
    IncidentStatus.INVESTIGATING,
    UPDATE_ID,
    "We look.",
    {COMPONENT_ID: MAJOR},
    None,
    True,
    {},
    NOON,
    NOON,
)
UPDATED = IncidentUpdated(
    INCIDENT_ID,
    PAGE_ID,
    OTHER_UPDATE_ID,
    IncidentStatus.MONITORING,
    "A fix is out.",
    {OTHER_COMPONENT_ID: DEGRADED},
    True,
    NOON + HOUR,
    NOON + HOUR,
)
RESOLVED = replace(UPDATED, status=IncidentStatus.RESOLVED, body="It works.")
BACKFILLED = IncidentBackfilled(
    INCIDENT_ID,
    PAGE_ID,
    ORGANISATION_ID,
    "Was down",
    UPDATE_ID,
    "It is over.",
    {COMPONENT_ID: MAJOR},
    None,
    {},
    NOON - DAY,
    NOON - HOUR,
    NOON,
)
RETRACTED = IncidentRetracted(INCIDENT_ID, PAGE_ID, NOON + DAY)
EDITED = IncidentEdited(INCIDENT_ID, PAGE_ID, "Slow", Impact.MINOR, {}, NOON + MINUTE)


def last_of(*stream: Event) -> Told | None:
    return told(stream, len(stream))


def tell(*stream: Event) -> Told:
    found = last_of(*stream)
    assert found is not None
    return found


def test_an_opening_tells_all_of_it() -> None:
    assert tell(OPENED) == Told(
        Kind.INCIDENT_OPENED,
        PAGE_ID,
        INCIDENT_ID,
        "Down",
        IncidentStatus.INVESTIGATING,
        "We look.",
        {COMPONENT_ID: MAJOR},
        Impact.CRITICAL,
        None,
        notify=True,
        changed={COMPONENT_ID: None},
    )


def test_what_an_update_changes_comes_with_what_was_said_before() -> None:
    assert tell(OPENED, UPDATED).changed == {OTHER_COMPONENT_ID: None}
    better = replace(UPDATED, components={COMPONENT_ID: DEGRADED, OTHER_COMPONENT_ID: DEGRADED})
    assert tell(OPENED, UPDATED, better).changed == {COMPONENT_ID: MAJOR}


def test_an_update_tells_what_the_incident_says_of_each_component_now() -> None:
    found = tell(OPENED, UPDATED)
    assert (found.kind, found.status) == (Kind.INCIDENT_UPDATED, IncidentStatus.MONITORING)
    assert (found.body, found.impact) == ("A fix is out.", Impact.CRITICAL)
    assert found.components == {COMPONENT_ID: MAJOR, OTHER_COMPONENT_ID: DEGRADED}


def test_a_resolution_says_nothing_of_components_that_it_does_not_name() -> None:
    found = tell(OPENED, RESOLVED)
    assert found.kind is Kind.INCIDENT_RESOLVED
    assert found.components == {COMPONENT_ID: None, OTHER_COMPONENT_ID: DEGRADED}


def test_what_is_said_after_the_end_is_an_update() -> None:
    assert tell(OPENED, RESOLVED, replace(RESOLVED, update_id=PAGE_ID)).kind is Kind.INCIDENT_UPDATED
    postmortem = replace(UPDATED, update_id=PAGE_ID, status=IncidentStatus.POSTMORTEM)
    assert tell(OPENED, RESOLVED, postmortem).kind is Kind.INCIDENT_UPDATED


@pytest.mark.parametrize("notify", [True, False])
def test_whoever_says_something_says_whether_to_tell_it(notify: bool) -> None:
    assert tell(replace(OPENED, notify=notify)).notify is notify
    assert tell(OPENED, replace(UPDATED, notify=notify)).notify is notify


@pytest.mark.parametrize(
    "event",
    [
        EDITED,
        IncidentUpdateCorrected(INCIDENT_ID, PAGE_ID, UPDATE_ID, "We *look*.", NOON + MINUTE),
        IncidentPostmortemPublished(INCIDENT_ID, PAGE_ID, "A disk.", NOON + DAY),
    ],
)
def test_what_comes_without_a_say_in_it_tells_nothing(event: Event) -> None:
    assert last_of(OPENED, RESOLVED, event) is None
    assert last_of(BACKFILLED) is None


def test_an_edit_shows_in_what_is_told_next() -> None:
    found = tell(OPENED, EDITED, UPDATED)
    assert (found.name, found.impact) == ("Slow", Impact.MINOR)


def test_a_retraction_is_told_while_somebody_waits_for_the_end() -> None:
    silent = replace(OPENED, notify=False)
    found = tell(OPENED, UPDATED, RETRACTED)
    assert (found.kind, found.body, found.notify) == (Kind.INCIDENT_RETRACTED, "", True)
    assert found.components == {COMPONENT_ID: None, OTHER_COMPONENT_ID: None}
    assert tell(silent, UPDATED, RETRACTED).notify
    assert not tell(silent, RETRACTED).notify
    assert not tell(OPENED, RESOLVED, RETRACTED).notify
    assert not tell(BACKFILLED, RETRACTED).notify


def test_an_event_tells_what_was_so_then_whatever_came_later() -> None:
    assert told([OPENED, EDITED, UPDATED, RESOLVED], 1) == tell(OPENED)


def test_its_matter_is_the_incident_and_every_component_it_touched() -> None:
    both = frozenset({COMPONENT_ID, OTHER_COMPONENT_ID})
    assert tell(OPENED, UPDATED).matter == Matter(INCIDENT_ID, both)
