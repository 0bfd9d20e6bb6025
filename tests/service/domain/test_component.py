"""A component: what is said about it, and which status it has since when."""

from dataclasses import replace

import pytest

from service.domain.component import (
    COMPONENT,
    AddComponent,
    ChangeDetails,
    Command,
    ComponentAdded,
    ComponentDetailsChanged,
    ComponentRemoved,
    ComponentStatusChanged,
    ComponentStatusCorrected,
    Details,
    RemoveComponent,
    ReportStatus,
    existing,
)
from service.domain.errors import Fault, Invalid, NotAllowed, NotFound
from service.domain.values import ComponentStatus, ComponentType
from tests.service.domain.facts import (
    COMPONENT_ID,
    HOUR,
    INSTANT,
    MINUTE,
    NOON,
    ORGANISATION_ID,
    OTHER_ORGANISATION_ID,
    PAGE_ID,
    RESOURCE_ID,
)
from tests.service.domain.scenario import given

OPERATIONAL = ComponentStatus.OPERATIONAL
DEGRADED = ComponentStatus.DEGRADED_PERFORMANCE
MAJOR = ComponentStatus.MAJOR_OUTAGE

LATER = NOON + HOUR
DETAILS = Details("API")
ADD = AddComponent(COMPONENT_ID, PAGE_ID, ORGANISATION_ID, DETAILS, OPERATIONAL, NOON)
ADDED = ComponentAdded(COMPONENT_ID, PAGE_ID, ORGANISATION_ID, DETAILS, OPERATIONAL, NOON)
REMOVED = ComponentRemoved(COMPONENT_ID, PAGE_ID, NOON)
REPORT = ReportStatus(ORGANISATION_ID, MAJOR, LATER)
CHANGED = ComponentStatusChanged(COMPONENT_ID, PAGE_ID, MAJOR, LATER)
EARLY_REPORT = ReportStatus(ORGANISATION_ID, DEGRADED, LATER, NOON - HOUR, "seen late")
CORRECTED = ComponentStatusCorrected(COMPONENT_ID, PAGE_ID, DEGRADED, NOON - HOUR, LATER, "seen late")


def test_a_component_is_added() -> None:
    given(COMPONENT).when(ADD).then(ADDED)


def test_a_component_is_not_added_twice_nor_after_its_removal() -> None:
    given(COMPONENT, ADDED).when(ADD).then_refused(NotAllowed)
    given(COMPONENT, ADDED, REMOVED).when(ADD).then_refused(NotAllowed)


@pytest.mark.parametrize("command", [ChangeDetails(DETAILS, LATER), REPORT, EARLY_REPORT])
def test_a_component_that_is_not_there_takes_no_command(command: Command) -> None:
    given(COMPONENT).when(command).then_refused(NotFound)
    given(COMPONENT, ADDED, REMOVED).when(command).then_refused(NotFound)


def test_its_details_change() -> None:
    details = Details("API", "Ours", ComponentType.RESOURCE, RESOURCE_ID, True)
    changed = ComponentDetailsChanged(COMPONENT_ID, PAGE_ID, details, LATER)
    given(COMPONENT, ADDED).when(ChangeDetails(details, LATER)).then(changed)
    given(COMPONENT, ADDED, changed).when(ChangeDetails(details, LATER)).then_nothing()


def test_the_same_details_again_change_nothing() -> None:
    given(COMPONENT, ADDED).when(ChangeDetails(DETAILS, LATER)).then_nothing()


def test_it_is_removed_once() -> None:
    given(COMPONENT, ADDED).when(RemoveComponent(NOON)).then(REMOVED)
    given(COMPONENT, ADDED, REMOVED).when(RemoveComponent(LATER)).then_nothing()


def test_removing_what_never_was_does_nothing() -> None:
    given(COMPONENT).when(RemoveComponent(NOON)).then_nothing()


class TestReport:
    def test_a_new_status_holds_from_now_on(self) -> None:
        given(COMPONENT, ADDED).when(REPORT).then(CHANGED)

    def test_the_reason_is_kept(self) -> None:
        given(COMPONENT, ADDED).when(replace(REPORT, reason="disk")).then(replace(CHANGED, reason="disk"))

    def test_the_same_status_again_changes_nothing(self) -> None:
        given(COMPONENT, ADDED).when(replace(REPORT, status=OPERATIONAL)).then_nothing()
        given(COMPONENT, ADDED, CHANGED).when(replace(REPORT, now=LATER + HOUR)).then_nothing()

    def test_a_status_of_the_past_may_come_back(self) -> None:
        report = ReportStatus(ORGANISATION_ID, OPERATIONAL, LATER + HOUR)
        back = replace(CHANGED, status=OPERATIONAL, at=LATER + HOUR)
        given(COMPONENT, ADDED, CHANGED).when(report).then(back)

    def test_another_organisation_finds_no_component(self) -> None:
        stranger = replace(REPORT, organisation_id=OTHER_ORGANISATION_ID)
        given(COMPONENT, ADDED).when(stranger).then_refused(NotFound)
        given(COMPONENT, ADDED).when(replace(stranger, since=LATER + HOUR)).then_refused(NotFound)

    def test_a_process_whose_clock_is_behind_still_changes_the_present(self) -> None:
        report = ReportStatus(ORGANISATION_ID, OPERATIONAL, LATER - MINUTE)
        given(COMPONENT, ADDED, CHANGED).when(report).then(replace(CHANGED, status=OPERATIONAL))


class TestReportOfThePast:
    def test_since_the_last_change_it_becomes_the_present_from_then(self) -> None:
        report = replace(REPORT, since=LATER - MINUTE)
        given(COMPONENT, ADDED).when(report).then(replace(CHANGED, at=LATER - MINUTE))

    def test_of_the_very_moment_of_the_last_change_replaces_it(self) -> None:
        report = replace(REPORT, since=NOON)
        given(COMPONENT, ADDED).when(report).then(replace(CHANGED, at=NOON))

    def test_since_the_last_change_the_same_status_changes_nothing(self) -> None:
        given(COMPONENT, ADDED).when(replace(REPORT, status=OPERATIONAL, since=LATER)).then_nothing()

    def test_before_the_last_change_it_corrects_history(self) -> None:
        history = (ADDED, CHANGED)
        report = ReportStatus(ORGANISATION_ID, DEGRADED, LATER + HOUR, LATER - INSTANT)
        corrected = ComponentStatusCorrected(
            COMPONENT_ID, PAGE_ID, DEGRADED, LATER - INSTANT, LATER + HOUR, None
        )
        given(COMPONENT, *history).when(report).then(corrected)

    def test_before_the_component_was_added_it_begins_its_history(self) -> None:
        given(COMPONENT, ADDED).when(EARLY_REPORT).then(CORRECTED)

    def test_the_present_status_said_of_the_past_is_a_correction_too(self) -> None:
        report = replace(EARLY_REPORT, status=OPERATIONAL)
        given(COMPONENT, ADDED).when(report).then(replace(CORRECTED, status=OPERATIONAL))

    def test_a_correction_leaves_the_present_alone(self) -> None:
        corrected = existing(COMPONENT.fold([ADDED, CHANGED, CORRECTED]))
        assert (corrected.status, corrected.status_at) == (MAJOR, LATER)

    def test_a_correction_repeated_later_says_nothing_new(self) -> None:
        given(COMPONENT, ADDED, CORRECTED).when(replace(EARLY_REPORT, now=LATER + HOUR)).then_nothing()

    def test_another_correction_of_the_same_moment_counts(self) -> None:
        report = replace(EARLY_REPORT, status=MAJOR)
        given(COMPONENT, ADDED, CORRECTED).when(report).then(replace(CORRECTED, status=MAJOR))

    def test_the_future_is_refused_where_it_was_given(self) -> None:
        report = replace(REPORT, since=LATER + INSTANT)
        refused = given(COMPONENT, ADDED).when(report).then_refused(Invalid)
        expected = Fault("/at", "in_the_future", "A status cannot begin in the future.")
        assert refused.faults == (expected,)

    def test_this_very_moment_is_not_the_future(self) -> None:
        given(COMPONENT, ADDED).when(replace(REPORT, since=LATER)).then(CHANGED)
