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


async def test_nobody_is_notified_of_anything(home: Home) -> None:
    await home.takes_in()
    flags = [
        event.data.get("notify", event.data.get("plan", {}).get("notify", False))
        for event in await home.log()
    ]
    assert not any(flags)


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


async def test_a_full_list_of_incidents_does_not_speak_of_earlier_times(home: Home) -> None:
    full = [
        incident(f"n{i}", update(f"u{i}", "resolved", T2), update(f"v{i}", "identified", T1))
        for i in range(50)
    ]
    outcome = await home.takes_in(files(incidents=full))
    added = [event.data["at"][:10] for event in await home.log() if event.type == "ComponentAdded"]
    assert added == ["2026-04-01"] * 3
    assert {each.place.rpartition("/")[2] for each in outcome.remarks} == {"start_date"}


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
