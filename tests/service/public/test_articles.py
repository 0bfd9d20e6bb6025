"""What a visitor sees who follows a link to one incident or one maintenance."""

from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest

from service.domain.values import ComponentStatus
from service.readmodels.rendering import PageView
from tests.service.public.conftest import Shown, Site
from tests.service.public.fakes import changed, component, page
from tests.service.public.test_page import HOSTILE
from tests.service.public.told import incident, maintenance, telling

PASSWORD = "0f4f7a52-0d29-4b8e-9f32-b1fbbcf7d1c5"


async def show(site: Site, view: PageView, told: dict[str, Any], **headers: str) -> Shown:
    site.pages.put(view)
    kind, source = ("incident", site.incidents) if "impact" in told else ("maintenance", site.maintenances)
    source.documents[UUID(told["id"])] = told
    return await site.visitor.get(path_of(view, kind, told["id"]), **headers)


def path_of(view: PageView, kind: str, article_id: str) -> str:
    return f"/p/{view.statuspage['subdomain']}/{kind}/{article_id}"


async def test_an_incident_shows_its_words_its_times_and_its_components(site: Site) -> None:
    view = page(component("Search"), component("Website"), name="Example")
    told = incident(view, ComponentStatus.PARTIAL_OUTAGE, postmortem="It was *us*.")
    shown = await show(site, view, told)
    assert (shown.status, shown.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    text = shown.document.text
    for words in (
        "Status Resolved",
        "Impact Major",
        "Started 1 August 2026, 00:00 UTC",
        "Resolved 1 August 2026, 02:00 UTC",
        "Components Search",
        "It works again.",
        "It was us.",
    ):
        assert words in text
    assert text.index("It works again.") < text.index("We look.")
    assert "Website" not in text
    assert shown.document.title == "Searches fail: Resolved - Example"


async def test_a_maintenance_shows_its_plan_and_what_became_of_it(site: Site) -> None:
    view = page(component("Search"), time_zone="Europe/Berlin")
    text = (await show(site, view, maintenance(view))).document.text
    for words in (
        "Status Completed",
        "Planned from 1 August 2026, 02:00 CEST",
        "Planned until 1 August 2026, 04:00 CEST",
        "Components Search",
        "Writes wait.",
        "All done.",
    ):
        assert words in text


async def test_it_leads_back_to_its_page_and_the_page_leads_to_it(site: Site) -> None:
    view = page(component("Search"), name="Example")
    told = incident(view, status="investigating", resolved_at=None)
    view = site.pages.put(telling(view, told))
    front = await site.show(view.statuspage["subdomain"])
    assert f"{view.statuspage['url']}/incident/{told['id']}" in front.document.values("href")
    shown = await show(site, view, told)
    assert view.statuspage["url"] in shown.document.values("href")


async def test_it_is_a_document_with_headings_in_order_landmarks_and_a_language(site: Site) -> None:
    view = page(component("Search"), language="de", dark_theme=True)
    shown = await show(site, view, incident(view, postmortem="# Why\n\nSo."))
    levels = [level for level, _ in shown.document.headings]
    assert shown.document.headings[0] == (1, "Searches fail")
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels[:3]))
    assert shown.document.one("html").attributes == {"lang": "de", "class": "dark"}
    assert len(shown.document.all("main")) == len(shown.document.all("header")) == 1


async def test_it_answers_by_host_too(site: Site) -> None:
    view = page()
    told = incident(view)
    by_path = await show(site, view, told)
    host = f"{view.statuspage['subdomain']}.status.test"
    by_host = await site.visitor.get(f"/incident/{told['id']}", Host=host)
    assert (by_host.status, by_host.html) == (200, by_path.html)


@pytest.mark.parametrize("text", HOSTILE)
async def test_an_owners_text_stays_text(site: Site, text: str) -> None:
    plain, hostile = await _named(site, "harmless"), await _named(site, text)
    assert [each.tag for each in hostile.document.elements] == [each.tag for each in plain.document.elements]
    assert " ".join(text.split()) in hostile.document.text


async def _named(site: Site, text: str) -> Shown:
    view = page(component(text), name=text)
    return await show(site, view, incident(view, ComponentStatus.MAJOR_OUTAGE, name=text))


@pytest.mark.parametrize("kind", ["incident", "maintenance"])
async def test_what_is_not_of_this_page_or_not_there_is_not_found(site: Site, kind: str) -> None:
    view, other = site.pages.put(page()), site.pages.put(page())
    told = incident(other) if kind == "incident" else maintenance(other)
    assert (await show(site, other, told)).status == 200
    for article_id in (told["id"], str(uuid4()), "x", "%00"):
        shown = await site.visitor.get(path_of(view, kind, article_id))
        assert shown.status == 404
        assert told["name"] not in shown.html


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_of_a_private_page_a_stranger_learns_nothing(site: Site, method: str) -> None:
    view = page(type="private", password_id=PASSWORD)
    told = incident(view, name="Canary")
    await show(site, view, told)
    answers = [
        await site.visitor.get(path_of(view, "incident", article_id), method=method)
        for article_id in (told["id"], str(uuid4()), "x")
    ]
    assert {(each.status, each.html) for each in answers} == {(403, answers[0].html)}
    assert "Canary" not in answers[0].html
    assert all("ETag" not in each.headers for each in answers)


async def test_of_a_disabled_page_there_is_nothing(site: Site) -> None:
    view = page()
    told = incident(view)
    assert (await show(site, changed(view, enabled=False), told)).status == 404


async def test_who_has_it_already_is_told_so_until_it_changes(site: Site) -> None:
    view = page()
    told = incident(view)
    first = await show(site, view, told)
    assert first.headers["Cache-Control"].startswith("public, max-age=5")
    etag = first.headers["ETag"]
    assert (await show(site, view, told, If_None_Match=etag)).status == 304
    again = await show(site, changed(view, name="Renamed"), told, If_None_Match=etag)
    assert (again.status, again.headers["ETag"] == etag) == (200, False)


async def test_a_flood_costs_one_query_and_a_retraction_shows_at_once(site: Site) -> None:
    view = page()
    told = incident(view)
    for _ in range(5):
        await show(site, view, told)
    assert site.incidents.reads == 1
    del site.incidents.documents[UUID(told["id"])]
    site.pages.put(changed(view))
    assert (await site.visitor.get(path_of(view, "incident", told["id"]))).status == 404


async def test_while_the_database_is_away_it_is_shown_as_it_was_and_an_open_one_anyway(site: Site) -> None:
    view = page()
    seen, unseen = incident(view), incident(view)
    before = await show(site, view, seen)
    site.incidents.away = True
    site.clock.advance(minutes=1)
    assert (await show(site, view, seen)).html == before.html
    answer = await show(site, view, unseen)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    current = incident(view, status="identified", resolved_at=None)
    assert (await show(site, telling(view, current), current)).status == 200
