"""Their incidents as ours: words, times, statuses, and what they did to components."""

import pytest

from tests.service.atlassian.conftest import Home
from tests.service.atlassian.files import COMPONENTS, SITE, files, incident, update

T1, T2, T3 = (f"2026-04-0{day}T00:00:00.000Z" for day in (1, 2, 3))


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


async def test_affected_components_without_statuses_are_remarked(home: Home) -> None:
    vague = incident(
        "vague", update("u", "resolved", T2), update("v", "investigating", T1), components=[COMPONENTS[0]]
    )
    outcome = await home.takes_in(files(incidents=[vague]))
    assert [each.place for each in outcome.remarks] == ["incidents.json#/incidents/0/components"]
