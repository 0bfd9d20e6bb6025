"""Their scheduled maintenances as ours."""

import pytest

from tests.service.atlassian.conftest import Home
from tests.service.atlassian.files import DISK, files, maintenance, update

T1, T2, T3 = (f"2026-04-0{day}T00:00:00.000Z" for day in (1, 2, 3))


async def test_a_past_maintenance_was_in_its_window(home: Home) -> None:
    await home.takes_in()
    told = await home.named("maintenances", "Work win1")
    assert (told["status"], told["body"]) == ("completed", "We replace disks.")
    assert (told["started_at"][:16], told["completed_at"][:16]) == ("2026-03-01T01:00", "2026-03-01T02:30")
    window = [
        (event.type, event.data["status"], event.data["at"][:16])
        for event in await home.log()
        if "Window" in event.type
    ]
    assert window == [
        ("ComponentWindowEntered", "under_maintenance", "2026-03-01T01:00"),
        ("ComponentWindowLeft", "operational", "2026-03-01T02:30"),
    ]


async def test_a_maintenance_to_come_will_start_by_itself(home: Home) -> None:
    await home.takes_in()
    told = await home.named("maintenances", "Work win2")
    assert (told["status"], told["auto_start"], told["auto_complete"]) == ("scheduled", True, True)
    assert told["starts_at"].startswith("2199-03-01T01:00")


@pytest.mark.parametrize(
    ("updates", "status", "said"),
    [
        (("scheduled", "completed"), "completed", ["completed"]),
        (
            ("scheduled", "in_progress", "verifying", "completed"),
            "completed",
            ["in_progress", "verifying", "completed"],
        ),
        (("scheduled", "scheduled", "verifying"), "verifying", ["scheduled", "verifying"]),
        (("completed",), "completed", ["completed"]),
        (
            ("scheduled", "in_progress", "completed", "in_progress"),
            "completed",
            ["in_progress", "completed", "completed"],
        ),
    ],
)
async def test_windows_go_their_ways(
    home: Home, updates: tuple[str, ...], status: str, said: list[str]
) -> None:
    told = [update(f"w{i}", each, f"2026-04-01T0{i + 1}:00:00Z") for i, each in enumerate(updates)]
    window = maintenance(
        "way", "2026-04-01T01:30:00Z", "2026-04-01T09:00:00Z", *reversed(told), components=[{"id": DISK}]
    )
    if updates == ("completed",):
        window["scheduled_for"] = "2026-04-01T00:30:00Z"
    await home.takes_in(files(maintenances=[window]))
    found = await home.named("maintenances", "Work way")
    assert (found["status"], [each["status"] for each in found["updates"]]) == (status, said)


async def test_a_window_that_ended_before_its_time_did_not_take_place(home: Home) -> None:
    window = maintenance("early", T2, T3, update("b", "completed", T1), update("a", "scheduled", T1))
    outcome = await home.takes_in(files(maintenances=[window]))
    assert (await home.named("maintenances", "Work early"))["status"] == "cancelled"
    assert outcome.remarks[0].text == "Told as cancelled rather than completed."


async def test_what_they_had_not_done_in_time_no_timer_does_now(home: Home) -> None:
    late = maintenance("late", T1, T2, update("a", "scheduled", T1))
    over = maintenance("over", T1, T2, update("d", "in_progress", T1), update("c", "scheduled", T1))
    await home.takes_in(files(maintenances=[late, over]))
    assert not (await home.named("maintenances", "Work late"))["auto_start"]
    assert not (await home.named("maintenances", "Work over"))["auto_complete"]
