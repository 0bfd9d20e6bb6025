"""What the events of a maintenance tell: once each, whether a timer or a person brings them about."""

from dataclasses import replace
from uuid import UUID

import pytest

from service.domain.maintenance import (
    MAINTENANCE,
    Command,
    CompleteMaintenance,
    EditMaintenance,
    Event,
    MaintenanceCancelled,
    MaintenanceReminded,
    MaintenanceScheduled,
    Place,
    Plan,
    RemindOfMaintenance,
    StartMaintenance,
    UpdateMaintenance,
)
from service.domain.values import MaintenanceStatus
from service.notices import Kind, Matter, Told, Window, told
from tests.service.domain.facts import (
    COMPONENT_ID,
    DAY,
    HOUR,
    MAINTENANCE_ID,
    NOON,
    ORGANISATION_ID,
    OTHER_UPDATE_ID,
    PAGE_ID,
    UPDATE_ID,
)

START, END = NOON + DAY, NOON + DAY + HOUR
PLAN = Plan("Upgrade", "Writes wait.", START, END, (COMPONENT_ID,), remind_before_minutes=60)
PLACE = Place(MAINTENANCE_ID, 1, START, START)
SCHEDULED = MaintenanceScheduled(MAINTENANCE_ID, PAGE_ID, ORGANISATION_ID, PLAN, PLACE, NOON)
BY_TIMERS: list[Command] = [
    RemindOfMaintenance(START - HOUR),
    StartMaintenance(START),
    CompleteMaintenance(END),
]


def stream(*commands: Command, plan: Plan = PLAN) -> list[Event]:
    """All that is recorded when this is asked of a maintenance, one after the other."""
    events: list[Event] = [replace(SCHEDULED, plan=plan)]
    for command in commands:
        events += MAINTENANCE.decide(MAINTENANCE.fold(events), command)
    return events


def all_told(events: list[Event]) -> list[Told]:
    found = [told(events, version) for version in range(1, len(events) + 1)]
    return [each for each in found if each is not None]


def kinds(events: list[Event]) -> list[str]:
    return [each.kind.removeprefix("maintenance.") for each in all_told(events)]


def says(status: str, **changes: object) -> UpdateMaintenance:
    said = UpdateMaintenance(UPDATE_ID, MaintenanceStatus(status), "News.", True, START)
    return replace(said, **changes)  # type: ignore[arg-type]


def test_a_plan_tells_all_of_it() -> None:
    assert all_told(stream()) == [
        Told(
            Kind.MAINTENANCE_SCHEDULED,
            PAGE_ID,
            MAINTENANCE_ID,
            "Upgrade",
            MaintenanceStatus.SCHEDULED,
            "Writes wait.",
            {COMPONENT_ID: None},
            None,
            Window(START, END),
            notify=True,
        )
    ]


def test_timers_tell_of_its_reminder_start_and_end() -> None:
    found = all_told(stream(*BY_TIMERS))
    assert [each.kind.removeprefix("maintenance.") for each in found] == [
        "scheduled",
        "reminded",
        "started",
        "completed",
    ]
    assert [each.body for each in found] == ["Writes wait.", "Writes wait.", "Writes wait.", ""]


def test_a_silent_plan_stays_silent() -> None:
    assert not any(each.notify for each in all_told(stream(*BY_TIMERS, plan=replace(PLAN, notify=False))))


def test_of_an_edit_another_time_is_told_and_nothing_else() -> None:
    later = replace(PLAN, ends_at=END + HOUR)
    assert kinds(stream(EditMaintenance(later, NOON))) == ["scheduled", "moved"]
    assert all_told(stream(EditMaintenance(later, NOON)))[-1].window == Window(START, END + HOUR)
    assert kinds(stream(EditMaintenance(replace(PLAN, name="Other", body="x"), NOON))) == ["scheduled"]


def test_a_window_that_follows_in_a_series_is_not_announced_but_reminded_of() -> None:
    following = replace(SCHEDULED, place=replace(PLACE, number=2))
    reminded = MaintenanceReminded(MAINTENANCE_ID, PAGE_ID, START, START - HOUR)
    assert kinds([following, reminded]) == ["reminded"]


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (["scheduled"], ["updated"]),
        (["in_progress"], ["started"]),
        (["in_progress", "in_progress"], ["started", "updated"]),
        (["in_progress", "verifying", "completed"], ["started", "verifying", "completed"]),
        (
            ["in_progress", "verifying", "verifying", "in_progress"],
            ["started", "verifying", *["updated"] * 2],
        ),
        (["cancelled", "cancelled"], ["cancelled", "updated"]),
        (["in_progress", "completed", "completed"], ["started", "completed", "updated"]),
    ],
)
def test_an_update_tells_once_with_its_own_text(statuses: list[str], expected: list[str]) -> None:
    updates: list[Command] = [
        says(status, update_id=UUID(int=i), at=START + i * HOUR) for i, status in enumerate(statuses)
    ]
    found = all_told(stream(*updates))
    assert [each.kind.removeprefix("maintenance.") for each in found[1:]] == expected
    assert {each.body for each in found[1:]} == {"News."}


def test_an_update_says_itself_whether_to_tell_it() -> None:
    assert not all_told(stream(says("in_progress", notify=False)))[-1].notify
    assert all_told(stream(says("in_progress"), plan=replace(PLAN, notify=False)))[-1].notify


def test_an_update_after_a_timer_tells_beside_it() -> None:
    started: list[Command] = [
        StartMaintenance(START),
        says("in_progress", update_id=OTHER_UPDATE_ID, at=START + HOUR / 2),
    ]
    assert kinds(stream(*started)) == ["scheduled", "started", "updated"]


def test_a_cancellation_is_told() -> None:
    assert kinds([SCHEDULED, MaintenanceCancelled(MAINTENANCE_ID, PAGE_ID, True, NOON)])[-1] == "cancelled"


def test_its_matter_is_its_components() -> None:
    assert all_told(stream())[0].matter == Matter(None, frozenset({COMPONENT_ID}))
