"""An incident: opened, told on, corrected, over, taken back."""

from dataclasses import replace

import pytest

from service.domain.errors import Invalid, NotAllowed, NotFound
from service.domain.incident import (
    INCIDENT,
    BackfillIncident,
    Command,
    CorrectUpdate,
    EditIncident,
    IncidentBackfilled,
    IncidentEdited,
    IncidentOpened,
    IncidentPostmortemPublished,
    IncidentRetracted,
    IncidentUpdateCorrected,
    IncidentUpdated,
    OpenIncident,
    PublishPostmortem,
    RetractIncident,
    UpdateIncident,
    existing,
)
from service.domain.values import ComponentStatus, Impact, IncidentStatus
from tests.service.domain.facts import (
    COMPONENT_ID,
    DAY,
    HOUR,
    INCIDENT_ID,
    INSTANT,
    MINUTE,
    NOON,
    ORGANISATION_ID,
    OTHER_COMPONENT_ID,
    OTHER_UPDATE_ID,
    PAGE_ID,
    UPDATE_ID,
)
from tests.service.domain.scenario import given

INVESTIGATING, MONITORING = IncidentStatus.INVESTIGATING, IncidentStatus.MONITORING
RESOLVED, POSTMORTEM = IncidentStatus.RESOLVED, IncidentStatus.POSTMORTEM
LATER = NOON + HOUR
MAJOR = {COMPONENT_ID: ComponentStatus.MAJOR_OUTAGE}
DEGRADED = {OTHER_COMPONENT_ID: ComponentStatus.DEGRADED_PERFORMANCE}
WHOSE = (INCIDENT_ID, PAGE_ID, ORGANISATION_ID)

OPEN = OpenIncident(*WHOSE, "Down", INVESTIGATING, UPDATE_ID, "We look.", MAJOR, None, True, {}, NOON)
OPENED = IncidentOpened(
    *WHOSE, "Down", INVESTIGATING, UPDATE_ID, "We look.", MAJOR, None, True, {}, NOON, NOON
)
PAST = NOON - DAY
BACKFILL = BackfillIncident(*WHOSE, "Was down", UPDATE_ID, "Over.", MAJOR, None, {}, PAST, NOON - HOUR, NOON)
BACKFILLED = IncidentBackfilled(
    *WHOSE, "Was down", UPDATE_ID, "Over.", MAJOR, None, {}, PAST, NOON - HOUR, NOON
)
UPDATE = UpdateIncident(OTHER_UPDATE_ID, MONITORING, "Fixed?", DEGRADED, True, LATER)
UPDATED = IncidentUpdated(
    INCIDENT_ID, PAGE_ID, OTHER_UPDATE_ID, MONITORING, "Fixed?", DEGRADED, True, LATER, LATER
)
RESOLUTION = replace(UPDATED, status=RESOLVED, components={})
POSTMORTEM_PUBLISHED = IncidentPostmortemPublished(INCIDENT_ID, PAGE_ID, "A disk.", LATER)
RETRACTED = IncidentRetracted(INCIDENT_ID, PAGE_ID, LATER)


def pointers(refusal: Invalid) -> list[str]:
    return [fault.pointer for fault in refusal.faults]


class TestOpen:
    def test_it_starts_now_unless_told_otherwise(self) -> None:
        given(INCIDENT).when(OPEN).then(OPENED)
        given(INCIDENT).when(replace(OPEN, started_at=PAST)).then(replace(OPENED, started_at=PAST))

    def test_it_does_not_start_in_the_future(self) -> None:
        refused = given(INCIDENT).when(replace(OPEN, started_at=NOON + INSTANT)).then_refused(Invalid)
        assert pointers(refused) == ["/started_at"]

    @pytest.mark.parametrize("status", [RESOLVED, POSTMORTEM])
    def test_one_that_is_over_is_not_opened(self, status: IncidentStatus) -> None:
        refused = given(INCIDENT).when(replace(OPEN, status=status)).then_refused(Invalid)
        assert pointers(refused) == ["/resolved_at"]

    def test_it_is_opened_once(self) -> None:
        given(INCIDENT, OPENED).when(OPEN).then_refused(NotAllowed)
        given(INCIDENT, OPENED).when(BACKFILL).then_refused(NotAllowed)


class TestBackfill:
    def test_an_incident_of_the_past_is_over_from_the_start(self) -> None:
        given(INCIDENT).when(BACKFILL).then(BACKFILLED)
        assert existing(INCIDENT.fold([BACKFILLED])).over

    def test_it_ends_in_the_past_and_after_its_start(self) -> None:
        late = given(INCIDENT).when(replace(BACKFILL, resolved_at=NOON + INSTANT)).then_refused(Invalid)
        assert pointers(late) == ["/resolved_at"]
        turned = given(INCIDENT).when(replace(BACKFILL, resolved_at=PAST)).then_refused(Invalid)
        assert pointers(turned) == ["/started_at"]


class TestUpdate:
    def test_it_is_told_on(self) -> None:
        given(INCIDENT, OPENED).when(UPDATE).then(UPDATED)
        known = existing(INCIDENT.fold([OPENED, UPDATED]))
        assert (known.status, known.components) == (MONITORING, {**MAJOR, **DEGRADED})

    def test_of_an_earlier_time(self) -> None:
        earlier = replace(UPDATE, since=NOON + MINUTE)
        given(INCIDENT, OPENED).when(earlier).then(replace(UPDATED, since=NOON + MINUTE))

    def test_not_of_a_time_before_the_last_nor_of_the_future(self) -> None:
        for since in (NOON - INSTANT, LATER + INSTANT):
            refused = given(INCIDENT, OPENED).when(replace(UPDATE, since=since)).then_refused(Invalid)
            assert pointers(refused) == ["/at"]

    def test_a_process_whose_clock_is_behind_tells_on_all_the_same(self) -> None:
        behind = replace(UPDATE, at=NOON - MINUTE)
        given(INCIDENT, OPENED).when(behind).then(replace(UPDATED, at=NOON, since=NOON))

    def test_what_is_over_stays_over(self) -> None:
        again = replace(UPDATE, update_id=COMPONENT_ID)
        given(INCIDENT, OPENED, RESOLUTION).when(again).then_refused(NotAllowed)
        more = replace(again, status=RESOLVED)
        given(INCIDENT, OPENED, RESOLUTION).when(more).then(
            replace(UPDATED, update_id=COMPONENT_ID, status=RESOLVED)
        )

    def test_a_postmortem_follows_the_resolution(self) -> None:
        given(INCIDENT, OPENED).when(replace(UPDATE, status=POSTMORTEM)).then_refused(NotAllowed)

    def test_a_text_is_corrected(self) -> None:
        corrected = IncidentUpdateCorrected(INCIDENT_ID, PAGE_ID, UPDATE_ID, "We looked.", LATER)
        given(INCIDENT, OPENED).when(CorrectUpdate(UPDATE_ID, "We looked.", LATER)).then(corrected)
        given(INCIDENT, OPENED).when(CorrectUpdate(UPDATE_ID, "We look.", LATER)).then_nothing()
        given(INCIDENT, OPENED).when(CorrectUpdate(OTHER_UPDATE_ID, "x", LATER)).then_refused(NotFound)


def test_name_override_and_metadata_are_edited() -> None:
    edited = IncidentEdited(INCIDENT_ID, PAGE_ID, "Slow", Impact.MINOR, {"ticket": "1"}, LATER)
    given(INCIDENT, OPENED).when(EditIncident("Slow", Impact.MINOR, {"ticket": "1"}, LATER)).then(edited)
    given(INCIDENT, OPENED).when(EditIncident("Down", None, {}, LATER)).then_nothing()


def test_a_postmortem_is_published_once_it_is_over() -> None:
    publish = PublishPostmortem("A disk.", LATER)
    given(INCIDENT, OPENED).when(publish).then_refused(NotAllowed)
    given(INCIDENT, OPENED, RESOLUTION).when(publish).then(POSTMORTEM_PUBLISHED)
    assert existing(INCIDENT.fold([OPENED, RESOLUTION, POSTMORTEM_PUBLISHED])).status is POSTMORTEM


@pytest.mark.parametrize(
    "command",
    [
        UPDATE,
        CorrectUpdate(UPDATE_ID, "x", LATER),
        EditIncident("Slow", None, {}, LATER),
        PublishPostmortem("x", LATER),
        RetractIncident(LATER),
    ],
)
def test_what_never_was_or_is_retracted_takes_no_command(command: Command) -> None:
    given(INCIDENT).when(command).then_refused(NotFound)
    given(INCIDENT, OPENED, RETRACTED).when(command).then_refused(NotFound)


def test_it_is_retracted_open_or_over() -> None:
    given(INCIDENT, OPENED).when(RetractIncident(LATER)).then(RETRACTED)
    given(INCIDENT, OPENED, RESOLUTION).when(RetractIncident(LATER)).then(RETRACTED)
