"""A component that incidents and windows hold: whose word it shows, and what is left of it."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from service.domain.component import (
    COMPONENT,
    BackfillStatus,
    ComponentAdded,
    ComponentBackfilled,
    ComponentHeld,
    ComponentHoldRetracted,
    ComponentReleased,
    ComponentRemoved,
    ComponentStatusChanged,
    ComponentStatusCorrected,
    ComponentWindowEntered,
    ComponentWindowLeft,
    Details,
    EnterWindow,
    Event,
    HoldComponent,
    LeaveWindow,
    ReleaseComponent,
    ReportStatus,
    RetractHold,
    existing,
)
from service.domain.errors import NotFound
from service.domain.values import ComponentStatus
from tests.service.domain.facts import (
    COMPONENT_ID,
    HOUR,
    INCIDENT_ID,
    MAINTENANCE_ID,
    MINUTE,
    NOON,
    ORGANISATION_ID,
    OTHER_INCIDENT_ID,
    PAGE_ID,
)
from tests.service.domain.scenario import given

OPERATIONAL = ComponentStatus.OPERATIONAL
MAINTENANCE = ComponentStatus.UNDER_MAINTENANCE
DEGRADED = ComponentStatus.DEGRADED_PERFORMANCE
PARTIAL = ComponentStatus.PARTIAL_OUTAGE
MAJOR = ComponentStatus.MAJOR_OUTAGE

ONE, TWO, THREE, FOUR = (NOON + hours * HOUR for hours in range(1, 5))
ADDED = ComponentAdded(COMPONENT_ID, PAGE_ID, ORGANISATION_ID, Details("API"), OPERATIONAL, NOON)
REMOVED = ComponentRemoved(COMPONENT_ID, PAGE_ID, ONE)


def held(incident_id: UUID, status: ComponentStatus, at: datetime) -> ComponentHeld:
    return ComponentHeld(COMPONENT_ID, PAGE_ID, incident_id, status, at, at)


def released(
    incident_id: UUID, status: ComponentStatus, at: datetime, holds: dict[UUID, ComponentStatus] | None = None
) -> ComponentReleased:
    return ComponentReleased(
        COMPONENT_ID, PAGE_ID, incident_id, status, False, holds or {}, OPERATIONAL, at, at
    )


def backfilled(status: ComponentStatus, start: datetime, end: datetime, at: datetime) -> ComponentBackfilled:
    return ComponentBackfilled(COMPONENT_ID, PAGE_ID, INCIDENT_ID, status, start, end, at)


def retracted(status: ComponentStatus, since: datetime, *times: datetime) -> ComponentHoldRetracted:
    return ComponentHoldRetracted(COMPONENT_ID, PAGE_ID, INCIDENT_ID, times, status, since, FOUR)


HELD = held(INCIDENT_ID, MAJOR, ONE)
OTHER_HELD = held(OTHER_INCIDENT_ID, PARTIAL, TWO)
REPORTED = ComponentStatusChanged(COMPONENT_ID, PAGE_ID, DEGRADED, THREE)
ENTERED = ComponentWindowEntered(COMPONENT_ID, PAGE_ID, MAINTENANCE_ID, MAINTENANCE, True, TWO)
LEFT = ComponentWindowLeft(COMPONENT_ID, PAGE_ID, MAINTENANCE_ID, OPERATIONAL, True, {}, OPERATIONAL, FOUR)
UNSEEN = replace(ENTERED, status=MAJOR, said=False, hidden_by=(INCIDENT_ID,))
RELEASE = ReleaseComponent(INCIDENT_ID, None, FOUR)
RETRACT = RetractHold(INCIDENT_ID, FOUR)


def status_after(*events: Event) -> ComponentStatus:
    return existing(COMPONENT.fold(events)).status


class TestHold:
    def test_an_incident_holds_it(self) -> None:
        given(COMPONENT, ADDED).when(HoldComponent(INCIDENT_ID, MAJOR, ONE)).then(HELD)

    def test_the_last_word_is_shown_whoever_said_it(self) -> None:
        assert status_after(ADDED, HELD, OTHER_HELD) is PARTIAL
        assert status_after(ADDED, HELD, OTHER_HELD, REPORTED) is DEGRADED

    def test_the_same_status_said_by_another_incident_is_a_hold_of_its_own(self) -> None:
        hold = HoldComponent(OTHER_INCIDENT_ID, MAJOR, TWO)
        given(COMPONENT, ADDED, HELD).when(hold).then(held(OTHER_INCIDENT_ID, MAJOR, TWO))

    def test_what_has_been_said_already_is_not_said_again(self) -> None:
        given(COMPONENT, ADDED, HELD).when(HoldComponent(INCIDENT_ID, MAJOR, TWO)).then_nothing()

    def test_since_the_last_word_it_holds_from_then(self) -> None:
        hold = HoldComponent(INCIDENT_ID, MAJOR, THREE, ONE)
        given(COMPONENT, ADDED).when(hold).then(HELD)

    def test_since_an_earlier_time_it_corrects_the_past_too(self) -> None:
        hold = HoldComponent(INCIDENT_ID, MAJOR, FOUR, ONE)
        past = backfilled(MAJOR, ONE, THREE, FOUR)
        given(COMPONENT, ADDED, REPORTED).when(hold).then(replace(HELD, at=THREE), past)

    def test_before_it_was_added_its_known_history_begins(self) -> None:
        hold = HoldComponent(INCIDENT_ID, MAJOR, ONE, NOON - HOUR)
        begun = ComponentStatusCorrected(
            COMPONENT_ID, PAGE_ID, OPERATIONAL, NOON - HOUR, ONE, incident_id=INCIDENT_ID
        )
        past = backfilled(MAJOR, NOON - HOUR, NOON, ONE)
        now = replace(HELD, at=NOON, since=NOON - HOUR)
        given(COMPONENT, ADDED).when(hold).then(now, begun, past)

    def test_a_process_whose_clock_is_behind_changes_no_past(self) -> None:
        hold = HoldComponent(INCIDENT_ID, MAJOR, NOON - MINUTE)
        given(COMPONENT, ADDED).when(hold).then(held(INCIDENT_ID, MAJOR, NOON))

    def test_a_removed_component_cannot_be_held(self) -> None:
        given(COMPONENT, ADDED, REMOVED).when(HoldComponent(INCIDENT_ID, MAJOR, TWO)).then_refused(NotFound)


class TestRelease:
    def test_without_others_it_is_operational(self) -> None:
        given(COMPONENT, ADDED, HELD).when(RELEASE).then(released(INCIDENT_ID, OPERATIONAL, FOUR))

    def test_the_worst_of_the_other_holds_is_left(self) -> None:
        left = released(INCIDENT_ID, PARTIAL, FOUR, {OTHER_INCIDENT_ID: PARTIAL})
        given(COMPONENT, ADDED, HELD, OTHER_HELD).when(RELEASE).then(left)

    def test_a_running_window_is_left(self) -> None:
        left = replace(released(INCIDENT_ID, MAINTENANCE, FOUR), otherwise=MAINTENANCE)
        given(COMPONENT, ADDED, HELD, UNSEEN).when(RELEASE).then(left)

    def test_a_report_in_between_does_not_outlast_the_end(self) -> None:
        given(COMPONENT, ADDED, HELD, REPORTED).when(RELEASE).then(released(INCIDENT_ID, OPERATIONAL, FOUR))

    def test_the_incident_may_say_what_is_left(self) -> None:
        said = replace(released(INCIDENT_ID, DEGRADED, FOUR), said=True)
        given(COMPONENT, ADDED, HELD, OTHER_HELD).when(replace(RELEASE, status=DEGRADED)).then(said)

    def test_what_it_does_not_hold_it_leaves_alone(self) -> None:
        given(COMPONENT, ADDED, OTHER_HELD).when(RELEASE).then_nothing()
        given(COMPONENT, ADDED, HELD, REMOVED).when(RELEASE).then_nothing()
        given(COMPONENT).when(RELEASE).then_nothing()

    def test_an_end_told_late_leaves_what_others_said_since(self) -> None:
        late = ReleaseComponent(INCIDENT_ID, None, FOUR, TWO)
        left = replace(released(INCIDENT_ID, DEGRADED, THREE), since=TWO)
        past = backfilled(OPERATIONAL, TWO, THREE, FOUR)
        given(COMPONENT, ADDED, HELD, REPORTED).when(late).then(left, past)

    def test_an_end_told_late_leaves_the_later_word_of_another_incident_which_may_be_taken_back(self) -> None:
        left = replace(released(INCIDENT_ID, PARTIAL, TWO, {OTHER_INCIDENT_ID: PARTIAL}), since=ONE)
        late = ReleaseComponent(INCIDENT_ID, None, FOUR, ONE)
        assert COMPONENT.decide(COMPONENT.fold([ADDED, HELD, OTHER_HELD]), late)[0] == left

    def test_an_end_told_late_lends_nothing_to_what_others_reported_since(self) -> None:
        late = ReleaseComponent(INCIDENT_ID, None, FOUR, TWO)
        other = replace(OTHER_HELD, at=ONE, since=ONE)
        left = replace(released(INCIDENT_ID, DEGRADED, THREE), since=TWO)
        past = replace(
            backfilled(PARTIAL, TWO, THREE, FOUR), holds={OTHER_INCIDENT_ID: PARTIAL}, otherwise=OPERATIONAL
        )
        given(COMPONENT, ADDED, HELD, other, REPORTED).when(late).then(left, past)
        taken = replace(
            retracted(DEGRADED, THREE, ONE), incident_id=OTHER_INCIDENT_ID, borrowers=(INCIDENT_ID,)
        )
        given(COMPONENT, ADDED, HELD, other, REPORTED, left, past).when(
            RetractHold(OTHER_INCIDENT_ID, FOUR)
        ).then(taken)


class TestRetract:
    def test_it_is_as_if_nothing_had_been_said(self) -> None:
        given(COMPONENT, ADDED, HELD).when(RETRACT).then(retracted(OPERATIONAL, NOON, ONE))

    def test_the_words_of_others_stay(self) -> None:
        given(COMPONENT, ADDED, HELD, OTHER_HELD).when(RETRACT).then(retracted(PARTIAL, TWO, ONE))
        given(COMPONENT, ADDED, OTHER_HELD, replace(HELD, at=THREE, since=THREE)).when(RETRACT).then(
            retracted(PARTIAL, TWO, THREE)
        )
        given(COMPONENT, ADDED, HELD, REPORTED).when(RETRACT).then(retracted(DEGRADED, THREE, ONE))

    def test_after_its_end_too(self) -> None:
        end = released(INCIDENT_ID, OPERATIONAL, TWO)
        given(COMPONENT, ADDED, HELD, end).when(RETRACT).then(retracted(OPERATIONAL, NOON, ONE, TWO))

    def test_what_it_lent_to_the_end_of_another_is_taken_back(self) -> None:
        end = released(OTHER_INCIDENT_ID, MAJOR, THREE, {INCIDENT_ID: MAJOR})
        history = (ADDED, HELD, OTHER_HELD, end)
        assert status_after(*history) is MAJOR
        given(COMPONENT, *history).when(RETRACT).then(retracted(OPERATIONAL, THREE, ONE, THREE))

    def test_what_never_spoke_has_nothing_to_take_back(self) -> None:
        given(COMPONENT, ADDED, OTHER_HELD).when(RETRACT).then_nothing()
        given(COMPONENT, ADDED, HELD, REMOVED).when(RETRACT).then_nothing()

    def test_a_window_that_it_hid_comes_to_show(self) -> None:
        given(COMPONENT, ADDED, HELD, UNSEEN).when(RETRACT).then(retracted(MAINTENANCE, TWO, ONE, TWO))

    def test_a_window_that_others_hide_too_stays_hidden(self) -> None:
        both = replace(UNSEEN, status=PARTIAL, hidden_by=(INCIDENT_ID, OTHER_INCIDENT_ID))
        given(COMPONENT, ADDED, HELD, OTHER_HELD, both).when(RETRACT).then(retracted(PARTIAL, TWO, ONE, TWO))

    def test_a_window_that_is_over_shows_no_more(self) -> None:
        over = replace(LEFT, status=MAJOR, said=False, hidden_by=(INCIDENT_ID,))
        given(COMPONENT, ADDED, HELD, UNSEEN, over).when(RETRACT).then(
            retracted(OPERATIONAL, FOUR, ONE, TWO, FOUR)
        )

    def test_its_known_history_begins_where_it_began_before(self) -> None:
        early = NOON - HOUR
        begun = ComponentStatusCorrected(
            COMPONENT_ID, PAGE_ID, OPERATIONAL, early, ONE, incident_id=INCIDENT_ID
        )
        past = backfilled(MAJOR, early, NOON, ONE)
        again = BackfillStatus(OTHER_INCIDENT_ID, MAJOR, early, NOON, FOUR)
        after = replace(begun, said_at=FOUR, incident_id=OTHER_INCIDENT_ID)
        told = replace(past, incident_id=OTHER_INCIDENT_ID, at=FOUR)
        history = (ADDED, begun, past, retracted(OPERATIONAL, NOON, early))
        given(COMPONENT, *history).when(again).then(after, told)


class TestBackfill:
    def test_the_present_stays(self) -> None:
        past = backfilled(MAJOR, ONE, TWO, FOUR)
        given(COMPONENT, ADDED).when(BackfillStatus(INCIDENT_ID, MAJOR, ONE, TWO, FOUR)).then(past)
        assert status_after(ADDED, REPORTED, past) is DEGRADED

    def test_it_can_be_taken_back(self) -> None:
        past = backfilled(MAJOR, ONE, TWO, FOUR)
        given(COMPONENT, ADDED, past).when(RETRACT).then(retracted(OPERATIONAL, NOON, ONE))


class TestWindow:
    def test_what_is_operational_turns_to_maintenance(self) -> None:
        given(COMPONENT, ADDED).when(EnterWindow(MAINTENANCE_ID, TWO)).then(ENTERED)

    def test_an_outage_stays_an_outage(self) -> None:
        given(COMPONENT, ADDED, HELD).when(EnterWindow(MAINTENANCE_ID, TWO)).then(UNSEEN)

    def test_what_only_incidents_hide_is_noted(self) -> None:
        window, also = EnterWindow(MAINTENANCE_ID, TWO), replace(OTHER_HELD, at=ONE, since=ONE)
        both = replace(UNSEEN, status=PARTIAL, hidden_by=(INCIDENT_ID, OTHER_INCIDENT_ID))
        given(COMPONENT, ADDED, HELD, also).when(window).then(both)
        degraded = replace(REPORTED, at=NOON)
        given(COMPONENT, ADDED, degraded, HELD).when(window).then(replace(UNSEEN, hidden_by=()))

    def test_an_end_that_an_incident_hides_is_noted_with_what_is_left_then(self) -> None:
        end, inside = LeaveWindow(MAINTENANCE_ID, FOUR), replace(HELD, at=THREE, since=THREE)
        hidden = replace(LEFT, status=MAJOR, said=False, hidden_by=(INCIDENT_ID,))
        given(COMPONENT, ADDED, ENTERED, inside).when(end).then(hidden)
        given(COMPONENT, ADDED, HELD, UNSEEN).when(end).then(hidden)

    def test_an_outage_reported_inside_shows_and_outlasts_it(self) -> None:
        report = ReportStatus(ORGANISATION_ID, DEGRADED, THREE)
        given(COMPONENT, ADDED, ENTERED).when(report).then(REPORTED)
        left = ComponentWindowLeft(
            COMPONENT_ID, PAGE_ID, MAINTENANCE_ID, DEGRADED, False, {}, OPERATIONAL, FOUR
        )
        given(COMPONENT, ADDED, ENTERED, REPORTED).when(LeaveWindow(MAINTENANCE_ID, FOUR)).then(left)

    def test_its_end_leaves_what_would_be_without_it(self) -> None:
        given(COMPONENT, ADDED, ENTERED).when(LeaveWindow(MAINTENANCE_ID, FOUR)).then(LEFT)

    def test_it_comes_and_goes_once(self) -> None:
        given(COMPONENT, ADDED, ENTERED).when(EnterWindow(MAINTENANCE_ID, FOUR)).then_nothing()
        given(COMPONENT, ADDED).when(LeaveWindow(MAINTENANCE_ID, FOUR)).then_nothing()
