"""What a visitor sees, and what a hostile owner cannot make a visitor's browser do."""

import base64
import hashlib
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from service.domain.uptime import Change
from service.domain.values import ComponentStatus
from service.readmodels.rendering import PageView
from tests.service.public.conftest import Shown, Site
from tests.service.public.fakes import changed, component, component_id, page, reported

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus='alert(1)",
    "{{ 7 * 7 }}{% raw %}${7*7}",
    "</style></title><svg onload=alert(1)>",
    "\u2028alert(1)\u2029<!-- ]]>",
    "&#106;avascript:alert(1)",
)
NO_ADDRESSES = ("javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "//evil.test", "vbscript:x")


async def show(site: Site, view: PageView, **headers: str) -> Shown:
    site.pages.put(view)
    return await site.show(view.statuspage["subdomain"], **headers)


async def test_the_page_shows_names_statuses_and_descriptions(site: Site) -> None:
    view = page(
        component("Website"),
        groups={"API": [component("Search", ComponentStatus.PARTIAL_OUTAGE, description="Finds things")]},
        name="Example",
        description="All of our services",
    )
    shown = await show(site, view)
    assert shown.status == 200
    assert shown.headers["Content-Type"] == "text/html; charset=utf-8"
    text = shown.document.text
    for words in ("All of our services", "Website Operational", "Search Partial outage Finds things", "API"):
        assert words in text
    assert view.statuspage["status"]["description"] in text


async def test_the_same_page_answers_by_path_and_by_host_whatever_the_port(site: Site) -> None:
    view = page()
    by_path = await show(site, view)
    subdomain = view.statuspage["subdomain"]
    for host in ("{}.status.test", "{}.Status.Test:8443", "{}.status.test."):
        by_host = await site.visitor.get("/", Host=host.format(subdomain))
        assert (by_host.status, by_host.html) == (200, by_path.html)


async def test_page_name_goes_before_name(site: Site) -> None:
    shown = await show(site, page(name="Internal", page_name="For visitors"))
    assert shown.document.headings[0] == (1, "For visitors")
    assert "Internal" not in shown.html


async def test_the_title_says_how_things_are(site: Site) -> None:
    shown = await show(site, page(component("A", ComponentStatus.MAJOR_OUTAGE), name="Example"))
    assert shown.document.title == "Example: Major System Outage"


async def test_headings_are_in_order_and_there_are_landmarks_and_a_language(site: Site) -> None:
    shown = await show(site, page(component("A"), groups={"G": [component("B")]}, language="de"))
    levels = [level for level, _ in shown.document.headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert shown.document.one("html").attributes["lang"] == "de"
    assert len(shown.document.all("main")) == len(shown.document.all("header")) == 1
    assert len(shown.document.all("footer")) == 1


async def test_every_status_has_an_icon_of_its_own_beside_its_words(site: Site) -> None:
    shown = await show(site, page(*(component(status, status) for status in ComponentStatus)))
    icons = {element.attributes["href"] for element in shown.document.all("use")}
    assert icons == {f"#icon-{status}" for status in ComponentStatus}
    assert icons <= {f"#{each.attributes['id']}" for each in shown.document.all("symbol")}


@pytest.mark.parametrize("status", ["degraded_performance", "under_maintenance", "major_outage"])
async def test_a_component_shown_only_if_degraded_hides_while_operational(site: Site, status: str) -> None:
    quiet = page(component("Seen"), groups={"Rarely": [component("Hidden", only_show_if_degraded=True)]})
    shown = await show(site, quiet)
    assert "Hidden" not in shown.html
    assert "Rarely" not in shown.html
    troubled = await show(site, reported(quiet, "Hidden", status))
    assert "Hidden" in troubled.document.text
    assert "Rarely" in troubled.document.text


async def test_links_are_web_addresses_without_a_way_back(site: Site) -> None:
    urls: dict[str, Any] = {
        "website_url": "https://a.test/",
        "privacy_url": "http://b.test/p?x=1&y=2",
        "support_url": None,
    }
    shown = await show(site, page(**urls))
    anchors = shown.document.all("a")
    assert {each.attributes["href"] for each in anchors} == {"https://a.test/", "http://b.test/p?x=1&y=2"}
    assert all("noopener" in each.attributes["rel"] for each in anchors)


@pytest.mark.parametrize("url", NO_ADDRESSES)
async def test_what_is_no_web_address_becomes_no_link_and_no_image(site: Site, url: str) -> None:
    fields = ("website_url", "privacy_url", "support_url")
    settings: dict[str, Any] = dict.fromkeys(fields, url)
    shown = await show(site, page(**settings))
    assert shown.document.all("a") == []
    assert url not in shown.html


async def test_a_logo_is_an_https_address_or_a_key_below_the_media_address(site: Site) -> None:
    by_url = await show(site, page(logo="https://cdn.test/logo.png"))
    assert by_url.document.one("img").attributes["src"] == "https://cdn.test/logo.png"
    by_key = await show(site, page(logo="org/1/images/logo.png", favicon="org/1/images/f.ico"))
    assert by_key.document.one("img").attributes["src"] == "https://media.test/org/1/images/logo.png"
    assert (
        by_key.document.one("link", rel="icon").attributes["href"] == "https://media.test/org/1/images/f.ico"
    )


@pytest.mark.parametrize("text", HOSTILE)
async def test_an_owners_text_stays_text(site: Site, text: str) -> None:
    plain = await show(site, _page_with("harmless"))
    hostile = await show(site, _page_with(text))
    assert [each.tag for each in hostile.document.elements] == [each.tag for each in plain.document.elements]
    assert {name for each in hostile.document.elements for name in each.attributes} == {
        name for each in plain.document.elements for name in each.attributes
    }
    assert " ".join(text.split()) in hostile.document.text
    assert text.split(maxsplit=1)[0] in hostile.document.title


def _page_with(text: str) -> PageView:
    entry = component(text, description=text)
    return page(entry, groups={text: [component(text)]}, name=text, page_name=text, description=text)


async def test_the_page_runs_no_script_and_fetches_no_style(site: Site) -> None:
    shown = await show(site, page(component("A"), name="<script>"))
    assert shown.document.all("script") == []
    assert not any(name.startswith("on") for each in shown.document.elements for name in each.attributes)
    assert shown.document.all("link") == []
    assert "style" not in {name for each in shown.document.elements for name in each.attributes}


async def test_the_policy_allows_our_style_alone(site: Site) -> None:
    shown = await show(site, page())
    [style] = shown.document.styles
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = dict(part.strip().split(" ", 1) for part in shown.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["style-src"] == f"'sha256-{digest}'"
    assert "script-src" not in policy
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Referrer-Policy"] == "no-referrer"


SETTINGS: list[tuple[dict[str, Any], str, bool]] = [
    ({"remove_branding": False}, "Powered by", True),
    ({"remove_branding": True}, "Powered by", False),
    ({"subscription_enabled": True}, "Get updates", True),
    ({"subscription_enabled": False}, "Get updates", False),
    ({"dark_theme": True}, '<html lang="en" class="dark">', True),
    ({"dark_theme": False}, '<html lang="en">', True),
    ({"robots_meta_contents": ["noindex", "nofollow"]}, 'name="robots" content="noindex, nofollow"', True),
    ({"robots_meta_contents": []}, 'name="robots"', False),
]


@pytest.mark.parametrize(("settings", "markup", "present"), SETTINGS)
async def test_a_setting_shows(site: Site, settings: dict[str, Any], markup: str, present: bool) -> None:
    shown = await show(site, page(**settings))
    assert (markup in shown.html) is present


async def test_the_last_update_is_for_machines_and_for_people_of_the_pages_time_zone(site: Site) -> None:
    shown = await show(site, page(time_zone="Asia/Tokyo"))
    assert shown.document.one("time").attributes["datetime"] == "2026-08-01T00:00:00.000Z"
    assert "1 August 2026, 09:00 JST" in shown.document.text


async def test_uptime_is_in_words_and_bars_and_a_day_of_trouble_has_its_own(site: Site) -> None:
    view = page(component("API"))
    start = site.clock() - timedelta(days=10)
    site.history.changes[component_id(view, "API")] = [
        Change(start, ComponentStatus.OPERATIONAL),
        Change(start + timedelta(days=5), ComponentStatus.MAJOR_OUTAGE),
        Change(start + timedelta(days=5, hours=2.4), ComponentStatus.OPERATIONAL),
    ]
    shown = await show(site, view)
    assert "99.00 % uptime" in shown.document.text
    label = shown.document.one("svg", role="img").attributes["aria-label"]
    assert label == "Last 90 days: 99.00 % uptime; 19 November 2026: major outage, 90.00 % uptime"


async def test_what_is_unknown_is_not_green(site: Site) -> None:
    shown = await show(site, page(component("API")))
    assert "Uptime unknown" in shown.document.text
    strokes = [each.attributes.get("class") for each in shown.document.all("path")]
    assert "operational" not in strokes
    assert "unknown" in strokes


@pytest.mark.parametrize("subdomain", ["nobody", "No-Body", "a%2Fb", "%00", "a" * 64, "<script>", "x.css"])
async def test_an_unknown_page_is_404_in_html_and_repeats_nothing(site: Site, subdomain: str) -> None:
    shown = await site.show(subdomain)
    assert shown.status == 404
    assert "There is no status page here" in shown.document.text
    assert subdomain not in shown.html


@pytest.mark.parametrize(
    "host", ["status.test", "nobody.status.test", "a.b.status.test", "evil.test", "127.0.0.1", "xstatus.test"]
)
async def test_a_host_without_a_page_is_404_in_html(site: Site, host: str) -> None:
    shown = await site.visitor.get("/", Host=host)
    assert shown.status == 404
    assert "There is no status page here" in shown.document.text


async def test_a_disabled_page_is_404_and_returns_when_enabled(site: Site) -> None:
    view = page(name="Canary")
    assert (await show(site, view)).status == 200
    disabled = await show(site, changed(view, enabled=False))
    assert disabled.status == 404
    assert "Canary" not in disabled.html
    assert (await show(site, changed(view, enabled=True))).status == 200


async def test_a_deleted_page_is_404(site: Site) -> None:
    view = page()
    assert (await show(site, view)).status == 200
    site.pages.views.clear()
    assert (await site.show(view.statuspage["subdomain"])).status == 404


async def test_a_renamed_page_answers_under_its_new_name_and_its_old_one_can_be_anothers(site: Site) -> None:
    view = page(name="First")
    await show(site, view)
    old = view.statuspage["subdomain"]
    renamed = await show(site, changed(view, subdomain="new-name"))
    assert "First" in renamed.html
    assert (await site.show(old)).status == 404
    second = await show(site, page(name="Second", subdomain=old))
    assert "Second" in second.html
