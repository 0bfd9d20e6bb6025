"""A maintenance: when it starts and ends, who may change it until when, what its timers do."""

from dataclasses import replace

import pytest

from service.domain.errors import Invalid, NotAllowed, NotFound
from service.domain.maintenance import (
    MAINTENANCE,
    CancelMaintenance,
    Command,
    CompleteMaintenance,
    EditMaintenance,
    Event,
    MaintenanceCancelled,
    MaintenanceCompleted,
    MaintenanceEdited,
    MaintenanceReminded,
    MaintenanceScheduled,
    MaintenanceStarted,
    MaintenanceUpdated,
    Place,
    Plan,
    RemindOfMaintenance,
    ScheduleMaintenance,
    StartMaintenance,
    UpdateMaintenance,
    existing,
)
from service.domain.values import MaintenanceStatus
from tests.service.domain.facts import (
    COMPONENT_ID,
    DAY,
    HOUR,
    INSTANT,
    MAINTENANCE_ID,
    MINUTE,
    NOON,
    ORGANISATION_ID,
    PAGE_ID,
    UPDATE_ID,
)
from tests.service.domain.scenario import given

START, END = NOON + DAY, NOON + DAY + HOUR
PLAN = Plan("Upgrade", "Writes wait.", START, END, (COMPONENT_ID,), remind_before_minutes=60)
PLACE = Place(MAINTENANCE_ID, 1, START, START)
SCHEDULE = ScheduleMaintenance(MAINTENANCE_ID, PAGE_ID, ORGANISATION_ID, PLAN, NOON)
SCHEDULED = MaintenanceScheduled(MAINTENANCE_ID, PAGE_ID, ORGANISATION_ID, PLAN, PLACE, NOON)
STARTED = MaintenanceStarted(MAINTENANCE_ID, PAGE_ID, END, START)
COMPLETED = MaintenanceCompleted(MAINTENANCE_ID, PAGE_ID, END)
CANCELLED = MaintenanceCancelled(MAINTENANCE_ID, PAGE_ID, False, NOON)
REMINDED = MaintenanceReminded(MAINTENANCE_ID, PAGE_ID, START, START - HOUR)
OVER: list[list[Event]] = [[SCHEDULED, STARTED, COMPLETED], [SCHEDULED, CANCELLED]]


def scheduled(**changes: object) -> MaintenanceScheduled:
    return replace(SCHEDULED, plan=replace(PLAN, **changes))  # type: ignore[arg-type]


def edited(at_hours: int = 0, **changes: object) -> MaintenanceEdited:
    plan = replace(PLAN, **changes)  # type: ignore[arg-type]
    return MaintenanceEdited(MAINTENANCE_ID, PAGE_ID, plan, PLACE, NOON + at_hours * HOUR)


def update(status: MaintenanceStatus) -> UpdateMaintenance:
    return UpdateMaintenance(UPDATE_ID, status, "We look.", True, START + MINUTE)


def updated(status: MaintenanceStatus) -> MaintenanceUpdated:
    return MaintenanceUpdated(MAINTENANCE_ID, PAGE_ID, UPDATE_ID, status, "We look.", True, START + MINUTE)


def test_a_maintenance_is_scheduled_once() -> None:
    given(MAINTENANCE).when(SCHEDULE).then(SCHEDULED)
    given(MAINTENANCE, SCHEDULED).when(SCHEDULE).then_refused(NotAllowed)


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (replace(PLAN, ends_at=START), "not_after_start"),
        (replace(PLAN, starts_at=NOON - HOUR, ends_at=NOON), "in_the_past"),
    ],
)
def test_it_ends_after_it_starts_and_in_the_future(plan: Plan, code: str) -> None:
    refused = given(MAINTENANCE).when(replace(SCHEDULE, plan=plan)).then_refused(Invalid)
    assert [(fault.pointer, fault.code) for fault in refused.faults] == [("/ends_at", code)]


def test_its_start_may_have_passed() -> None:
    plan = replace(PLAN, starts_at=NOON - HOUR)
    place = Place(MAINTENANCE_ID, 1, NOON - HOUR, NOON - HOUR)
    given(MAINTENANCE).when(replace(SCHEDULE, plan=plan)).then(replace(SCHEDULED, plan=plan, place=place))


def test_its_timer_starts_it_at_its_time_and_not_before() -> None:
    given(MAINTENANCE, SCHEDULED).when(StartMaintenance(START - INSTANT)).then_nothing()
    given(MAINTENANCE, SCHEDULED).when(StartMaintenance(START)).then(STARTED)


def test_a_timer_of_before_it_was_moved_does_nothing() -> None:
    moved = edited(starts_at=START + DAY, ends_at=END + DAY)
    given(MAINTENANCE, SCHEDULED, moved).when(StartMaintenance(START)).then_nothing()
    late = edited(ends_at=END + DAY)
    given(MAINTENANCE, SCHEDULED, STARTED, late).when(CompleteMaintenance(END)).then_nothing()


@pytest.mark.parametrize("events", [[SCHEDULED, STARTED], *OVER])
def test_a_second_start_does_nothing(events: list[Event]) -> None:
    given(MAINTENANCE, *events).when(StartMaintenance(END)).then_nothing()


def test_who_wants_to_start_by_hand_is_not_started_by_a_timer() -> None:
    given(MAINTENANCE, scheduled(auto_start=False)).when(StartMaintenance(START)).then_nothing()
    by_hand = scheduled(auto_complete=False)
    given(MAINTENANCE, by_hand, STARTED).when(CompleteMaintenance(END)).then_nothing()


def test_its_timer_ends_what_runs_at_its_time_and_nothing_else() -> None:
    given(MAINTENANCE, SCHEDULED, STARTED).when(CompleteMaintenance(END - INSTANT)).then_nothing()
    given(MAINTENANCE, SCHEDULED, STARTED).when(CompleteMaintenance(END)).then(COMPLETED)
    given(MAINTENANCE, SCHEDULED).when(CompleteMaintenance(END)).then_nothing()
    for events in OVER:
        given(MAINTENANCE, *events).when(CompleteMaintenance(END)).then_nothing()


def test_it_is_reminded_of_once() -> None:
    reminding = RemindOfMaintenance(START - HOUR)
    given(MAINTENANCE, SCHEDULED).when(reminding).then(REMINDED)
    given(MAINTENANCE, SCHEDULED, REMINDED).when(reminding).then_nothing()


def test_nobody_is_reminded_too_early_or_of_what_has_begun() -> None:
    given(MAINTENANCE, SCHEDULED).when(RemindOfMaintenance(START - HOUR - INSTANT)).then_nothing()
    given(MAINTENANCE, SCHEDULED).when(RemindOfMaintenance(START)).then_nothing()
    given(MAINTENANCE, SCHEDULED, CANCELLED).when(RemindOfMaintenance(START - HOUR)).then_nothing()
    unwanted = scheduled(remind_before_minutes=None)
    given(MAINTENANCE, unwanted).when(RemindOfMaintenance(START - HOUR)).then_nothing()


def test_a_window_that_was_moved_is_reminded_of_again() -> None:
    moved = edited(starts_at=START + DAY, ends_at=END + DAY)
    again = RemindOfMaintenance(START + DAY - HOUR)
    expected = MaintenanceReminded(MAINTENANCE_ID, PAGE_ID, START + DAY, START + DAY - HOUR)
    given(MAINTENANCE, SCHEDULED, REMINDED, moved).when(again).then(expected)


def test_the_same_plan_again_changes_nothing() -> None:
    given(MAINTENANCE, SCHEDULED).when(EditMaintenance(PLAN, NOON)).then_nothing()


def test_it_is_moved_and_keeps_its_place_in_the_series() -> None:
    moved = edited(starts_at=START + DAY, ends_at=END + DAY)
    given(MAINTENANCE, SCHEDULED).when(EditMaintenance(moved.plan, NOON)).then(moved)


def test_another_rule_begins_a_pattern_at_its_start() -> None:
    plan = replace(PLAN, starts_at=START + HOUR, ends_at=END + HOUR, recurrence="FREQ=DAILY")
    anew = MaintenanceEdited(
        MAINTENANCE_ID, PAGE_ID, plan, Place(MAINTENANCE_ID, 1, START + HOUR, START + HOUR), NOON
    )
    given(MAINTENANCE, SCHEDULED).when(EditMaintenance(plan, NOON)).then(anew)


def test_once_it_has_started_its_start_stands_and_its_end_can_move() -> None:
    earlier = EditMaintenance(replace(PLAN, starts_at=START - HOUR), START)
    refused = given(MAINTENANCE, SCHEDULED, STARTED).when(earlier).then_refused(Invalid)
    assert refused.faults[0].pointer == "/starts_at"
    longer = edited(24, ends_at=END + HOUR)
    given(MAINTENANCE, SCHEDULED, STARTED).when(EditMaintenance(longer.plan, START)).then(longer)


@pytest.mark.parametrize("events", OVER)
def test_what_is_over_is_not_edited(events: list[Event]) -> None:
    edit = EditMaintenance(replace(PLAN, name="Another"), NOON)
    given(MAINTENANCE, *events).when(edit).then_refused(NotAllowed)


S = MaintenanceStatus


@pytest.mark.parametrize(
    ("events", "status", "facts"),
    [
        ([SCHEDULED], S.SCHEDULED, []),
        ([SCHEDULED], S.IN_PROGRESS, [replace(STARTED, at=START + MINUTE)]),
        ([SCHEDULED], S.CANCELLED, [replace(CANCELLED, at=START + MINUTE)]),
        ([SCHEDULED, STARTED], S.IN_PROGRESS, []),
        ([SCHEDULED, STARTED], S.VERIFYING, []),
        ([SCHEDULED, STARTED], S.COMPLETED, [replace(COMPLETED, at=START + MINUTE)]),
        ([SCHEDULED, STARTED], S.CANCELLED, [replace(CANCELLED, at=START + MINUTE)]),
        ([SCHEDULED, CANCELLED], S.CANCELLED, []),
    ],
)
def test_an_update_brings_the_status_about(
    events: list[Event], status: MaintenanceStatus, facts: list[Event]
) -> None:
    given(MAINTENANCE, *events).when(update(status)).then(*facts, updated(status))


@pytest.mark.parametrize(
    ("events", "status"),
    [
        ([SCHEDULED], S.VERIFYING),
        ([SCHEDULED], S.COMPLETED),
        ([SCHEDULED, STARTED], S.SCHEDULED),
        ([SCHEDULED, CANCELLED], S.IN_PROGRESS),
        ([SCHEDULED, STARTED, COMPLETED], S.VERIFYING),
    ],
)
def test_no_update_leads_backwards_or_past_the_start(events: list[Event], status: MaintenanceStatus) -> None:
    given(MAINTENANCE, *events).when(update(status)).then_refused(NotAllowed)


def test_what_is_being_verified_is_ended_by_its_timer() -> None:
    verifying = updated(S.VERIFYING)
    given(MAINTENANCE, SCHEDULED, STARTED, verifying).when(CompleteMaintenance(END)).then(COMPLETED)


def test_it_is_cancelled_before_and_while_it_runs_and_not_afterwards() -> None:
    cancel = CancelMaintenance(False, NOON)
    given(MAINTENANCE, SCHEDULED).when(cancel).then(CANCELLED)
    given(MAINTENANCE, SCHEDULED, STARTED).when(cancel).then(replace(CANCELLED, at=START))
    given(MAINTENANCE, SCHEDULED, CANCELLED).when(cancel).then_nothing()
    given(MAINTENANCE, SCHEDULED, STARTED, COMPLETED).when(cancel).then_refused(NotAllowed)


def test_a_series_goes_on_unless_it_is_cancelled_whole() -> None:
    recurring = scheduled(recurrence="FREQ=DAILY")
    assert existing(MAINTENANCE.fold([recurring, STARTED, COMPLETED])).recurs
    assert existing(MAINTENANCE.fold([recurring, CANCELLED])).recurs
    assert not existing(MAINTENANCE.fold([recurring, replace(CANCELLED, series=True)])).recurs
    assert not existing(MAINTENANCE.fold([SCHEDULED, CANCELLED])).recurs


def test_its_components_are_inside_while_it_runs() -> None:
    for events in OVER:
        assert existing(MAINTENANCE.fold(events)).held_component_ids == frozenset()
    assert existing(MAINTENANCE.fold([SCHEDULED])).held_component_ids == frozenset()
    assert existing(MAINTENANCE.fold([SCHEDULED, STARTED])).held_component_ids == {COMPONENT_ID}
    verifying = existing(MAINTENANCE.fold([SCHEDULED, STARTED, updated(S.VERIFYING)]))
    assert verifying.held_component_ids == {COMPONENT_ID}


@pytest.mark.parametrize(
    "command",
    [
        EditMaintenance(PLAN, NOON),
        update(S.SCHEDULED),
        StartMaintenance(START),
        CompleteMaintenance(END),
        RemindOfMaintenance(START),
        CancelMaintenance(False, NOON),
    ],
)
def test_what_was_never_scheduled_is_not_found(command: Command) -> None:
    given(MAINTENANCE).when(command).then_refused(NotFound)
