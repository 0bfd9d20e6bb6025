"""A page of Atlassian Statuspage moves in: what is told of it, and what of it does not fit."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from service.domain.errors import Invalid, NameTaken, NotFound
from tests.service.atlassian.conftest import NOW, Home
from tests.service.atlassian.files import (
    API,
    COMPONENTS,
    DISK,
    DONE,
    OPEN,
    RESOLVED,
    SITE,
    component,
    files,
    incident,
    maintenance,
    update,
)

T1, T2, T3 = (f"2026-04-0{day}T00:00:00.000Z" for day in (1, 2, 3))


async def test_components_stand_where_they_stood(home: Home) -> None:
    await home.takes_in()
    [page] = (await home.documents("pages")).values()
    assert page is not None
    names = {key: each["name"] for key, each in page["components"].items()}
    assert [names[key] for key in page["layout"]["component_ids"]] == ["API", "Website"]
    [group] = page["layout"]["groups"]
    assert (group["name"], [names[key] for key in group["component_ids"]]) == ("Storage", ["Disks"])
    assert {each["name"]: each["status"] for each in page["components"].values()} == {
        "API": "degraded_performance",
        "Website": "operational",
        "Disks": "operational",
    }
    assert page["page"]["time_zone"] == "America/New_York"


async def test_an_incident_is_told_update_by_update_at_its_times(home: Home) -> None:
    await home.takes_in()
    told = await home.named("incidents", "Trouble inc1")
    assert (told["status"], told["impact_override"], told["impact"]) == ("postmortem", "critical", "critical")
    assert [(each["status"], each["display_at"][:16]) for each in told["updates"]] == [
        ("investigating", "2026-02-01T10:00"),
        ("monitoring", "2026-02-01T11:00"),
        ("resolved", "2026-02-01T12:00"),
    ]
    assert told["postmortem"] == "## Cause\n\nA **disk**."
    assert told["updates"][0]["body"] == "We \\*look\\*."
    assert (told["started_at"][:16], told["resolved_at"][:16]) == ("2026-02-01T10:00", "2026-02-01T12:00")
    assert told["metadata"]["atlassian_id"] == "inc1"


async def test_history_is_what_the_updates_said(home: Home) -> None:
    await home.takes_in()
    assert await said_of(home, "API") == [("degraded_performance", "2026-05-10T10:00")]
    assert await said_of(home, "Website") == [
        ("major_outage", "2026-02-01T10:00"),
        ("degraded_performance", "2026-02-01T11:00"),
        ("operational", "2026-02-01T12:00"),
    ]


async def said_of(home: Home, name: str) -> list[tuple[str, str]]:
    """What incidents said of the component, in the order of the log."""
    [page] = (await home.documents("pages")).values()
    assert page is not None
    [component_id] = [key for key, each in page["components"].items() if each["name"] == name]
    return [
        (event.data["status"], event.data["at"][:16])
        for event in await home.store.read_stream(f"component-{component_id}")
        if event.type in ("ComponentHeld", "ComponentReleased")
    ]


async def test_nobody_is_notified_of_anything(home: Home) -> None:
    await home.takes_in()
    flags = [
        event.data.get("notify", event.data.get("plan", {}).get("notify", False))
        for event in await home.log()
    ]
    assert not any(flags)


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


async def test_everything_comes_in_one_append(home: Home) -> None:
    before = len(await home.log())
    await home.takes_in()
    arrived = (await home.log())[before:]
    page_ids = {event.subject_id for event in arrived}
    assert len(page_ids) == 1
    assert {event.actor for event in arrived} == {"operator"}


async def test_a_second_time_nothing_is_imported_twice(home: Home) -> None:
    first = await home.takes_in()
    assert (first.page_is_new, dict(first.new)) == (
        True,
        {"components": 3, "groups": 1, "incidents": 2, "maintenances": 2},
    )
    before = await home.log()
    second = await home.takes_in(now=NOW + timedelta(days=1))
    assert await home.log() == before
    assert (second.page_is_new, second.page_id, second.remarks) == (False, first.page_id, [])
    assert not any(second.new.values())
    assert dict(second.known) == dict(first.new)


async def test_later_files_add_what_is_new_and_leave_the_rest(home: Home) -> None:
    await home.takes_in()
    later = incident(
        "inc3",
        update("u9", "resolved", T2, **{SITE: "operational"}),
        update("u8", "identified", T1, **{SITE: "partial_outage"}),
    )
    changed = [component(SITE, "Renamed", status="major_outage"), *COMPONENTS[1:]]
    outcome = await home.takes_in(files(components=changed, incidents=[later, OPEN, RESOLVED]))
    assert (outcome.new["incidents"], outcome.known["incidents"]) == (1, 2)
    [page] = (await home.documents("pages")).values()
    assert page is not None
    assert {each["name"]: each["status"] for each in page["components"].values()}["Website"] == "operational"


async def test_a_component_that_the_owner_removed_is_left_out_with_a_remark(home: Home) -> None:
    few = [each for each in COMPONENTS if each["id"] != SITE]
    await home.takes_in(files(components=few, incidents=[], maintenances=[]))
    outcome = await home.takes_in()
    assert outcome.new["incidents"] == 2
    assert any(SITE in remark.text for remark in outcome.remarks)


async def test_another_organisation_gets_a_page_of_its_own_and_not_the_name(home: Home) -> None:
    await home.takes_in()
    stranger = Home(home.store)
    with pytest.raises(NotFound, match="organisation"):
        await stranger.takes_in()
    await stranger.is_founded()
    with pytest.raises(NameTaken):
        await stranger.takes_in()
    assert (await stranger.takes_in(subdomain="other")).page_is_new


@pytest.mark.parametrize(
    ("theirs", "statuses", "remark"),
    [
        (("investigating", "resolved"), ["investigating", "resolved"], None),
        (("resolved",), ["resolved"], None),
        (
            ("resolved", "investigating", "resolved"),
            ["monitoring", "investigating", "resolved"],
            "monitoring",
        ),
        (("investigating", "postmortem"), ["investigating", "resolved"], "resolved"),
        (("investigating", "resolved", "resolved"), ["investigating", "resolved", "resolved"], None),
    ],
)
async def test_statuses_that_ours_cannot_have_are_told_otherwise_and_remarked(
    home: Home, theirs: tuple[str, ...], statuses: list[str], remark: str | None
) -> None:
    updates = [update(f"u{i}", status, f"2026-04-01T0{i}:00:00Z") for i, status in enumerate(theirs)]
    outcome = await home.takes_in(files(incidents=[incident("odd", *reversed(updates))]))
    told = await home.named("incidents", "Trouble odd")
    assert [each["status"] for each in told["updates"]] == statuses
    about = [each.text for each in outcome.remarks if each.place.endswith("/status")]
    assert ([remark in text for text in about] == [True]) if remark else (about == [])


async def test_an_incident_that_began_and_ended_at_once_is_a_millisecond(home: Home) -> None:
    outcome = await home.takes_in(files(incidents=[incident("short", update("u", "resolved", T1))]))
    told = await home.named("incidents", "Trouble short")
    assert told["resolved_at"] != told["started_at"]
    assert [each.place for each in outcome.remarks] == ["incidents.json#/incidents/0/started_at"]


async def test_one_that_is_over_without_a_word_is_closed(home: Home) -> None:
    silent = incident("silent", update("u", "identified", T1), status="resolved", resolved_at=T2)
    outcome = await home.takes_in(files(incidents=[silent]))
    told = await home.named("incidents", "Trouble silent")
    assert (told["status"], told["resolved_at"][:10]) == ("resolved", "2026-04-02")
    assert [each.place for each in outcome.remarks] == ["incidents.json#/incidents/0/status"]


async def test_updates_out_of_order_are_told_in_the_order_of_time(home: Home) -> None:
    mixed = incident(
        "mixed", update("b", "identified", T2), update("c", "resolved", T3), update("a", "investigating", T1)
    )
    await home.takes_in(files(incidents=[mixed]))
    told = await home.named("incidents", "Trouble mixed")
    assert [each["status"] for each in told["updates"]] == ["investigating", "identified", "resolved"]


async def test_overlapping_incidents_keep_each_others_words(home: Home) -> None:
    long = incident(
        "long",
        update("l2", "resolved", T3, **{SITE: "operational"}),
        update("l1", "investigating", T1, **{SITE: "partial_outage"}),
    )
    brief = incident(
        "brief",
        update("b2", "resolved", "2026-04-02T12:00:00Z"),
        update("b1", "identified", T2, **{SITE: "major_outage"}),
    )
    await home.takes_in(files(incidents=[long, brief]))
    assert await said_of(home, "Website") == [
        ("partial_outage", "2026-04-01T00:00"),
        ("major_outage", "2026-04-02T00:00"),
        ("partial_outage", "2026-04-02T12:00"),
        ("operational", "2026-04-03T00:00"),
    ]


async def test_names_and_descriptions_are_never_cut_in_silence(home: Home) -> None:
    long = {**OPEN, "name": "Name " * 30}
    wordy = component(SITE, "C" * 120, description="d" * 600)
    outcome = await home.takes_in(files(components=[wordy, *COMPONENTS[1:]], incidents=[long]))
    assert {each.place for each in outcome.remarks} == {
        "incidents.json#/incidents/0/name",
        "components.json#/components/0/name",
        "components.json#/components/0/description",
    }
    [told] = (await home.documents("incidents")).values()
    assert told is not None
    assert (len(told["name"]), told["metadata"]["atlassian_name"]) == (100, "Name " * 30)


async def test_affected_components_without_statuses_are_remarked(home: Home) -> None:
    vague = incident(
        "vague", update("u", "resolved", T2), update("v", "investigating", T1), components=[COMPONENTS[0]]
    )
    outcome = await home.takes_in(files(incidents=[vague]))
    assert [each.place for each in outcome.remarks] == ["incidents.json#/incidents/0/components"]


async def test_a_full_list_of_incidents_does_not_speak_of_earlier_times(home: Home) -> None:
    full = [
        incident(f"n{i}", update(f"u{i}", "resolved", T2), update(f"v{i}", "identified", T1))
        for i in range(50)
    ]
    outcome = await home.takes_in(files(incidents=full))
    added = [event.data["at"][:10] for event in await home.log() if event.type == "ComponentAdded"]
    assert added == ["2026-04-01"] * 3
    assert {each.place.rpartition("/")[2] for each in outcome.remarks} == {"start_date"}


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


async def test_every_place_that_does_not_fit_is_named_and_nothing_recorded(home: Home) -> None:
    before = await home.log()
    backwards = maintenance("back", T2, T1, update("a", "scheduled", T1))
    ahead = incident("ahead", update("u", "investigating", "2026-05-12T00:00:00Z"))
    with pytest.raises(Invalid) as refusal:
        await home.takes_in(files(incidents=[ahead], maintenances=[DONE, backwards]), subdomain="www")
    assert [fault.pointer for fault in refusal.value.faults] == [
        "--subdomain",
        "incidents.json#/incidents/0/incident_updates/0/display_at",
        "scheduled-maintenances.json#/scheduled_maintenances/1/scheduled_until",
    ]
    assert await home.log() == before


async def test_ids_are_the_same_whoever_reads_the_files(home: Home) -> None:
    outcome = await home.takes_in()
    again: dict[str, Any] = await home.named("incidents", "Trouble inc1")
    assert UUID(again["statuspage_id"]) == outcome.page_id
    assert API not in again["components"]
